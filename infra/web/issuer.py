"""The built-in issuer of tokens, for development and demonstration only; real systems bring their own (OIDC).

Tokens are JWTs signed with Ed25519 (RFC 9864), valid for at most twelve hours of real time.
"""

import json
import secrets
from collections.abc import Collection
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from joserfc import jwt
from joserfc.jwk import OKPKey

from events.parties import Agency, Audience, Duty
from infra.clock import Clock, SystemClock
from infra.settings import write_private

ISSUER = "chungtay-built-in"
TOKEN_AUDIENCE = "chungtay"  # noqa: S105 - whom the tokens are for, not a secret
ALGORITHM = "Ed25519"
TOKEN_TYPE = "at+jwt"  # RFC 9068  # noqa: S105 - a kind of token, not a secret
LONGEST = timedelta(hours=12)
PRIVATE_FILE = "issuer.private.json"
PUBLIC_FILE = "issuer.jwks.json"


class Speaker(Protocol):
    """Whom a token speaks for; no audience: a publisher."""

    @property
    def agency(self) -> Agency:
        """The sector."""
        ...

    @property
    def unit(self) -> str:
        """The unit, of that agency."""
        ...

    @property
    def audience(self) -> Audience | None:
        """Whose view is read; None: it publishes."""
        ...

    @property
    def duties(self) -> Collection[Duty]:
        """What the person is on duty for."""
        ...


class NoIssuerError(Exception):
    """There is no built-in issuer in this directory; tokens come from elsewhere."""


def make_issuer_keys(directory: Path) -> Path:
    """Draw the issuer's key if there is none yet; return the file of public keys that services verify with."""
    private, public = directory / PRIVATE_FILE, directory / PUBLIC_FILE
    if not private.exists():
        directory.mkdir(parents=True, exist_ok=True)
        drawn = OKPKey.generate_key("Ed25519", parameters={"kid": secrets.token_hex(8)})
        write_private(private, json.dumps(drawn.as_dict(private=True)))
    key = OKPKey.import_key(json.loads(private.read_bytes()))
    write_private(public, json.dumps({"keys": [key.as_dict(private=False)]}))
    return public


def issue_token(
    directory: Path,
    speaker: Speaker,
    *,
    person: str = "development",
    valid_for: timedelta = LONGEST,
    clock: Clock | None = None,
) -> str:
    """Return a token of the built-in issuer.

    Raises:
        NoIssuerError: if the directory holds no issuer's key.
    """
    try:
        key = OKPKey.import_key(json.loads((directory / PRIVATE_FILE).read_bytes()))
    except FileNotFoundError:
        raise NoIssuerError(directory.name) from None
    now = (clock or SystemClock()).now()
    claims = {
        "iss": ISSUER,
        "aud": TOKEN_AUDIENCE,
        "sub": person,
        "agency": speaker.agency.value,
        "unit": speaker.unit,
        "role": "publisher" if speaker.audience is None else "reader",
        "audience": speaker.audience.value if speaker.audience else None,
        "duties": sorted(duty.value for duty in speaker.duties),
        "iat": int(now.timestamp()),
        "exp": int((now + min(valid_for, LONGEST)).timestamp()),
    }
    return jwt.encode({"alg": ALGORITHM, "kid": key.kid, "typ": TOKEN_TYPE}, claims, key, algorithms=[ALGORITHM])
