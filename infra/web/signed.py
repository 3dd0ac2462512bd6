"""Read a signed token (JWT): what it says of its signature, and its claims once that held. Why not is never told."""

from collections.abc import Collection, Mapping
from typing import Annotated, Any

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import Key
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from infra.web.problems import Refused

BROKEN = (JoseError, ValidationError, ValueError, KeyError, TypeError, StopIteration)
"""What reading something forged may raise."""

_LONGEST_TOKEN_BYTES = 4_096
_LAST_SECOND = 253_402_300_799  # of the year 9999: Python knows no later one

Second = Annotated[int, Field(ge=0, le=_LAST_SECOND)]
OpaqueId = Annotated[str, Field(pattern=r"^\P{Cc}{1,256}$")]


class Head(BaseModel):
    """What a token may say before its claims; a key, or a way to one, is nothing it may bring along."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    alg: str
    kid: Annotated[str, Field(min_length=1, max_length=256)]
    typ: str = ""
    x5t: str = ""
    x5t_s256: Annotated[str, Field(alias="x5t#S256")] = ""


def head_of(token: str, algorithms: Collection[str], types: Collection[str]) -> Head:
    """Return the head of a token of one of these kinds; nothing of it is verified yet. Shape: `types` in lower case.

    Raises:
        Refused: if it is none.
    """
    if len(token) > _LONGEST_TOKEN_BYTES:
        raise Refused("bad_token")
    try:
        head = Head.model_validate(jws.extract_compact(token.encode()).headers())
    except BROKEN:
        raise Refused("bad_token") from None
    if head.alg not in algorithms or head.typ.lower() not in types:
        raise Refused("bad_token")
    return head


def claims_under(key: Key, token: str, head: Head) -> Mapping[str, Any]:
    """Return what a token says, its signature verified.

    Raises:
        One of BROKEN: if it does not hold under this key.
    """
    key.check_alg(head.alg)
    return jwt.decode(token, key, algorithms=[head.alg]).claims
