"""Verify who is asking: a signed access token, of our issuer, for us, not expired, of a unit that exists.

Times are real times: a simulated clock makes no token younger. Of why a token does not hold nothing is told.
"""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from joserfc.jwk import Key
from pydantic import BaseModel, ConfigDict

from infra.clock import Clock, SystemClock
from infra.issuers import ClaimNames, TrustedIssuer
from infra.web.claims import requester_of
from infra.web.issuer import ALGORITHM, ISSUER, LONGEST, TOKEN_AUDIENCE, TOKEN_TYPE
from infra.web.problems import Refused
from infra.web.public_keys import FileKeys, IssuerKeys, PublicKeys
from infra.web.requester import Requester
from infra.web.signed import BROKEN, Head, OpaqueId, Second, claims_under, head_of
from infra.web.throttle import Throttle

SKEW = timedelta(minutes=1)
"""By how much an issuer's clock may be ahead of ours."""
_REMEMBERED = 2_000  # verified tokens; a signature costs as much as the rest of a request
_AGAIN_S = 2


@dataclass(frozen=True, slots=True)
class Terms:
    """What a token must be to be looked at; `audience` is whom it is for, `logout_audiences` whom a logout token is."""

    issuer: str
    audience: str
    algorithms: frozenset[str]
    types: frozenset[str]
    longest: timedelta
    names: ClaimNames
    logout_audiences: frozenset[str] = frozenset()

    @classmethod
    def of(cls, issuer: TrustedIssuer) -> "Terms":
        """Return the terms of an issuer outside the platform."""
        longest = timedelta(seconds=issuer.longest_token_s)
        types = frozenset(kind.lower() for kind in issuer.token_types)
        algorithms, desks = frozenset(issuer.algorithms), frozenset(issuer.logout_audiences)
        return cls(issuer.url, issuer.audience, algorithms, types, longest, issuer.claims, desks)


BUILT_IN = Terms(ISSUER, TOKEN_AUDIENCE, frozenset({ALGORITHM}), frozenset({TOKEN_TYPE}), LONGEST, ClaimNames())


class _Claims(BaseModel):
    """What every token must say; more may stand beside it.

    One bound to a key (`cnf`) is for a channel that proves the key, which no door here does; one with a `nonce` or
    `at_hash` is for a login page (OpenID Connect), not for a door.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    iss: str
    aud: str | list[str]
    sub: OpaqueId
    iat: Second
    exp: Second
    nbf: Second = 0
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
        self.keys = keys
        self._endings = endings
        self.terms = terms
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
        await self.keys.answers()

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
        head = head_of(token, self.terms.algorithms, self.terms.types)
        key = await self.keys.key(head.kid)
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

    def _checked(self, token: str, head: Head, key: Key) -> _Verified:
        try:
            said = claims_under(key, token, head)
            claims = _Claims.model_validate(said)
            requester = requester_of(claims.sub, said, self.terms.names)
        except BROKEN:
            raise Refused("bad_token") from None
        if not self._is_for_us(claims):
            raise Refused("bad_token")
        return _Verified(key, claims, requester)

    def _is_for_us(self, claims: _Claims) -> bool:
        audiences = [claims.aud] if isinstance(claims.aud, str) else claims.aud
        return claims.iss == self.terms.issuer and self.terms.audience in audiences

    def _holds_now(self, claims: _Claims) -> bool:
        now = self._clock.now()
        seconds = (claims.iat, claims.exp, claims.nbf)
        issued, expires, begins = (datetime.fromtimestamp(second, UTC) for second in seconds)
        return max(issued, begins) <= now + SKEW and now < expires and expires - issued <= self.terms.longest
