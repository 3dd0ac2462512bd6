"""Tokens that open nothing: forged, spent, not yet begun, for somebody else, or of somebody else."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.jwk import OKPKey

from events.parties import Agency, Audience
from infra.clock import SystemClock
from infra.web.issuer import ALGORITHM, ISSUER, PRIVATE_FILE, PUBLIC_FILE, TOKEN_AUDIENCE, TOKEN_TYPE, issue_token
from tests.controls.bad_input import CANARY, UNIT, good
from tests.fixtures.doors import ASpeaker
from tests.hostile.glasses import BREAKERS
from tests.hostile.hostile import PURPOSE, Hostile
from tests.hostile.wire import Headers

SPEAKERS = {
    "publisher": ASpeaker(Agency.POLICE, UNIT),
    "colleague": ASpeaker(Agency.POLICE, "investigation_police_01"),
    "reader": ASpeaker(Agency.POLICE, UNIT, Audience.POLICE),
    "hospital": ASpeaker(Agency.HEALTH, "hospital_h1"),
    "hospital's reader": ASpeaker(Agency.HEALTH, "hospital_h1", Audience.HEALTH),
    "coordinator": ASpeaker(Agency.COORDINATION, "coordination_01", Audience.COORDINATOR),
    "auditor": ASpeaker(Agency.COORDINATION, "inspectorate_01", Audience.AUDITOR),
}
_HOUR = 3600
_BY_HAND = (
    "no JWT at all",
    "cut off",
    "no signature",
    "changed claims",
    "too long",
    "alg none",
    "HS256 with the public key",
)


def passes(directory: Path) -> dict[str, str]:
    """Return the tokens of those who have one, and of those who should not."""
    honest = {name: issue_token(directory, speaker) for name, speaker in SPEAKERS.items()}
    honest |= {person: issue_token(directory, speaker, person=person) for person, speaker in BREAKERS.items()}
    return honest | _forged(directory)


def tokens() -> Iterator[Hostile]:
    body = good(id="TOKEN")
    yield Hostile("token", "none", 401, "no_token", speaker="", body=body)
    address = "/v1/events?access_token=x"
    yield Hostile("token", "in the address instead", 400, "unknown_parameter", speaker="", path=address, body=body)
    for name, said in {"another scheme": "Basic <token>", "no token behind Bearer": "Bearer", "empty": ""}.items():
        told: Headers = (("Content-Type", "application/json"), ("Authorization", said))
        yield Hostile("token", name, 401, "no_token", speaker="", headers=told, body=body)
    for name in (
        *_claims_of(0, 0),
        *_heads({}, OKPKey.generate_key("Ed25519"), OKPKey.generate_key("Ed25519")),
        *_BY_HAND,
    ):
        yield Hostile("token", name, 401, "bad_token", speaker=name, body=body)
    yield from _stolen(body)


def _stolen(body: bytes) -> Iterator[Hostile]:
    """Yield whole tokens in the wrong place."""
    yield Hostile("token", "of another agency", 403, "not_your_door", speaker="hospital", body=body)
    yield Hostile("token", "of another unit", 403, "not_your_unit", speaker="colleague", body=body)
    yield Hostile("token", "of a reader, to publish", 403, "not_a_publisher", speaker="reader", body=body)
    yield _reading("of a publisher, to read", 404, "no_such_case", "police", "publisher")
    yield _reading("of the hospital's reader, at the police's door", 404, "no_such_case", "police", "hospital's reader")
    for door in ("coordination", "audit"):
        yield _reading(f"of the police's publisher, at {door}", 404, "no_such_case", door, "publisher")
        yield _reading(f"of the police's reader, at {door}", 404, "no_such_case", door, "reader")
        yield _reading(f"expired, at {door}", 401, "bad_token", door, "expired")


def _reading(name: str, status: int, problem: str, door: str, speaker: str) -> Hostile:
    return Hostile(
        "token",
        name,
        status,
        problem,
        door=door,
        speaker=speaker,
        method="GET",
        path="/v1/cases",
        headers=PURPOSE,
    )


def _forged(directory: Path) -> dict[str, str]:
    ours = OKPKey.import_key(json.loads((directory / PRIVATE_FILE).read_bytes()))
    public = json.loads((directory / PUBLIC_FILE).read_bytes())["keys"][0]
    theirs = OKPKey.generate_key("Ed25519")
    now = int(SystemClock().now().timestamp())
    head = {"alg": ALGORITHM, "kid": ours.kid, "typ": TOKEN_TYPE}
    made = {
        name: jwt.encode(dict(head), _claims(now) | change, ours, algorithms=[ALGORITHM])
        for name, change in _claims_of(now, _HOUR).items()
    }
    for name, (said, key) in _heads(head, theirs, ours).items():
        made[name] = _signed(said, _claims(now), key)
    whole = issue_token(directory, SPEAKERS["publisher"])
    first, body, signature = whole.split(".")
    changed = _part(_claims(now) | {"unit": "investigation_police_01"})
    unsigned = f"{_part(head | {'alg': 'HS256'})}.{_part(_claims(now))}"
    mixed = hmac.new(json.dumps(public).encode(), unsigned.encode(), hashlib.sha256).digest()
    return made | {
        "no JWT at all": CANARY,
        "cut off": whole[:-4],
        "no signature": f"{first}.{body}.",
        "changed claims": f"{first}.{changed}.{signature}",
        "too long": whole + "A" * 8000,
        "alg none": f"{_part(head | {'alg': 'none'})}.{_part(_claims(now))}.",
        "HS256 with the public key": f"{unsigned}.{_text(mixed)}",
    }


def _claims(now: int) -> dict[str, Any]:
    return {
        "iss": ISSUER,
        "aud": TOKEN_AUDIENCE,
        "sub": CANARY,
        "agency": "police",
        "unit": UNIT,
        "role": "publisher",
        "duties": [],
        "iat": now,
        "exp": now + _HOUR,
    }


def _claims_of(now: int, hour: int) -> dict[str, dict[str, Any]]:
    """Return what is signed by the right key and wrong all the same."""
    return {
        "expired": {"iat": now - 2 * hour, "exp": now - hour},
        "not yet begun": {"nbf": now + hour},
        "issued in the future": {"iat": now + hour, "exp": now + 2 * hour},
        "living too long": {"exp": now + 24 * hour},
        "expiring after the end of time": {"exp": 10**18},
        "for another audience": {"aud": "another-platform"},
        "for nobody": {"aud": []},
        "of another issuer": {"iss": "https://issuer.example"},
        "of a unit that is none": {"unit": CANARY},
        "of another agency's unit": {"unit": "hospital_h1"},
        "of an agency that is none": {"agency": CANARY},
        "of a role that is none": {"role": "operator"},
        "of a publisher that reads": {"audience": "police"},
        "of a reader of another view": {"role": "reader", "audience": "case_manager"},
        "of a duty that is none": {"duties": [CANARY]},
        "bound to a key nobody shows (cnf)": {"cnf": {"jkt": "x"}},
        "an ID token (nonce)": {"nonce": "x"},
        "of two roles": {"role": ["reader", "publisher"]},
        "of a person with a NUL": {"sub": "a\x00b"},
    }


def _heads(head: Mapping[str, Any], theirs: OKPKey, ours: OKPKey) -> dict[str, tuple[dict[str, Any], OKPKey]]:
    """Return heads that offer a key of the forger's own, or are no access token's, and the key that signs."""
    public = theirs.as_dict(private=False)
    address = "https://keys.example/jwks.json"
    return {
        "signed by another key": (dict(head), theirs),
        "of a key that is unknown": ({**head, "kid": "nobody"}, theirs),
        "of no named key": ({name: said for name, said in head.items() if name != "kid"}, theirs),
        "with its own key (jwk)": ({**head, "jwk": public}, theirs),
        "with the address of a key (jku)": ({**head, "jku": address}, theirs),
        "with the address of a certificate (x5u)": ({**head, "x5u": address}, theirs),
        "with a certificate (x5c)": ({**head, "x5c": ["MIIB"]}, theirs),
        "with a file for a key name": ({**head, "kid": "../../etc/passwd"}, theirs),
        "an ID token's head (typ JWT)": ({**head, "typ": "JWT"}, ours),
        "of no kind (no typ)": ({name: said for name, said in head.items() if name != "typ"}, ours),
        "with a critical extension": ({**head, "crit": ["exp"]}, ours),
    }


def _signed(head: dict[str, Any], claims: dict[str, Any], key: OKPKey) -> str:
    """Sign as a forger does, with no library to forbid it."""
    said = f"{_part(head)}.{_part(claims)}"
    return f"{said}.{_text(key.private_key.sign(said.encode()))}"  # type: ignore[union-attr]


def _part(value: Mapping[str, Any]) -> str:
    return _text(json.dumps(value).encode())


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
