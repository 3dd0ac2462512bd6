"""Verify who is asking: a signed access token, of our issuer, for us, not expired, of a unit that exists.

Times are real times: a simulated clock makes no token younger. Of why a token does not hold nothing is told.
"""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, Protocol

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import Key
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from infra.clock import Clock, SystemClock
from infra.issuers import ClaimNames, TrustedIssuer
from infra.web.claims import requester_of
from infra.web.issuer import ALGORITHM, ISSUER, LONGEST, TOKEN_AUDIENCE, TOKEN_TYPE
from infra.web.problems import Refused
from infra.web.public_keys import FileKeys, IssuerKeys, PublicKeys
from infra.web.requester import Requester
from infra.web.throttle import Throttle

SKEW = timedelta(minutes=1)
"""By how much an issuer's clock may be ahead of ours."""
_REMEMBERED = 2_000  # verified tokens; a signature costs as much as the rest of a request
_LONGEST_TOKEN_BYTES = 4_096
_LAST_SECOND = 253_402_300_799  # of the year 9999: Python knows no later one
_AGAIN_S = 2
_BROKEN = (JoseError, ValidationError, ValueError, KeyError, TypeError, StopIteration)

_Second = Annotated[int, Field(ge=0, le=_LAST_SECOND)]


@dataclass(frozen=True, slots=True)
class Terms:
    """What a token must be to be looked at; `audience` is whom it is for."""

    issuer: str
    audience: str
    algorithms: frozenset[str]
    types: frozenset[str]
    longest: timedelta
    names: ClaimNames

    @classmethod
    def of(cls, issuer: TrustedIssuer) -> "Terms":
        """Return the terms of an issuer outside the platform."""
        longest = timedelta(seconds=issuer.longest_token_s)
        types = frozenset(kind.lower() for kind in issuer.token_types)
        return cls(issuer.url, issuer.audience, frozenset(issuer.algorithms), types, longest, issuer.claims)


BUILT_IN = Terms(ISSUER, TOKEN_AUDIENCE, frozenset({ALGORITHM}), frozenset({TOKEN_TYPE}), LONGEST, ClaimNames())


class _Head(BaseModel):
    """What a token may say before its claims; a key, or a way to one, is nothing it may bring along."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    alg: str
    kid: Annotated[str, Field(min_length=1, max_length=256)]
    typ: str
    x5t: str = ""
    x5t_s256: Annotated[str, Field(alias="x5t#S256")] = ""


class _Claims(BaseModel):
    """What every token must say; more may stand beside it.

    One bound to a key (`cnf`) is for a channel that proves the key, which no door here does; one with a `nonce` or
    `at_hash` is for a login page (OpenID Connect), not for a door.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    iss: str
    aud: str | list[str]
    sub: Annotated[str, Field(pattern=r"^\P{Cc}{1,256}$")]
    iat: _Second
    exp: _Second
    nbf: _Second = 0
    cnf: None = None
    nonce: None = None
    at_hash: None = None


@dataclass(frozen=True, slots=True)
class _Verified:
    """A token whose signature held under a key, and how long it may be used."""

    key: Key
    claims: _Claims
    requester: Requester


class Endings(Protocol):
    """Whose tokens were ended before they expired."""

    async def until_of(self, subject: str) -> datetime | None:
        """Return up to which second of issue a subject's tokens were ended; None: never.

        Promise: whatever was ended before the question began is known to the answer.

        Raises:
            ConnectionError: if nobody can say.
        """
        ...


