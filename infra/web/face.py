"""The operator's face of a process that has no door: /healthz, /readyz and /metrics, on the loopback address.

In a thread of its own: it answers, and tells that nothing moves, while the process hangs.
"""

import json
import threading
from collections.abc import Iterable
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING
from wsgiref.simple_server import WSGIRequestHandler, make_server

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.exposition import ThreadingWSGIServer

from infra.settings import ServiceSettings
from infra.standing import Standing

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_JSON = "application/json"


class Face:
    """Tells how a process stands to whoever asks."""

    def __init__(self, host: str, port: int, standing: Standing) -> None:
        self._standing = standing
        self._server = make_server(host, port, self._answer, ThreadingWSGIServer, _Silent)
        self._thread = threading.Thread(target=self._server.serve_forever, name="face", daemon=True)

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Answer no more."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _answer(self, asked: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        status, media_type, body = self._told(asked["PATH_INFO"] if asked["REQUEST_METHOD"] == "GET" else "")
        start(status, [("Content-Type", media_type), ("Cache-Control", "no-store")])
        return [body]

    def _told(self, path: str) -> tuple[str, str, bytes]:
        match path:
            case "/healthz":
                return "200 OK", _JSON, b'{"status":"alive"}'
            case "/readyz":
                ready, answer = self._standing.told()
                return "200 OK" if ready else "503 Service Unavailable", _JSON, json.dumps(answer).encode()
            case "/metrics":
                return "200 OK", CONTENT_TYPE_LATEST, generate_latest()
            case _:
                return "404 Not Found", _JSON, b"{}"


def standing_of(settings: ServiceSettings, stack: AsyncExitStack) -> Standing:
    """Return how a process stands that needs the register and the broker; its face, if it has a port, tells of it.

    Raises:
        OSError: if the port is taken.
    """
    standing = Standing(settings.limits, needs=("database", "broker"))
    if "http" in settings.ports:
        face = Face(settings.host, settings.ports["http"], standing)
        face.start()
        stack.callback(face.stop)
    return standing


class _Silent(WSGIRequestHandler):
    """Logs no request."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Log nothing."""
