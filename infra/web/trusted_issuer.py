"""Whose tokens a process trusts, by its settings."""

from pathlib import Path

from infra.issuers import TrustedIssuer, is_loopback
from infra.settings import ServiceSettings
from infra.web.throttle import Rates, Throttle
from infra.web.tokens import Endings, TokenVerifier


def verifier_of(settings: ServiceSettings, endings: Endings) -> TokenVerifier:
    """Return the verifier of the issuer that the settings name; `endings` tells which tokens were ended.

    Raises:
        ValueError: if they name none or two, or the built-in issuer where other machines could ask.
    """
    throttle = Throttle(Rates.of(settings))
    match settings.issuer, settings.issuer_keys:
        case TrustedIssuer() as issuer, None:
            return TokenVerifier.of_issuer(issuer, endings, throttle)
        case None, Path() as keys if is_loopback(settings.host):
            return TokenVerifier.of_built_in(keys, endings, throttle=throttle)
        case None, Path():
            raise ValueError("settings.host is reached from elsewhere: the built-in issuer is for this machine alone")
        case _:
            raise ValueError("settings name one issuer, by issuer or by issuer_keys: else nobody could be verified")
