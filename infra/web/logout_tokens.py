"""Verify that the issuer ended somebody's sessions: a logout token (OpenID Connect Back-Channel Logout 1.0, §2.4-2.6).

It is read with the keys with which access tokens are verified; of why one does not hold nothing is told.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from infra.clock import Clock, SystemClock
from infra.web.problems import Refused
from infra.web.public_keys import PublicKeys
from infra.web.signed import BROKEN, Head, OpaqueId, Second, claims_under, head_of
from infra.web.tokens import SKEW, Terms

# The type may be left out, or be that of any token: what tells a logout token from others is its event.
_TYPES = frozenset({"logout+jwt", "application/logout+jwt", "jwt", ""})
_EVENT = "http://schemas.openid.net/event/backchannel-logout"


@dataclass(frozen=True, slots=True)
class Logout:
    """Whose sessions were ended, and when by the issuer's own clock; `id` is that of the issuer's word (`jti`)."""

    subject: str
    at: datetime
    id: str


class _Claims(BaseModel):
    """What every logout token must say; one with a `nonce` is for a login page. More may stand beside it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    iss: str
    aud: str | list[str]
    iat: Second
    exp: Second | None = None
    jti: OpaqueId
    events: dict[str, Any]
    sub: OpaqueId | None = None
    nonce: None = None


class LogoutVerifier:
    """Verifies the logout tokens of the issuer whose access tokens are trusted; the built-in one makes none."""

    def __init__(self, keys: PublicKeys, terms: Terms, clock: Clock | None = None) -> None:
        self._keys = keys
        self._terms = terms
        self._clock = clock or SystemClock()

    async def verify(self, token: str) -> Logout:
        """Return whose sessions were ended.

        Raises:
            Refused: if the token is forged, expired, for somebody else, says no subject or not all it must; or if
                the issuer's keys are not known.
        """
        try:
            head = head_of(token, self._terms.algorithms, _TYPES)
            claims = await self._claims(token, head)
        except Refused as refused:
            if refused.problem.code == "bad_token":
                raise Refused("bad_logout_token") from None
            raise
        if not self._is_for_us(claims) or not self._holds_now(claims):
            raise Refused("bad_logout_token")
        if claims.sub is None:
            raise Refused("logout_of_nobody")
        return Logout(claims.sub, datetime.fromtimestamp(claims.iat, UTC), claims.jti)

    async def _claims(self, token: str, head: Head) -> _Claims:
        key = await self._keys.key(head.kid)
        try:
            return _Claims.model_validate(claims_under(key, token, head))
        except BROKEN:
            raise Refused("bad_logout_token") from None

    def _is_for_us(self, claims: _Claims) -> bool:
        audiences = {claims.aud} if isinstance(claims.aud, str) else {*claims.aud}
        ended = isinstance(claims.events.get(_EVENT), dict)
        return ended and claims.iss == self._terms.issuer and not audiences.isdisjoint(self._terms.logout_audiences)

    def _holds_now(self, claims: _Claims) -> bool:
        """Tell whether it is of now: one older than any access token that could still hold ends nothing any more."""
        now, issued = self._clock.now(), datetime.fromtimestamp(claims.iat, UTC)
        expired = claims.exp is not None and datetime.fromtimestamp(claims.exp, UTC) <= now
        return not expired and now - self._terms.longest <= issued <= now + SKEW
