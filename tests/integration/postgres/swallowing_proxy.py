"""A wire between a client and PostgreSQL that can lose the reply to a statement and then break."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from types import TracebackType
from typing import Self

_PATIENCE_S = 10
_CHUNK = 65536


class SwallowingProxy:
    """Passes bytes on until it is armed; then the next statement with some words reaches the server, its reply nobody.

    Only the connection of that statement breaks, once the server has answered; later ones pass.
    """

    def __init__(self, port: int) -> None:
        self._target = ("127.0.0.1", port)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._words: bytes | None = None
        self.swallowed = threading.Event()
        self._cut: socket.socket | None = None
        self._wires: list[socket.socket] = []
        self._accepting = threading.Thread(target=self._accept, daemon=True)

    def swallow_next_commit(self) -> None:
        self.swallow_reply_to(b"COMMIT")

    def swallow_reply_to(self, words: bytes) -> None:
        self.swallowed.clear()
        self._words = words

    def __enter__(self) -> Self:
        self._accepting.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._accepting.join(_PATIENCE_S)
        for wire in self._wires:
            wire.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                server = socket.create_connection(self._target)
                self._wires += [client, server]
                threading.Thread(target=self._to_server, args=(client, server), daemon=True).start()
                threading.Thread(target=self._to_client, args=(server, client), daemon=True).start()

    def _to_server(self, client: socket.socket, server: socket.socket) -> None:
        with contextlib.suppress(OSError):  # one end was closed: the other learns of it
            for chunk in _received(client):
                if self._words is not None and self._words in chunk:
                    self._words = None
                    self._cut = client
                    self.swallowed.set()
                server.sendall(chunk)
        _hang_up(server)

    def _to_client(self, server: socket.socket, client: socket.socket) -> None:
        with contextlib.suppress(OSError):
            for chunk in _received(server):
                if self._cut is client:
                    break
                client.sendall(chunk)
        _hang_up(client)


def _received(wire: socket.socket) -> Iterator[bytes]:
    with contextlib.suppress(OSError):
        while chunk := wire.recv(_CHUNK):
            yield chunk


def _hang_up(wire: socket.socket) -> None:
    with contextlib.suppress(OSError):
        wire.shutdown(socket.SHUT_RDWR)
