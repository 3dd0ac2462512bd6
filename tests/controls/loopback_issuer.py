"""An issuer on loopback that a test may rotate, silence or turn hostile: real documents over real HTTP."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from secrets import token_hex
from typing import Any
from urllib.parse import parse_qsl

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey

from infra.clock import SystemClock

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
UNIT = "commune_police_00340"
ALGORITHMS = {"RSA": "RS256", "EC": "ES256", "OKP": "Ed25519", "oct": "HS256"}


class LoopbackIssuer:
    """Publishes `keys`; `told` replaces its documents, `silent` its answers; `read` counts the key sets it gave.

    Gives a token to whoever signs an assertion with a key of `clients`; `assertions` are those it was shown,
    and `given` replaces what such an answer says.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.keys: list[Key] = []
        self.told: dict[str, Any] = {}
        self.silent = False
        self.read = 0
        self.clients: dict[str, Key] = {}
        self.assertions: list[dict[str, Any]] = []
        self.lives_s = 300
        self.given: dict[str, Any] = {}

    def draw(self, kid: str, kind: str = "EC") -> Key:
        """Draw a key and publish it beside the others."""
        drawn: dict[str, Any] = {"RSA": (RSAKey, 2048), "EC": (ECKey, "P-256"), "OKP": (OKPKey, "Ed25519")}
        made, size = drawn[kind]
        key: Key = made.generate_key(size, parameters={"kid": kid, "alg": ALGORITHMS[kind], "use": "sig"})
        self.keys.append(key)
        return key

    def claims(self, **changes: Any) -> dict[str, Any]:
        """Return what a publisher's token says; a change to None leaves the claim out."""
        now = int(SystemClock().now().timestamp())
        whole = {
            "iss": self.url,
            "aud": ["chungtay", "account"],
            "sub": "0b7ee6c4-5f2c-4d0e-9d0f-3a3e1f6f6c11",
            "unit": UNIT,
            "role": "publisher",
            "iat": now,
            "exp": now + 300,
        }
        return {name: value for name, value in (whole | changes).items() if value is not None}

    def token(self, key: Key | None = None, head: dict[str, Any] | None = None, **changes: Any) -> str:
        """Sign a token; unless told, by the key that was published first."""
        by = key or self.keys[0]
        whole = {"alg": ALGORITHMS[by.key_type], "kid": by.kid, "typ": "at+jwt"} | (head or {})
        return jwt.encode(whole, self.claims(**changes), by, algorithms=[whole["alg"]])

    def logout_token(self, head: dict[str, Any] | None = None, **changes: Any) -> str:
        """Sign that a person's sessions ended, as OpenID Connect Back-Channel Logout 1.0 has it."""
        said: dict[str, Any] = {"aud": "chungtay-desk", "jti": token_hex(8), "events": {LOGOUT_EVENT: {}}}
        said |= {"sid": "08a5019c", "unit": None, "role": None}
        return self.token(head={"typ": "logout+jwt"} | (head or {}), **(said | changes))

    def document(self, path: str) -> Any:
        """Return what lies at a path, None for nothing."""
        match path:
            case "/.well-known/openid-configuration":
                addresses = {"jwks_uri": f"{self.url}/keys", "token_endpoint": f"{self.url}/token"}
                return {"issuer": self.url} | addresses | self.told
            case "/keys":
                self.read += 1
                return {"keys": [key.as_dict(private=False) for key in self.keys] + self.told.get("more", [])}
            case _:
                return None

    def issued(self, asked: dict[str, str]) -> Any:
        """Return the answer to who asks for a token, None for one that gets none."""
        key = self.clients.get(asked["client_id"])
        if key is None or asked["client_assertion_type"] != ASSERTION_TYPE:
            return None
        try:
            said = jwt.decode(asked["client_assertion"], key, algorithms=["ES256"]).claims
        except JoseError:
            return None
        self.assertions.append(said)
        token = {"access_token": self.token(jti=said["jti"]), "token_type": "Bearer", "expires_in": self.lives_s}
        return token | self.given


@contextmanager
def loopback_issuer() -> Iterator[LoopbackIssuer]:
    """Run an issuer with one key until the block ends."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Answers)
    issuer = LoopbackIssuer(f"http://127.0.0.1:{server.server_port}")
    issuer.draw("first")
    setattr(server, "issuer", issuer)  # noqa: B010 - the handler finds it there
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self._answer(self._issuer.document(self.path), missing=404)

    def do_POST(self) -> None:
        sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self._answer(self._issuer.issued(dict(parse_qsl(sent))), missing=401)

    @property
    def _issuer(self) -> LoopbackIssuer:
        issuer: LoopbackIssuer = self.server.issuer  # type: ignore[attr-defined]
        return issuer

    def _answer(self, found: Any, missing: int) -> None:
        body = json.dumps(found).encode()
        self.send_response(503 if self._issuer.silent else missing if found is None else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""
