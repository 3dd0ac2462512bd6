"""Which issuer a service trusts: one, and the built-in one only where no other machine could ask."""

from pathlib import Path
from typing import Any

import pytest

from infra.issuers import TrustedIssuer
from infra.settings import ServiceSettings
from infra.web.issuer import make_issuer_keys
from infra.web.tokens import TokenVerifier
from infra.web.trusted_issuer import verifier_of
from tests.controls.loopback_issuer import UNIT, loopback_issuer
from tests.fakes.memory_endings import MemoryEndings

ELSEWHERE = TrustedIssuer(url="https://login.example/realms/chungtay")


def verifying(given: ServiceSettings) -> TokenVerifier:
    return verifier_of(given, MemoryEndings())


def settings(directory: Path, **more: Any) -> ServiceSettings:
    return ServiceSettings(service="audit", data_dir=directory, broker="127.0.0.1:9", **more)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.5", "::1", "localhost"])
async def test_the_built_in_issuer_serves_this_machine(tmp_path: Path, host: str) -> None:
    await verifying(settings(tmp_path, host=host, issuer_keys=make_issuer_keys(tmp_path))).answers()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "door.example", ""])  # noqa: S104 - what is refused
def test_the_built_in_issuer_serves_no_other_machine(tmp_path: Path, host: str) -> None:
    with pytest.raises(ValueError, match="this machine alone"):
        verifying(settings(tmp_path, host=host, issuer_keys=make_issuer_keys(tmp_path)))


def test_an_issuer_outside_puts_the_built_in_one_out(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="one issuer"):
        verifying(settings(tmp_path, issuer=ELSEWHERE, issuer_keys=make_issuer_keys(tmp_path)))


def test_without_an_issuer_nobody_is_served(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="one issuer"):
        verifying(settings(tmp_path))


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])  # noqa: S104 - what a real service binds
async def test_an_issuer_outside_serves_any_address(tmp_path: Path, host: str) -> None:
    with loopback_issuer() as issuer:
        verifier = verifying(settings(tmp_path, host=host, issuer=TrustedIssuer(url=issuer.url)))
        assert (await verifier.bearer(f"Bearer {issuer.token()}")).unit == UNIT
