"""Denials first: only the issuer, by a whole and fresh logout token that names a subject, ends anything."""

from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from joserfc.jwk import ECKey

from infra.clock import SystemClock
from infra.issuers import TrustedIssuer
from infra.web.logout import logout_router
from infra.web.problems import Refused
from infra.web.server import create_app
from infra.web.tokens import TokenVerifier
from tests.controls.loopback_issuer import LOGOUT_EVENT as EVENT
from tests.controls.loopback_issuer import LoopbackIssuer, loopback_issuer
from tests.fakes.memory_endings import MemoryEndings

SUBJECT = "0b7ee6c4-5f2c-4d0e-9d0f-3a3e1f6f6c11"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
SECOND = timedelta(seconds=1)


def now() -> datetime:
    return SystemClock().now().replace(microsecond=0)


def seconds(moment: datetime) -> int:
    return int(moment.timestamp())


@pytest.fixture(scope="module")
def issuer() -> Iterator[LoopbackIssuer]:
    with loopback_issuer() as made:
        yield made


@pytest.fixture
def endings() -> MemoryEndings:
    return MemoryEndings()


@pytest.fixture
def tokens(issuer: LoopbackIssuer, endings: MemoryEndings) -> TokenVerifier:
    return TokenVerifier.of_issuer(TrustedIssuer(url=issuer.url), endings)


@pytest.fixture
async def provider(tokens: TokenVerifier, endings: MemoryEndings) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app("test", ready={})
    app.include_router(logout_router(tokens, endings))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://audit.test") as client:
        yield client


async def told(provider: httpx.AsyncClient, token: str) -> tuple[int, str]:
    answer = await provider.post("/v1/logout", content=urlencode({"logout_token": token}), headers=FORM)
    assert answer.headers["cache-control"] == "no-store"
    return answer.status_code, str(answer.json().get("type", "")).removeprefix("/problems/")


@pytest.mark.parametrize(
    "change",
    [
        {"iss": "https://another.example"},
        {"iss": None},
        {"aud": "chungtay"},
        {"aud": []},
        {"aud": None},
        {"iat": None},
        {"iat": timedelta(minutes=5)},
        {"iat": timedelta(hours=-2)},
        {"exp": timedelta()},
        {"jti": None},
        {"jti": ""},
        {"sub": "a\x00b"},
        {"events": None},
        {"events": {}},
        {"events": {EVENT: True}},
        {"events": {"http://schemas.openid.net/event/another": {}}},
        {"events": [EVENT]},
        {"nonce": "n-0S6"},
    ],
)
async def test_what_is_not_a_logout_token_of_now_for_us_ends_nothing(
    issuer: LoopbackIssuer, provider: httpx.AsyncClient, endings: MemoryEndings, change: dict[str, Any]
) -> None:
    at = {name: seconds(now() + after) for name, after in change.items() if isinstance(after, timedelta)}
    assert await told(provider, issuer.logout_token(**(change | at))) == (400, "bad_logout_token")
    assert endings.until == {}


async def test_what_was_not_signed_by_the_issuer_ends_nothing(
    issuer: LoopbackIssuer, provider: httpx.AsyncClient, endings: MemoryEndings
) -> None:
    whole = issuer.logout_token()
    head, body, signature = whole.split(".")
    stranger = ECKey.generate_key("P-256", parameters={"kid": "first"})
    forged = [
        f"{head}.{body}.",
        f"{head}.{body}.{signature[::-1]}",
        f"eyJhbGciOiJub25lIn0.{body}.",
        issuer.token(stranger, {"typ": "logout+jwt"}, aud="chungtay-desk", jti="x", events={EVENT: {}}),
        issuer.logout_token({"kid": "unknown"}),
        issuer.logout_token({"typ": "at+jwt"}),
        issuer.token(),
        "a.b.c",
        "x" * 5000,
    ]
    assert {await told(provider, one) for one in forged} == {(400, "bad_logout_token")}
    assert endings.until == {}


async def test_a_session_alone_is_refused_with_a_plain_answer(
    issuer: LoopbackIssuer, provider: httpx.AsyncClient, endings: MemoryEndings
) -> None:
    assert await told(provider, issuer.logout_token(sub=None)) == (400, "logout_of_nobody")
    assert endings.until == {}


@pytest.mark.parametrize(
    ("content", "headers", "expected"),
    [
        (b"", FORM, 400),
        (b"logout_token=", FORM, 400),
        (b"logout_token=a&logout_token=b", FORM, 400),
        (b"logout_token=\xff", FORM, 400),
        (b"&".join(b"a=b" for _ in range(50)), FORM, 400),
        (b"{}", {"Content-Type": "application/json"}, 415),
        (b"logout_token=" + b"x" * 20_000, FORM, 413),
    ],
)
async def test_what_is_no_form_with_one_logout_token(
    provider: httpx.AsyncClient, content: bytes, headers: dict[str, str], expected: int
) -> None:
    assert (await provider.post("/v1/logout", content=content, headers=headers)).status_code == expected


@pytest.mark.parametrize("typ", ["logout+jwt", "application/logout+jwt", "JWT", "Logout+JWT"])
@pytest.mark.parametrize("aud", ["chungtay-desk", ["another", "chungtay-desk"]])
async def test_the_issuers_word_ends_what_was_issued_until_then(
    issuer: LoopbackIssuer, provider: httpx.AsyncClient, tokens: TokenVerifier, *, typ: str, aud: Any
) -> None:
    at = now() - 5 * SECOND
    before, same, after = [issuer.token(iat=seconds(at + delta * SECOND)) for delta in (-1, 0, 1)]
    assert (await tokens.verify(before)).person == SUBJECT
    assert await told(provider, issuer.logout_token({"typ": typ}, aud=aud, iat=seconds(at))) == (200, "")
    for ended in (before, same):
        with pytest.raises(Refused, match="bad_token"):
            await tokens.verify(ended)
    assert (await tokens.verify(after)).person == SUBJECT


async def test_a_token_without_an_expiry_is_of_now_all_the_same(
    issuer: LoopbackIssuer, provider: httpx.AsyncClient
) -> None:
    assert await told(provider, issuer.logout_token(exp=None)) == (200, "")


async def test_an_old_word_that_is_said_again_lowers_nothing(
    issuer: LoopbackIssuer, provider: httpx.AsyncClient, endings: MemoryEndings
) -> None:
    old = issuer.logout_token(iat=seconds(now() - timedelta(minutes=4)), jti="old")
    await told(provider, old)
    await told(provider, issuer.logout_token(jti="new"))
    latest = endings.until[SUBJECT]
    assert await told(provider, old) == (200, "")
    assert endings.until[SUBJECT] == latest


async def test_what_could_not_be_kept_gets_no_200(
    issuer: LoopbackIssuer, provider: httpx.AsyncClient, endings: MemoryEndings
) -> None:
    endings.away = True
    assert await told(provider, issuer.logout_token()) == (503, "logout_not_kept")


async def test_while_the_issuers_keys_are_not_known_it_is_asked_to_come_again(
    provider: httpx.AsyncClient, issuer: LoopbackIssuer
) -> None:
    issuer.silent = True
    try:
        assert await told(provider, issuer.logout_token()) == (503, "issuer_away")
    finally:
        issuer.silent = False
