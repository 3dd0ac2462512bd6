"""A wire between a client and a door that can be cut: connections end at once, and new ones find nobody."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_PIECE_BYTES = 65_536


class Wire:
    """Passes bytes on between whoever connects and one port of this machine, until it is cut."""

    def __init__(self, host: str, to_port: int) -> None:
        self._listening = socket.create_server((host, 0))
        self._to_port = to_port
        self._open: set[socket.socket] = set()
        self._cut = threading.Event()
        self.address = f"http://{host}:{self._listening.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """End every connection, and each new one as soon as it comes."""
        self._cut.set()
        for one in list(self._open):
            self._end(one)

    def mend(self) -> None:
        """Pass on again what comes from now on."""
        self._cut.clear()

    def remove(self) -> None:
        """Cut it for good."""
        self.cut()
        self._end(self._listening)

    def _accept(self) -> None:
        while True:
            try:
                caller, _ = self._listening.accept()
            except OSError:
                return
            if self._cut.is_set():
                self._end(caller)
                continue
            door = socket.create_connection(("127.0.0.1", self._to_port))
            self._open |= {caller, door}
            for here, there in ((caller, door), (door, caller)):
                threading.Thread(target=self._pass_on, args=(here, there), daemon=True).start()

    def _pass_on(self, here: socket.socket, there: socket.socket) -> None:
        with suppress(OSError):
            while piece := here.recv(_PIECE_BYTES):
                there.sendall(piece)
        self._end(here)
        self._end(there)

    def _end(self, one: socket.socket) -> None:
        self._open.discard(one)
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
        one.close()


@contextmanager
def wire_to(door: str, host: str = "127.0.0.1") -> Iterator[Wire]:
    """Lay a wire to a door of this machine."""
    wire = Wire(host, int(door.rsplit(":", 1)[1]))
    try:
        yield wire
    finally:
        wire.remove()