class TokenVerifier:
    """Verifies the tokens of one issuer with its public keys, and holds each client to its rate.

    Promise: a token that was ended opens nothing from then on. That is asked anew for every request and remembered
    for none; where nobody can say, nothing is opened.
    """

    def __init__(
        self,
        keys: PublicKeys,
        endings: Endings,
        terms: Terms = BUILT_IN,
        clock: Clock | None = None,
        throttle: Throttle | None = None,
    ) -> None:
        self._keys = keys
        self._endings = endings
        self._terms = terms
        self._clock = clock or SystemClock()
        self._throttle = throttle or Throttle()
        self._verified: OrderedDict[bytes, _Verified] = OrderedDict()

    @classmethod
    def of_built_in(
        cls, keys_file: Path, endings: Endings, clock: Clock | None = None, throttle: Throttle | None = None
    ) -> "TokenVerifier":
        """Return the verifier of development tokens."""
        return cls(FileKeys(keys_file), endings, BUILT_IN, clock, throttle)

    @classmethod
    def of_issuer(cls, issuer: TrustedIssuer, endings: Endings, throttle: Throttle | None = None) -> "TokenVerifier":
        """Return the verifier of an issuer outside the platform."""
        return cls(IssuerKeys(issuer), endings, Terms.of(issuer), throttle=throttle)

    async def answers(self) -> None:
        """Return if tokens can be verified.

        Raises:
            Refused: if the issuer's keys are not known.
        """
        await self._keys.answers()

    async def bearer(self, authorization: str | None) -> Requester:
        """Return who is asking, by the header `Authorization`.

        Raises:
            Refused: if there is no token, it does not hold, nobody can say whether it does, or who asks asked too
                often.
        """
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise Refused("no_token")
        requester = await self.verify(token.strip())
        self._throttle.admit(requester)
        return requester

    async def verify(self, token: str) -> Requester:
        """Return who is asking.

        Raises:
            Refused: if the token is forged, expired, ended, for somebody else, or does not say all it must; or if
                the issuer's keys are not known, or whether it was ended.
        """
        head = self._head(token)
        key = await self._keys.key(head.kid)
        mark = sha256(token.encode()).digest()
        verified = self._verified.get(mark)
        if verified is None or verified.key is not key:
            verified = self._checked(token, head, key)
        if not self._holds_now(verified.claims) or await self._is_ended(verified.claims):
            raise Refused("bad_token")
        self._verified[mark] = verified
        if len(self._verified) > _REMEMBERED:
            self._verified.popitem(last=False)
        return verified.requester

    async def _is_ended(self, claims: _Claims) -> bool:
        try:
            until = await self._endings.until_of(claims.sub)
        except ConnectionError:
            raise Refused("token_unchecked", seconds=_AGAIN_S) from None
        return until is not None and datetime.fromtimestamp(claims.iat, UTC) <= until

    def _head(self, token: str) -> _Head:
        if len(token) > _LONGEST_TOKEN_BYTES:
            raise Refused("bad_token")
        try:
            head = _Head.model_validate(jws.extract_compact(token.encode()).headers())
        except _BROKEN:
            raise Refused("bad_token") from None
        if head.alg not in self._terms.algorithms or head.typ.lower() not in self._terms.types:
            raise Refused("bad_token")
        return head

    def _checked(self, token: str, head: _Head, key: Key) -> _Verified:
        try:
            key.check_alg(head.alg)
            said: Mapping[str, Any] = jwt.decode(token, key, algorithms=[head.alg]).claims
            claims = _Claims.model_validate(said)
            requester = requester_of(claims.sub, said, self._terms.names)
        except _BROKEN:
            raise Refused("bad_token") from None
        if not self._is_for_us(claims):
            raise Refused("bad_token")
        return _Verified(key, claims, requester)

    def _is_for_us(self, claims: _Claims) -> bool:
        audiences = [claims.aud] if isinstance(claims.aud, str) else claims.aud
        return claims.iss == self._terms.issuer and self._terms.audience in audiences

    def _holds_now(self, claims: _Claims) -> bool:
        now = self._clock.now()
        seconds = (claims.iat, claims.exp, claims.nbf)
        issued, expires, begins = (datetime.fromtimestamp(second, UTC) for second in seconds)
        return max(issued, begins) <= now + SKEW and now < expires and expires - issued <= self._terms.longest
