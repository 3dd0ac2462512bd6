"""The public keys of an issuer: from a file for the built-in one, else read from the issuer and kept a while.

Promise: keys come from the issuer that the settings name and from nowhere a token points to. A key that the issuer
withdrew opens nothing after two minutes of requests; an issuer that does not answer stops nobody for `keys_stale_s`,
and after that who asks is told to come again, never that the token is bad.
"""

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Protocol

import httpx
import structlog
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, KeySet, OKPKey, RSAKey
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue

from infra.issuers import TrustedIssuer, guarded
from infra.web.problems import Refused

_DISCOVERY = "/.well-known/openid-configuration"
_MOST_BYTES = 262_144
_MOST_KEYS = 100
_LEAST_RSA_BITS = 2_048
_LATE = 2  # times as old as fresh: then a request waits for the reading instead of passing by it
_log = structlog.get_logger()


class PublicKeys(Protocol):
    """Where the keys come from that tokens are verified with."""

    async def key(self, kid: str) -> Key:
        """Return the key of that name.

        Raises:
            Refused: if there is none, or nobody can say whether there is.
        """
        ...

    async def answers(self) -> None:
        """Return if tokens can be verified.

        Raises:
            Refused: if no key is known.
        """
        ...


class FileKeys:
    """The keys of a file, as they stood in it at the start."""

    def __init__(self, file: Path) -> None:
        self._keys = _by_name(KeySet.import_key_set(json.loads(file.read_bytes())))

    async def key(self, kid: str) -> Key:
        """Return the key of that name.

        Raises:
            Refused: if there is none.
        """
        found = self._keys.get(kid)
        if found is None:
            raise Refused("bad_token")
        return found

    async def answers(self) -> None:
        """Return: the file was read."""


class IssuerKeys:
    """The keys that an issuer publishes; `now` gives seconds on a clock that never goes back."""

    def __init__(self, issuer: TrustedIssuer, now: Callable[[], float] = time.monotonic) -> None:
        self._issuer = issuer
        self._now = now
        self._tls = httpx.create_ssl_context(trust_env=False)
        self._keys: Mapping[str, Key] = {}
        self._read_at = float("-inf")
        self._tried_at = float("-inf")
        self._away = False
        self._reading: asyncio.Task[None] | None = None

    async def key(self, kid: str) -> Key:
        """Return the key of that name, reading the issuer's keys anew where that may help.

        Raises:
            Refused: if the issuer has none, or does not answer and what is known of it is too old or not enough.
        """
        await self._renew(kid)
        found = self._keys.get(kid)
        if self._is_stale() or (found is None and self._away):
            raise Refused("issuer_away", seconds=self._pause_s())
        if found is None:
            raise Refused("bad_token")
        return found

    async def answers(self) -> None:
        """Return if the keys are known, and not too old.

        Raises:
            Refused: if they are not.
        """
        if self._is_stale():
            await self._wait_for(self._read_beside())
        if self._is_stale():
            raise Refused("issuer_away", seconds=self._pause_s())

    async def _renew(self, kid: str) -> None:
        known, age_s, fresh_s = kid in self._keys, self._now() - self._read_at, self._issuer.keys_fresh_s
        if known and age_s < fresh_s:
            return
        reading = self._read_beside()
        may_pass = self._away or age_s < _LATE * fresh_s
        if not (known and may_pass) or self._is_stale():
            await self._wait_for(reading)

    def _read_beside(self) -> asyncio.Task[None] | None:
        """Return the reading under way, beginning one unless the last was a moment ago."""
        if self._reading is not None and not self._reading.done():
            return self._reading
        if self._now() - self._tried_at < self._issuer.read_pause_s:
            return None
        self._tried_at = self._now()
        self._reading = asyncio.create_task(self._read())
        return self._reading

    async def _wait_for(self, reading: asyncio.Task[None] | None) -> None:
        if reading is not None:
            await asyncio.shield(reading)  # who asked may go away; others wait for the same reading

    async def _read(self) -> None:
        try:
            async with asyncio.timeout(self._issuer.answers_within_s):
                self._keys = await self._published()
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, JoseError, ValueError) as problem:
            self._away = True
            _log.warning("issuer_keys_not_read", error=type(problem).__name__)
        else:
            self._away, self._read_at = False, self._now()

    async def _published(self) -> dict[str, Key]:
        async with httpx.AsyncClient(verify=self._tls, trust_env=False, follow_redirects=False) as http:
            told = _Discovery.model_validate_json(await _document(http, self._issuer.url.rstrip("/") + _DISCOVERY))
            if told.issuer != self._issuer.url:
                raise ValueError("another issuer answers there")
            published = _Published.model_validate_json(await _document(http, told.jwks_uri))
        usable = [key for key in published.keys if _is_for_signatures(key)]
        return _by_name(KeySet.import_key_set({"keys": usable}))  # type: ignore[typeddict-item]

    def _is_stale(self) -> bool:
        return self._now() - self._read_at > self._issuer.keys_stale_s

    def _pause_s(self) -> int:
        return max(1, round(self._issuer.read_pause_s))


class _Discovery(BaseModel):
    """What an issuer says of itself; more stands beside it."""

    model_config = ConfigDict(frozen=True)

    issuer: str
    jwks_uri: Annotated[str, AfterValidator(guarded)]


class _Published(BaseModel):
    """A JSON Web Key Set."""

    model_config = ConfigDict(frozen=True)

    keys: Annotated[list[dict[str, JsonValue]], Field(max_length=_MOST_KEYS)]


async def _document(http: httpx.AsyncClient, url: str) -> bytes:
    """Return what lies at an address.

    Raises:
        httpx.HTTPError: if there is nothing, or only a way to elsewhere.
        ValueError: if it is longer than any such document.
    """
    body = bytearray()
    async with http.stream("GET", url) as answer:
        answer.raise_for_status()
        async for piece in answer.aiter_bytes():
            body += piece
            if len(body) > _MOST_BYTES:
                raise ValueError("too long")
    return bytes(body)


def _is_for_signatures(key: Mapping[str, JsonValue]) -> bool:
    """Tell whether a published key may verify anything; a shared secret never may."""
    return key.get("kty") in {"RSA", "EC", "OKP"} and key.get("use", "sig") == "sig" and isinstance(key.get("kid"), str)


def _by_name(keys: KeySet) -> dict[str, Key]:
    return {key.kid: key for key in keys if key.kid is not None and _is_strong(key)}


def _is_strong(key: Key) -> bool:
    match key:
        case RSAKey():
            return key.public_key.key_size >= _LEAST_RSA_BITS
        case ECKey() | OKPKey():
            return True
        case _:
            return False
