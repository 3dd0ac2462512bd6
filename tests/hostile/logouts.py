"""Hostile words of an issuer: whoever has none of its keys ends nobody's tokens."""

from collections.abc import Iterator
from urllib.parse import quote

from tests.controls.bad_input import CANARY
from tests.controls.loopback_issuer import LoopbackIssuer
from tests.hostile.hostile import Hostile
from tests.hostile.wire import Headers

_FORM: Headers = (("Content-Type", "application/x-www-form-urlencoded"),)
_JSON: Headers = (("Content-Type", "application/json"),)


def logout(
    name: str, status: int, problem: str, body: bytes, *, headers: Headers = _FORM, path: str = "/v1/logout"
) -> Hostile:
    return Hostile("logout", name, status, problem, door="audit", speaker="", path=path, headers=headers, body=body)


def logouts() -> Iterator[Hostile]:
    stranger = LoopbackIssuer("chungtay-built-in")
    stranger.draw("stranger")
    signed = f"logout_token={stranger.logout_token(sub=CANARY)}".encode()
    unsigned = f"logout_token=eyJhbGciOiJub25lIn0.{signed.decode().split('.')[1]}.".encode()
    yield logout("no form", 415, "unsupported_media_type", b'{"logout_token": "x"}', headers=_JSON)
    yield logout("without a logout token", 400, "bad_logout_token", f"token={quote(CANARY)}".encode())
    yield logout("two logout tokens", 400, "bad_logout_token", b"logout_token=a&logout_token=b")
    yield logout("a word", 400, "bad_logout_token", f"logout_token={quote(CANARY)}".encode())
    yield logout("by a key that nobody published", 400, "bad_logout_token", signed)
    yield logout("unsigned", 400, "bad_logout_token", unsigned)
    yield logout("too long", 413, "too_large", b"logout_token=" + b"x" * 20_000)
    yield logout("in the address", 400, "no_parameters", b"", path=f"/v1/logout?logout_token={quote(CANARY)}")
