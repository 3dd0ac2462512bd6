"""Verify who is asking: a signed token, of our issuer, for us, not expired, of a unit that exists.

Times are real times: a simulated clock makes no token younger.
"""

import json
from collections import OrderedDict
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Annotated

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from events.parties import Agency, Audience, Duty
from events.units import units
from infra.clock import Clock, SystemClock
from infra.web.issuer import ALGORITHM, ISSUER, LONGEST, TOKEN_AUDIENCE
from infra.web.problems import Refused
from infra.web.requester import Requester, Role

_SKEW = timedelta(minutes=1)
_REMEMBERED = 2_000  # verified tokens; a signature costs as much as the rest of a request
_LONGEST_TOKEN_BYTES = 4_096
_LAST_SECOND = 253_402_300_799  # of the year 9999: Python knows no later one

_Second = Annotated[int, Field(ge=0, le=_LAST_SECOND)]


class _Claims(BaseModel):
    """What a token must say; more may stand beside it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    iss: str
    aud: str | list[str]
    sub: Annotated[str, Field(pattern=r"^\P{Cc}{1,256}$")]
    agency: Agency
    unit: str
    role: Role
    audience: Audience | None = None
    duties: frozenset[Duty] = frozenset()
    iat: _Second
    exp: _Second
    nbf: _Second = 0


class TokenVerifier:
    """Verifies the tokens of one issuer with its public keys."""

    def __init__(self, keys_file: Path, issuer: str = ISSUER, clock: Clock | None = None) -> None:
        self._keys = KeySet.import_key_set(json.loads(keys_file.read_bytes()))
        self._issuer = issuer
        self._clock = clock or SystemClock()
        self._verified: OrderedDict[bytes, _Claims] = OrderedDict()

    def verify(self, token: str) -> Requester:
        """Return who is asking.

        Raises:
            Refused: if the token is forged, expired, for somebody else, or does not say all it must.
        """
        mark = sha256(token.encode()).digest()
        claims = self._verified.get(mark) or self._claims(token)
        if not self._holds_now(claims):
            raise Refused("bad_token")
        self._verified[mark] = claims
        if len(self._verified) > _REMEMBERED:
            self._verified.popitem(last=False)
        return Requester(claims.sub, claims.agency, claims.unit, claims.role, claims.audience, claims.duties)

    def bearer(self, authorization: str | None) -> Requester:
        """Return who is asking, by the header `Authorization`.

        Raises:
            Refused: if there is no token, or it does not hold.
        """
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise Refused("no_token")
        return self.verify(token.strip())

    def _claims(self, token: str) -> _Claims:
        if len(token) > _LONGEST_TOKEN_BYTES:
            raise Refused("bad_token")
        try:
            decoded = jwt.decode(token, self._keys, algorithms=[ALGORITHM])
            claims = _Claims.model_validate(decoded.claims)
        except (JoseError, ValidationError, ValueError, KeyError, TypeError):
            raise Refused("bad_token") from None
        if not (self._is_for_us(claims) and _is_of_a_unit(claims)):
            raise Refused("bad_token")
        return claims

    def _is_for_us(self, claims: _Claims) -> bool:
        audiences = [claims.aud] if isinstance(claims.aud, str) else claims.aud
        return claims.iss == self._issuer and TOKEN_AUDIENCE in audiences

    def _holds_now(self, claims: _Claims) -> bool:
        now = self._clock.now()
        seconds = (claims.iat, claims.exp, claims.nbf)
        issued, expires, begins = (datetime.fromtimestamp(second, UTC) for second in seconds)
        return max(issued, begins) <= now + _SKEW and now < expires and expires - issued <= LONGEST


def _is_of_a_unit(claims: _Claims) -> bool:
    """A unit of that agency; a reader reads as the unit's audience and as no other."""
    unit = units().get(claims.unit)
    if unit is None or unit.agency is not claims.agency:
        return False
    match claims.role:
        case "publisher":
            return claims.audience is None
        case "reader":
            return claims.audience is not None and claims.audience is unit.audience
