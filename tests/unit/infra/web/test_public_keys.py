"""An issuer outside the platform: its keys are found, kept, followed when they rotate, and never taken from a token."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from joserfc.jwk import ECKey, OctKey, RSAKey

from events.parties import Agency, Audience, Duty
from infra.issuers import ClaimNames, TrustedIssuer
from infra.web.problems import Refused
from infra.web.public_keys import IssuerKeys
from infra.web.requester import Requester
from infra.web.tokens import Terms, TokenVerifier
from tests.controls.loopback_issuer import UNIT, LoopbackIssuer, loopback_issuer
from tests.fakes.memory_endings import MemoryEndings


@dataclass
class Seconds:
    passed: float = 0.0

    def __call__(self) -> float:
        return self.passed


@pytest.fixture
def issuer() -> Iterator[LoopbackIssuer]:
    with loopback_issuer() as running:
        yield running


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def verifier(issuer: LoopbackIssuer, seconds: Seconds) -> TokenVerifier:
    return verifying(issuer, seconds)


def verifying(issuer: LoopbackIssuer, seconds: Seconds, **more: Any) -> TokenVerifier:
    trusted = TrustedIssuer(url=issuer.url, **more)
    return TokenVerifier(IssuerKeys(trusted, seconds), MemoryEndings(), Terms.of(trusted))


async def answer(verifier: TokenVerifier, token: str) -> str:
    try:
        return (await verifier.verify(token)).role
    except Refused as refused:
        return refused.problem.code


@pytest.mark.parametrize("kind", ["RSA", "EC", "OKP"])
async def test_a_token_of_the_issuer_says_who_asks(issuer: LoopbackIssuer, verifier: TokenVerifier, kind: str) -> None:
    key = issuer.draw("another", kind)
    sub = issuer.claims()["sub"]
    assert await verifier.verify(issuer.token(key)) == Requester(sub, Agency.POLICE, UNIT, "publisher")


async def test_the_keys_are_read_once_for_many_tokens(issuer: LoopbackIssuer, verifier: TokenVerifier) -> None:
    assert {await answer(verifier, issuer.token(sub=f"p{n}")) for n in range(20)} == {"publisher"}
    assert issuer.read == 1


async def test_a_new_key_is_followed_and_a_withdrawn_one_opens_nothing(
    issuer: LoopbackIssuer, verifier: TokenVerifier, seconds: Seconds
) -> None:
    old = issuer.token()
    assert await answer(verifier, old) == "publisher"
    issuer.keys.clear()
    new = issuer.token(issuer.draw("second"))
    seconds.passed = 11
    assert [await answer(verifier, token) for token in (new, old)] == ["publisher", "bad_token"]


async def test_a_withdrawn_key_opens_nothing_after_two_minutes_of_quiet(
    issuer: LoopbackIssuer, verifier: TokenVerifier, seconds: Seconds
) -> None:
    old = issuer.token()
    assert await answer(verifier, old) == "publisher"
    issuer.keys.clear()
    issuer.draw("second")
    seconds.passed = 120
    assert await answer(verifier, old) == "bad_token"


async def test_unknown_key_names_do_not_make_us_ask_and_ask(
    issuer: LoopbackIssuer, verifier: TokenVerifier, seconds: Seconds
) -> None:
    stranger = ECKey.generate_key("P-256", parameters={"kid": "nobody"})
    assert await answer(verifier, issuer.token()) == "publisher"
    seconds.passed = 11
    assert {await answer(verifier, issuer.token(stranger)) for _ in range(50)} == {"bad_token"}
    assert issuer.read == 2


async def test_an_issuer_that_is_away_stops_nobody_for_an_hour(
    issuer: LoopbackIssuer, verifier: TokenVerifier, seconds: Seconds
) -> None:
    token = issuer.token()
    unknown = issuer.token(ECKey.generate_key("P-256", parameters={"kid": "perhaps new"}))
    assert await answer(verifier, token) == "publisher"
    issuer.silent = True
    seconds.passed = 3_000
    assert await answer(verifier, token) == "publisher"
    assert await answer(verifier, unknown) == "issuer_away"
    await verifier.answers()
    seconds.passed = 3_700
    assert await answer(verifier, token) == "issuer_away"
    with pytest.raises(Refused) as away:
        await verifier.answers()
    assert (away.value.problem.status, away.value.problem.headers["Retry-After"]) == (503, "10")
    issuer.silent = False
    seconds.passed = 3_711
    assert await answer(verifier, token) == "publisher"


@pytest.mark.parametrize(
    "told",
    [
        {"issuer": "https://elsewhere.example"},
        {"jwks_uri": "http://192.0.2.1/keys"},
        {"jwks_uri": "file:///etc/passwd"},
        {"jwks_uri": 7},
        {"more": [{"kty": "EC"}] * 101},
    ],
)
async def test_an_issuer_that_says_something_else_is_not_believed(
    issuer: LoopbackIssuer, verifier: TokenVerifier, told: dict[str, Any]
) -> None:
    issuer.told = told
    assert await answer(verifier, issuer.token()) == "issuer_away"


@pytest.mark.filterwarnings("ignore:Key size")  # the library warns, and we refuse
async def test_weak_and_shared_keys_verify_nothing(issuer: LoopbackIssuer, verifier: TokenVerifier) -> None:
    drawn = rsa.generate_private_key(65_537, 1_024)  # noqa: S505 - what is refused
    weak = RSAKey.import_key(drawn, {"kid": "weak", "alg": "RS256"})
    shared = OctKey.generate_key(256, parameters={"kid": "shared"})
    issuer.told = {"more": [weak.as_dict(private=False), shared.as_dict(private=True)]}
    assert await answer(verifier, issuer.token()) == "publisher"
    assert await answer(verifier, issuer.token(weak)) == "bad_token"
    assert await answer(verifier, issuer.token(shared, {"alg": "HS256"})) == "bad_token"


async def test_claims_have_the_names_that_the_settings_give_them(issuer: LoopbackIssuer, seconds: Seconds) -> None:
    names = ClaimNames(
        unit="https://example.vn/unit",
        role="resource_access.chungtay.roles",
        duties="resource_access.chungtay.roles",
        words={"ct-reader": "reader", "ct-chair": Duty.CHAIR},
    )
    verifier = verifying(issuer, seconds, claims=names)
    said: dict[str, Any] = {"https://example.vn/unit": "committee_00340"}
    token = issuer.token(
        unit=None,
        role=None,
        resource_access={"chungtay": {"roles": ["ct-reader", "ct-chair", "offline_access"]}},
        **said,
    )
    sub = issuer.claims()["sub"]
    duties = frozenset({Duty.CHAIR})
    assert await verifier.verify(token) == Requester(
        sub, Agency.SOCIAL_WORK, "committee_00340", "reader", Audience.COMMITTEE, duties
    )


@pytest.mark.parametrize(
    "change",
    [
        {"role": ["reader", "publisher"]},
        {"role": []},
        {"role": {"reader": True}},
        {"role": "READER"},
        {"unit": ["commune_police_00340", "hospital_h1"]},
        {"agency": "health"},
        {"agency": ""},
        {"audience": "health"},
        {"duties": ["chair", "king"]},
        {"duties": "chair king"},
        {"duties": [1]},
    ],
)
async def test_claims_that_are_not_plain_open_nothing(
    issuer: LoopbackIssuer, verifier: TokenVerifier, change: dict[str, Any]
) -> None:
    assert await answer(verifier, issuer.token(**change)) == "bad_token"


@pytest.mark.parametrize(
    "url",
    ["http://login.example", "ftp://127.0.0.1", "https://", "https://a@b.example", "https://b.example?x=1", "chungtay"],
)
def test_an_issuer_is_reached_over_tls_or_on_this_machine(url: str) -> None:
    with pytest.raises(ValueError, match="issuer"):
        TrustedIssuer(url=url)
