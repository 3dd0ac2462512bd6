"""Denials first: what is not a whole, fresh token of our issuer for us opens nothing."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, OKPKey

from events.parties import Agency, Audience, Duty
from infra.web.issuer import LONGEST, PRIVATE_FILE, NoIssuerError, issue_token, make_issuer_keys
from infra.web.problems import Refused
from infra.web.requester import Requester
from infra.web.tokens import TokenVerifier
from tests.fakes.memory_endings import MemoryEndings

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@dataclass
class StoppedClock:
    moment: datetime = NOW
    simulated: bool = False

    def now(self) -> datetime:
        return self.moment


@dataclass(frozen=True)
class ASpeaker:
    agency: Agency = Agency.POLICE
    unit: str = "commune_police_00340"
    audience: Audience | None = None
    duties: Collection[Duty] = ()


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    return make_issuer_keys(tmp_path)


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def endings() -> MemoryEndings:
    return MemoryEndings()


@pytest.fixture
def verifier(keys: Path, endings: MemoryEndings, clock: StoppedClock) -> TokenVerifier:
    return TokenVerifier.of_built_in(keys, endings, clock)


def claims(**changes: Any) -> dict[str, Any]:
    whole = {
        "iss": "chungtay-built-in",
        "aud": "chungtay",
        "sub": "development",
        "agency": "police",
        "unit": "commune_police_00340",
        "role": "publisher",
        "duties": [],
        "iat": int(NOW.timestamp()),
        "exp": int((NOW + timedelta(hours=1)).timestamp()),
    }
    return {name: value for name, value in (whole | changes).items() if value != "left out"}


def signed(tmp_path: Path, key: OKPKey | None = None, **changes: Any) -> str:
    ours = OKPKey.import_key(json.loads((tmp_path / PRIVATE_FILE).read_bytes()))
    return jwt.encode(
        {"alg": "Ed25519", "kid": ours.kid, "typ": "at+jwt"}, claims(**changes), key or ours, algorithms=["Ed25519"]
    )


async def refused_as(verifier: TokenVerifier, authorization: str | None) -> str:
    with pytest.raises(Refused) as refused:
        await verifier.bearer(authorization)
    assert refused.value.problem.status == 401
    return refused.value.problem.code


@pytest.mark.parametrize("authorization", [None, "", "Bearer", "Bearer ", "Basic dXNlcg=="])
async def test_without_a_token(verifier: TokenVerifier, authorization: str | None) -> None:
    assert await refused_as(verifier, authorization) == "no_token"


@pytest.mark.parametrize(
    "change",
    [
        {"aud": "another"},
        {"aud": []},
        {"iss": "another"},
        {"exp": int(NOW.timestamp())},
        {"exp": int((NOW + LONGEST + timedelta(seconds=1)).timestamp())},
        {"iat": int((NOW + timedelta(minutes=5)).timestamp())},
        {"nbf": int((NOW + timedelta(minutes=5)).timestamp())},
        {"exp": 10**18},
        {"iat": -1},
        {"sub": "a\x00b"},
        {"sub": ""},
        {"exp": "left out"},
        {"iat": "left out"},
        {"aud": "left out"},
        {"sub": "left out"},
        {"agency": "justice"},
        {"agency": "health"},
        {"unit": "nowhere_00001"},
        {"role": "owner"},
        {"role": "reader", "audience": "case_manager"},
        {"audience": "police"},
        {"duties": ["king"]},
    ],
)
async def test_token_that_says_something_else(tmp_path: Path, verifier: TokenVerifier, change: dict[str, Any]) -> None:
    assert await refused_as(verifier, f"Bearer {signed(tmp_path, **change)}") == "bad_token"


async def test_forged_tokens(tmp_path: Path, verifier: TokenVerifier) -> None:
    other = OKPKey.generate_key("Ed25519")
    whole = signed(tmp_path)
    head, body, signature = whole.split(".")
    public = json.loads((tmp_path / "issuer.jwks.json").read_bytes())["keys"][0]
    mixed_up = OctKey.import_key(public["x"])
    by_public_key = jwt.encode(
        {"alg": "HS256", "kid": public["kid"], "typ": "at+jwt"}, claims(), mixed_up, algorithms=["HS256"]
    )
    forged = [
        signed(tmp_path, key=other),
        f"{head}.{body}.",
        f"{head}.{body[:-2]}AA.{signature}",
        "eyJhbGciOiJub25lIn0." + body + ".",
        by_public_key,
        "x" * 5000,
        "a.b.c",
        "é.é.é",
    ]
    assert {await refused_as(verifier, f"Bearer {token}") for token in forged} == {"bad_token"}


async def test_whole_token_says_who_asks(tmp_path: Path, verifier: TokenVerifier) -> None:
    assert await verifier.bearer(f"Bearer {signed(tmp_path)}") == Requester(
        "development", Agency.POLICE, "commune_police_00340", "publisher"
    )


async def test_verified_token_expires_all_the_same(
    tmp_path: Path, verifier: TokenVerifier, clock: StoppedClock
) -> None:
    token = f"Bearer {signed(tmp_path)}"
    await verifier.bearer(token)
    clock.moment += timedelta(hours=1)
    assert await refused_as(verifier, token) == "bad_token"


@pytest.mark.parametrize("used_before", [True, False])
async def test_an_ended_token_opens_nothing_though_it_was_verified_before(
    tmp_path: Path, verifier: TokenVerifier, endings: MemoryEndings, *, used_before: bool
) -> None:
    token = f"Bearer {signed(tmp_path)}"
    if used_before:
        await verifier.bearer(token)
    endings.until["development"] = NOW
    assert await refused_as(verifier, token) == "bad_token"


async def test_what_was_issued_after_the_ending_or_to_somebody_else_holds(
    tmp_path: Path, verifier: TokenVerifier, endings: MemoryEndings
) -> None:
    endings.until |= {"development": NOW - timedelta(seconds=1), "somebody-else": NOW + timedelta(hours=1)}
    assert (await verifier.bearer(f"Bearer {signed(tmp_path)}")).person == "development"


async def test_every_request_has_it_asked_anew(tmp_path: Path, verifier: TokenVerifier, endings: MemoryEndings) -> None:
    token = f"Bearer {signed(tmp_path)}"
    for _ in range(3):
        await verifier.bearer(token)
    assert endings.asked == 3


async def test_where_nobody_can_say_nothing_is_opened(
    tmp_path: Path, verifier: TokenVerifier, endings: MemoryEndings
) -> None:
    token = f"Bearer {signed(tmp_path)}"
    await verifier.bearer(token)
    endings.away = True
    with pytest.raises(Refused) as refused:
        await verifier.bearer(token)
    assert (refused.value.problem.code, refused.value.problem.status) == ("token_unchecked", 503)
    assert refused.value.problem.headers["Retry-After"] == "2"


async def test_a_token_that_does_not_hold_asks_nothing(
    tmp_path: Path, verifier: TokenVerifier, endings: MemoryEndings
) -> None:
    assert await refused_as(verifier, f"Bearer {signed(tmp_path, aud='another')}") == "bad_token"
    assert endings.asked == 0


async def test_issued_reader_reads_as_the_audience_of_its_unit(
    tmp_path: Path, verifier: TokenVerifier, clock: StoppedClock
) -> None:
    speaker = ASpeaker(Agency.SOCIAL_WORK, "committee_00340", Audience.COMMITTEE, [Duty.CHAIR])
    token = issue_token(tmp_path, speaker, person="NGUOI-TRUC-1", clock=clock)
    assert await verifier.verify(token) == Requester(
        "NGUOI-TRUC-1",
        Agency.SOCIAL_WORK,
        "committee_00340",
        "reader",
        Audience.COMMITTEE,
        frozenset({Duty.CHAIR}),
    )


async def test_no_token_is_issued_for_longer_than_twelve_hours(
    tmp_path: Path, verifier: TokenVerifier, clock: StoppedClock
) -> None:
    token = f"Bearer {issue_token(tmp_path, ASpeaker(), valid_for=timedelta(days=30), clock=clock)}"
    await verifier.bearer(token)
    clock.moment += LONGEST
    assert await refused_as(verifier, token) == "bad_token"


def test_keys_stay_the_same_and_private(tmp_path: Path, keys: Path) -> None:
    before = keys.read_bytes()
    assert make_issuer_keys(tmp_path).read_bytes() == before
    assert b'"d"' not in before
    assert (tmp_path / PRIVATE_FILE).stat().st_mode & 0o777 == 0o600


def test_without_a_built_in_issuer_none_is_issued(tmp_path: Path) -> None:
    with pytest.raises(NoIssuerError):
        issue_token(tmp_path / "elsewhere", ASpeaker())
