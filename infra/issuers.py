"""The issuer of tokens that a platform trusts: who it is, how it signs, and which of its claims says what."""

from ipaddress import ip_address
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PositiveFloat, PositiveInt

from events.parties import Duty

Algorithm = Literal["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519"]
Role = Literal["publisher", "reader"]
TokenType = Literal["at+jwt", "application/at+jwt", "JWT"]


def is_loopback(host: str) -> bool:
    """Tell whether only this machine reaches an address."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def guarded(url: str) -> str:
    """Return an address at which nobody between can answer instead.

    Raises:
        ValueError: if it is none.
    """
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname or "")):
        raise ValueError("the address of an issuer begins with https:// (http:// only on this machine)")
    return url


def _plain(url: str) -> str:
    parts = urlsplit(url)
    if parts.query or parts.fragment or parts.username or not parts.hostname:
        raise ValueError("the address of an issuer is a host, perhaps a path, and nothing else")
    return url


IssuerUrl = Annotated[str, AfterValidator(guarded), AfterValidator(_plain)]


class ClaimNames(BaseModel):
    """Which claim says what. A dot leads into a claim: `resource_access.chungtay.roles`.

    `agency` and `audience` follow from the unit, so an issuer need not say them; where it does, they must agree.
    Shape: `words` gives our word for an issuer's word of a role or duty; where it gives any, words it does not hold
    are passed over (an issuer may put other roles beside ours, and roles and duties into one claim); where it gives
    none, a token with a word that is not ours is refused.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    unit: str = "unit"
    role: str = "role"
    duties: str = "duties"
    agency: str = "agency"
    audience: str = "audience"
    words: dict[str, Duty | Role] = {}


class TrustedIssuer(BaseModel):
    """An OpenID provider outside the platform; `url` is its `iss`, letter for letter.

    Shape: `audience` must stand in `aud` of an access token, one of `logout_audiences` (the client ids of the programs
    in which people read) in that of a logout token. Its public keys are read anew after `keys_fresh_s`, and while it
    does not answer go on holding until `keys_stale_s`; a key nobody knows makes them be read, at most once in
    `read_pause_s`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: IssuerUrl
    audience: Annotated[str, Field(min_length=1)] = "chungtay"
    algorithms: Annotated[tuple[Algorithm, ...], Field(min_length=1)] = ("RS256", "PS256", "ES256", "Ed25519")
    token_types: Annotated[tuple[TokenType, ...], Field(min_length=1)] = ("at+jwt", "application/at+jwt")
    longest_token_s: PositiveInt = 3_600
    claims: ClaimNames = ClaimNames()
    logout_audiences: tuple[str, ...] = ("chungtay-desk",)
    keys_fresh_s: PositiveFloat = 60.0
    keys_stale_s: PositiveFloat = 3_600.0
    read_pause_s: PositiveFloat = 10.0
    answers_within_s: PositiveFloat = 5.0
