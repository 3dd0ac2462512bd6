"""A unit's own key, and the tokens it gets with it: OAuth 2.0 client credentials with `private_key_jwt` (RFC 7523).

As a command, `python -m chungtay_client.credentials`: `draw` makes a key and prints its public half, which the
platform's operator registers; `token` prints a token.
"""

import argparse
import json
import os
import secrets
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from chungtay_client.connected import Connected
from chungtay_client.problems import (
    ClientError,
    IdentityExtraMissingError,
    IssuerAwayError,
    Language,
    NotIssuedError,
)
from chungtay_client.quiet import keep_quiet
from chungtay_client.retries import seconds_of

_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_DISCOVERY = "/.well-known/openid-configuration"
_ALGORITHM = "ES256"
_ASSERTION_S = 60
_REQUEST_S = 15.0
_RENEWED_BEFORE_S = 30.0  # the end, or at half its life where that is shorter
_SERVER_ERRORS = 500
_TRANSIENT = frozenset({408, 425, 429})


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a unit proves itself with: the issuer, its name there, its private key (JSON Web Key)."""

    issuer: str
    client_id: str
    key: Mapping[str, Any] = field(repr=False)

    @classmethod
    def read(cls, file: Path) -> "Credentials":
        """Read what `write` wrote.

        Raises:
            OSError: if the file cannot be read.
            ValueError: if it holds no credentials.
        """
        found = json.loads(file.read_bytes())
        try:
            return cls(found["issuer"], found["client_id"], found["key"])
        except (KeyError, TypeError):
            raise ValueError("it holds no issuer, client_id and key") from None

    @classmethod
    def draw(cls, issuer: str, client_id: str) -> "Credentials":
        """Draw a key (ECDSA, P-256).

        Raises:
            IdentityExtraMissingError: if `joserfc` is not installed.
        """
        try:
            from joserfc.jwk import ECKey  # noqa: PLC0415 - an extra
        except ImportError:
            raise IdentityExtraMissingError from None
        key = ECKey.generate_key("P-256", {"kid": secrets.token_hex(8), "use": "sig", "alg": _ALGORITHM})
        return cls(issuer, client_id, key.as_dict(private=True))

    def write(self, file: Path) -> None:
        """Write to a new file that its owner alone may read.

        Raises:
            FileExistsError: if it is there: a key that is in use is not overwritten.
        """
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
            json.dump({"issuer": self.issuer, "client_id": self.client_id, "key": dict(self.key)}, out, indent=1)

    @property
    def public_keys(self) -> dict[str, Any]:
        """The public half, as a JSON Web Key Set."""
        return {"keys": [{name: value for name, value in self.key.items() if name != "d"}]}


class TokenSource(Connected):
    """Gets a token when one is asked for and keeps it until shortly before it ends: `Client(url, token=source)`.

    May be shared between threads. `http` replaces the HTTP client where proxies or certificates of one's own are
    needed; `language` is that of errors.
    """

    def __init__(
        self, credentials: Credentials, *, language: Language = "vi", http: httpx.Client | None = None
    ) -> None:
        keep_quiet()
        self._credentials = credentials
        self._language: Language = language
        self._http = http or httpx.Client(timeout=_REQUEST_S)
        self._alone = threading.Lock()
        self._endpoint = ""
        self._token = ""
        self._renewed_at = self._ends_at = float("-inf")

    def __call__(self) -> str:
        """Return a token that holds; one that still holds is good enough while the issuer is away.

        Raises:
            NotIssuedError: if the issuer refuses: the key or the name is not registered there, or the clock is wrong.
            IssuerAwayError: if it does not answer.
            IdentityExtraMissingError: if `joserfc` is not installed.
        """
        with self._alone:
            if time.monotonic() >= self._renewed_at:
                try:
                    self._renew()
                except IssuerAwayError:
                    if time.monotonic() >= self._ends_at:
                        raise
            return self._token

    def _renew(self) -> None:
        asked_at = time.monotonic()
        told = self._ask("POST", self._token_endpoint(), data=self._request())
        token, lives_s = told.get("access_token"), told.get("expires_in", 0)
        if not isinstance(token, str) or not isinstance(lives_s, (int, float)):
            raise NotIssuedError(self._language)
        self._token = token
        self._ends_at = asked_at + lives_s
        self._renewed_at = self._ends_at - min(_RENEWED_BEFORE_S, lives_s / 2)

    def _token_endpoint(self) -> str:
        if not self._endpoint:
            told = self._ask("GET", self._credentials.issuer.rstrip("/") + _DISCOVERY)
            if told.get("issuer") != self._credentials.issuer or not isinstance(told.get("token_endpoint"), str):
                raise NotIssuedError(self._language)
            self._endpoint = told["token_endpoint"]
        return self._endpoint

    def _request(self) -> dict[str, str]:
        return {
            "grant_type": "client_credentials",
            "client_id": self._credentials.client_id,
            "client_assertion_type": _ASSERTION_TYPE,
            "client_assertion": self._assertion(),
        }

    def _assertion(self) -> str:
        """Sign who we are, for this issuer alone (its name, not an address of it), for a minute, once.

        Raises:
            IdentityExtraMissingError: if `joserfc` is not installed.
        """
        try:
            from joserfc import jwt  # noqa: PLC0415 - an extra
            from joserfc.jwk import ECKey  # noqa: PLC0415 - an extra
        except ImportError:
            raise IdentityExtraMissingError(self._language) from None
        key = ECKey.import_key(dict(self._credentials.key))
        now = int(time.time())  # noqa: TID251 - the agency's own clock
        name = self._credentials.client_id
        claims = {
            "iss": name,
            "sub": name,
            "aud": self._credentials.issuer,
            "jti": secrets.token_urlsafe(16),
            "iat": now,
            "exp": now + _ASSERTION_S,
        }
        return jwt.encode({"alg": _ALGORITHM, "kid": key.kid}, claims, key, algorithms=[_ALGORITHM])

    def _ask(self, method: str, url: str, **more: Any) -> Mapping[str, Any]:
        try:
            answer = self._http.request(method, url, **more)
        except httpx.TransportError:
            raise IssuerAwayError(self._language) from None
        if answer.status_code in _TRANSIENT or answer.status_code >= _SERVER_ERRORS:
            raise IssuerAwayError(self._language, seconds_of(answer.headers.get("retry-after")))
        try:
            told = answer.json() if answer.is_success else None
        except ValueError:
            told = None
        if not isinstance(told, dict):
            raise NotIssuedError(self._language)
        return told


def main(words: list[str] | None = None) -> int:
    """Run a command; return 0, 1 when the issuer refuses, 2 when used wrongly, 3 when it does not answer."""
    asked = _parser().parse_args(words)
    try:
        sys.stdout.write(asked.run(asked) + "\n")
    except IssuerAwayError as away:
        return _complain(str(away), 3)
    except ClientError as refused:
        return _complain(str(refused), 1)
    except (OSError, ValueError) as problem:
        return _complain(f"{asked.file}: {getattr(problem, 'strerror', None) or problem}", 2)
    return 0


def _draw(asked: argparse.Namespace) -> str:
    made = Credentials.draw(asked.issuer, asked.client_id)
    made.write(asked.file)
    return json.dumps(made.public_keys, indent=1)


def _token(asked: argparse.Namespace) -> str:
    with TokenSource(Credentials.read(asked.file), language=asked.language) as source:
        return source()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m chungtay_client.credentials", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    draw = commands.add_parser("draw", help="draw a key, write it to a new file, print its public half")
    draw.add_argument("--issuer", required=True, help="the issuer's URL, as the operator of the platform gives it")
    draw.add_argument("--client-id", required=True, help="the unit's name there")
    draw.set_defaults(run=_draw)
    token = commands.add_parser("token", help="print a token")
    token.add_argument("--language", choices=("vi", "en"), default="vi", help="of errors")
    token.set_defaults(run=_token)
    for command in (draw, token):
        command.add_argument("file", type=Path, help="of the credentials, mode 0600")
    return parser


def _complain(what: str, code: int) -> int:
    sys.stderr.write(what + "\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
