"""A relay before one service: it passes everything on unchanged until it is told to leak.

The search always reads through it, so that a leak it adds to an answer comes to the search the way a real one would.
"""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal

import httpx

_NOT_PASSED_ON = {"content-length", "transfer-encoding", "connection", "host", "content-encoding", "accept-encoding"}


@dataclass(frozen=True)
class Leak:
    """What is added to the answers of addresses of one form: behind the body, as a header, or as a value."""

    path: str
    part: Literal["body", "header", "json"]
    said: bytes

    def concerns(self, path: str) -> bool:
        return re.search(self.path, path) is not None


@dataclass
class Relay:
    """One relay: where it listens, and what it leaks."""

    url: str
    leaks: list[Leak] = field(default_factory=list)


def _leaking(body: bytes, leaks: list[Leak]) -> bytes:
    values = [leak.said.decode() for leak in leaks if leak.part == "json"]
    if values:
        body = json.dumps({**json.loads(body), "debug": values}, ensure_ascii=False).encode()
    return b"\n".join([body, *(leak.said for leak in leaks if leak.part == "body")])


class _Server(ThreadingHTTPServer):
    """Listens for one relay."""

    def __init__(self, target: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.client = httpx.Client(base_url=target, timeout=60, trust_env=False)
        self.relay = Relay(f"http://127.0.0.1:{self.server_port}")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # or each body waits 40 ms behind its headers
    server: _Server

    def do_GET(self) -> None:
        self._pass_on()

    def do_POST(self) -> None:
        self._pass_on()

    def _pass_on(self) -> None:
        said = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {name: value for name, value in self.headers.items() if name.lower() not in _NOT_PASSED_ON}
        answer = self.server.client.request(self.command, self.path, content=said, headers=headers)
        leaks = [leak for leak in self.server.relay.leaks if leak.concerns(self.path)]
        body = _leaking(answer.content, leaks)
        self.send_response(answer.status_code)
        for name, value in answer.headers.multi_items():
            if name.lower() not in _NOT_PASSED_ON:
                self.send_header(name, value)
        for leak in leaks:
            if leak.part == "header":
                self.send_header("X-Debug", leak.said.decode("latin-1"))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's word
        """Say nothing: what passes is looked at elsewhere."""


@contextmanager
def relay_before(target: str) -> Iterator[Relay]:
    """Listen on a free port of this machine and pass everything on to a service."""
    server = _Server(target)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.relay
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        server.client.close()
