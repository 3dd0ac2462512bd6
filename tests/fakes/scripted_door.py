"""A door that answers what a test wrote down, over real HTTP: what no real door can be made to say on demand."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


@dataclass(frozen=True)
class Said:
    """One answer; no status: the connection ends without one."""

    status: int | None
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    media_type: str = "application/json"


@dataclass(frozen=True)
class Heard:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class ScriptedDoor:
    """Where it listens, what it will still say, and what it heard."""

    url: str
    script: list[Said]
    heard: list[Heard] = field(default_factory=list)


@contextmanager
def scripted_door(*script: Said) -> Iterator[ScriptedDoor]:
    """Open a door that says these things, one a request."""
    door = ScriptedDoor("", list(script))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self._answer(self.rfile.read(int(self.headers["content-length"])))

        def do_GET(self) -> None:
            self._answer(b"")

        def _answer(self, body: bytes) -> None:
            door.heard.append(Heard(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            said = door.script.pop(0)
            if said.status is None:
                return
            told = said.body if isinstance(said.body, bytes) else json.dumps(said.body).encode()
            self.send_response(said.status)
            for name, value in (
                {"Content-Type": said.media_type, "Content-Length": str(len(told))} | said.headers
            ).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(told)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        door.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield door
        finally:
            server.shutdown()
            thread.join()
