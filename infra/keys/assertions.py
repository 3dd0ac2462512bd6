"""How a service proves to the key service who it is: a JWT signed for one request, good for that request alone.

It names who asks, for whom it is meant, which address, the digest of the body, an id that counts once, and ends within
a minute. Times are real times. What is wrong with one is never told: every refusal is the same.
"""

import secrets
from collections import OrderedDict
from collections.abc import Mapping
from hashlib import sha256
from typing import Annotated

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from infra.clock import Clock, SystemClock
from infra.keys.service_keys import ServiceKey

KEY_SERVICE = "chungtay-key-service"
HEADER = "X-Service-Assertion"
_ALGORITHM = "Ed25519"
_GOOD_FOR_S = 30.0
_SKEW_S = 5.0
_LONGEST_BYTES = 2_048

_Moment = Annotated[float, Field(ge=0, le=253_402_300_799)]


class NotAsserted(Exception):  # noqa: N818 - named for what is so
    """No known service says this, now, of this request, for the first time."""


class _Claims(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    iss: str
    aud: str
    path: str
    body_sha256: str
    jti: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    iat: _Moment
    exp: _Moment


def assertion(service: ServiceKey, path: str, body: bytes, clock: Clock | None = None) -> str:
    """Return the assertion of a service for one request."""
    now = (clock or SystemClock()).now().timestamp()
    claims = {
        "iss": service.name,
        "aud": KEY_SERVICE,
        "path": path,
        "body_sha256": sha256(body).hexdigest(),
        "jti": secrets.token_hex(16),
        "iat": now,
        "exp": now + _GOOD_FOR_S,
    }
    return jwt.encode({"alg": _ALGORITHM, "kid": service.name}, claims, service.key, algorithms=[_ALGORITHM])


class AssertionVerifier:
    """Knows the services that may ask; whatever was said before it began counts as used."""

    def __init__(self, known: Mapping[str, OKPKey], clock: Clock | None = None) -> None:
        self._known = known
        self._clock = clock or SystemClock()
        self._began = self._clock.now().timestamp()
        self._used: OrderedDict[str, float] = OrderedDict()  # id -> when it ends, in the order of use

    def verify(self, token: str | None, path: str, body: bytes) -> str:
        """Return the name of the service that says this.

        Raises:
            NotAsserted: if it is forged, late, early, for somebody else, of another request, or was used before.
        """
        claims = self._claims(token or "")
        now = self._clock.now().timestamp()
        of_this = (claims.aud, claims.path, claims.body_sha256) == (KEY_SERVICE, path, sha256(body).hexdigest())
        in_time = self._began <= claims.iat <= now + _SKEW_S and now < claims.exp <= claims.iat + _GOOD_FOR_S
        self._forget(now)
        if not (of_this and in_time) or claims.jti in self._used:
            raise NotAsserted
        self._used[claims.jti] = claims.exp
        return claims.iss

    def _forget(self, now: float) -> None:
        """Drop the ids that have ended, up to the first that has not: one that stays longer does no harm."""
        while self._used and next(iter(self._used.values())) <= now:
            self._used.popitem(last=False)

    def _claims(self, token: str) -> _Claims:
        """Return what a known service has signed.

        Raises:
            NotAsserted: if none has.
        """
        if len(token) > _LONGEST_BYTES:
            raise NotAsserted
        try:
            decoded = jwt.decode(token, lambda said: self._known[said.headers()["kid"]], algorithms=[_ALGORITHM])
            claims = _Claims.model_validate(decoded.claims)
        except (JoseError, ValidationError, ValueError, KeyError, TypeError):
            raise NotAsserted from None
        if decoded.header["kid"] != claims.iss:
            raise NotAsserted
        return claims
