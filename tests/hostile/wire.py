"""Say bytes to a port and take what comes: no client library mends or refuses what is sent on purpose."""

import json
import socket
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from typing import Any

PATIENCE_S = 60.0
Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Answer:
    """What came back; status 0: the connection ended without an answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def problems(self) -> list[dict[str, Any]]:
        """The problem document; of a batch, those of its items."""
        told = json.loads(self.body)
        return [one["problem"] for one in told if "problem" in one] if isinstance(told, list) else [told]

    @property
    def text(self) -> str:
        return repr(self.headers) + self.body.decode("utf-8", "replace")


def request(method: str, path: str, headers: Iterable[tuple[str, str]], body: bytes) -> bytes:
    """Return a request as it goes over the wire; a length is told where none is, and no encoding of another kind."""
    told = list(headers)
    names = {name.lower() for name, _ in told}
    if body and not names & {"content-length", "transfer-encoding"}:
        told.append(("Content-Length", str(len(body))))
    lines = [
        f"{method} {path} HTTP/1.1",
        "Host: door",
        "Connection: close",
        *(f"{name}: {value}" for name, value in told),
    ]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def chunked(body: bytes, size: int = 65_536) -> bytes:
    """Return a body in chunks."""
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def exchange(port: int, raw: bytes) -> Answer:
    """Send bytes, and return the first answer; the server may stop reading when it has heard enough."""
    with socket.create_connection(("127.0.0.1", port), PATIENCE_S) as connection:
        with suppress(BrokenPipeError, ConnectionResetError):  # it has answered already
            connection.sendall(raw)
        response = HTTPResponse(connection, method=raw.partition(b" ")[0].decode("latin-1"))
        try:
            response.begin()
            return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
        except (HTTPException, ConnectionError):
            return Answer(0, {}, b"")
