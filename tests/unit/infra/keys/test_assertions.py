"""A service is believed once, for one request, for a short time; whatever is wrong, the refusal is the same."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from infra.keys.assertions import KEY_SERVICE, AssertionVerifier, NotAsserted, assertion
from infra.keys.service_keys import KNOWN_FILE, ServiceKey, make_service_keys, read_known

PATH, BODY = "/v1/release", b'{"wanted": []}'
START = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)


class Hands:
    """A clock whose hands a test moves."""

    simulated = False

    def __init__(self) -> None:
        self.at = START

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def police(tmp_path: Path) -> ServiceKey:
    return ServiceKey.read(make_service_keys(tmp_path, ["reader.police", "reader.health"])["reader.police"])


@pytest.fixture
def verifier(tmp_path: Path, police: ServiceKey, clock: Hands) -> AssertionVerifier:
    assert police.name == "reader.police"
    return AssertionVerifier(read_known(tmp_path / KNOWN_FILE), clock)


def test_a_known_service_is_believed_once(verifier: AssertionVerifier, police: ServiceKey, clock: Hands) -> None:
    said = assertion(police, PATH, BODY, clock)
    assert verifier.verify(said, PATH, BODY) == "reader.police"
    for _ in range(2):
        with pytest.raises(NotAsserted):
            verifier.verify(said, PATH, BODY)
    assert verifier.verify(assertion(police, PATH, BODY, clock), PATH, BODY) == "reader.police"


def test_what_was_said_before_it_began_counts_as_used(tmp_path: Path, police: ServiceKey, clock: Hands) -> None:
    said = assertion(police, PATH, BODY, clock)
    clock.at += timedelta(seconds=1)
    started_again = AssertionVerifier(read_known(tmp_path / KNOWN_FILE), clock)
    with pytest.raises(NotAsserted):
        started_again.verify(said, PATH, BODY)


@pytest.mark.parametrize(("path", "body"), [("/v1/data-keys", BODY), (PATH, b'{"wanted": [1]}')])
def test_it_speaks_of_one_request(
    verifier: AssertionVerifier, police: ServiceKey, clock: Hands, path: str, body: bytes
) -> None:
    with pytest.raises(NotAsserted):
        verifier.verify(assertion(police, PATH, BODY, clock), path, body)


@pytest.mark.parametrize("later_s", [30, 31, 3600, -6, -3600])
def test_it_is_good_for_half_a_minute(
    verifier: AssertionVerifier, police: ServiceKey, clock: Hands, later_s: float
) -> None:
    clock.at += timedelta(hours=2)
    said = assertion(police, PATH, BODY, clock)
    clock.at += timedelta(seconds=later_s)
    with pytest.raises(NotAsserted):
        verifier.verify(said, PATH, BODY)


def _signed(key: object, header: dict[str, str], claims: dict[str, object]) -> str:
    return jwt.encode(header, claims, key, algorithms=["Ed25519", "HS256"])  # type: ignore[arg-type]


def _claims(clock: Hands, **other: object) -> dict[str, object]:
    now = clock.now().timestamp()
    said = {"iss": "reader.police", "aud": KEY_SERVICE, "path": PATH, "body_sha256": sha256(BODY).hexdigest()}
    return {**said, "jti": "0" * 32, "iat": now, "exp": now + 30, **other}


def test_the_control_is_believed(verifier: AssertionVerifier, police: ServiceKey, clock: Hands) -> None:
    said = _signed(police.key, {"alg": "Ed25519", "kid": "reader.police"}, _claims(clock))
    assert verifier.verify(said, PATH, BODY) == "reader.police"


@pytest.mark.parametrize(
    "other",
    [
        {"iss": "reader.health"},
        {"iss": "nobody"},
        {"aud": "chungtay"},
        {"jti": "x"},
        {"exp": 253402300799.0},
        {"iat": "now"},
        {"more": 1},
    ],
    ids=str,
)
def test_other_claims_are_refused(
    verifier: AssertionVerifier, police: ServiceKey, clock: Hands, other: dict[str, object]
) -> None:
    said = _signed(police.key, {"alg": "Ed25519", "kid": "reader.police"}, _claims(clock, **other))
    with pytest.raises(NotAsserted):
        verifier.verify(said, PATH, BODY)


def _forged(police: ServiceKey, clock: Hands) -> dict[str, str]:
    return {
        "another name's key": _signed(police.key, {"alg": "Ed25519", "kid": "reader.health"}, _claims(clock)),
        "no name": _signed(police.key, {"alg": "Ed25519"}, _claims(clock)),
        "a shared secret": _signed(
            OctKey.import_key("k" * 32), {"alg": "HS256", "kid": "reader.police"}, _claims(clock)
        ),
        "no token": "",
        "no JWT": "x.y.z",
        "endless": "x" * 3_000,
    }


@pytest.mark.parametrize("which", ["another name's key", "no name", "a shared secret", "no token", "no JWT", "endless"])
def test_a_forgery_is_refused(verifier: AssertionVerifier, police: ServiceKey, clock: Hands, which: str) -> None:
    with pytest.raises(NotAsserted):
        verifier.verify(_forged(police, clock)[which], PATH, BODY)
