"""Events from a file or a pipe: one CloudEvent, several one after the other (NDJSON), or an array of them.

Shape: each event's own bytes, as they lie there, in order; nothing is held in memory but the event that is read.
"""

import re
from collections.abc import Iterator
from typing import Protocol

_PIECE_BYTES = 65_536
_MOST_BYTES = 8_388_608  # of one event; a door takes far less
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_TOKEN = re.compile(rb'\\.|["{}\[\],]|[^"\\{}\[\],]+', re.DOTALL)


class Readable(Protocol):
    """A file, a pipe, or what stands before one."""

    def read(self, size: int, /) -> bytes:
        """Return some bytes, at most `size`; none at the end."""
        ...


class NotEventsError(ValueError):
    """What is read is no series of events; `number` counts from 1 and says at which one that was noticed."""

    def __init__(self, number: int, reason: str) -> None:
        super().__init__(f"item {number}: {reason}")
        self.number = number


def events_in(stream: Readable) -> Iterator[bytes]:
    """Yield the bytes of each event.

    Raises:
        NotEventsError: if the series itself is broken; what stood before it was yielded.
    """
    reader = _Reader()
    for token in _tokens(stream):
        item = reader.item_ended_by(token)
        if item is not None:
            yield item
    reader.end()


def _tokens(stream: Readable) -> Iterator[bytes]:
    """Yield the text cut at quotes, brackets, commas and escapes; a backslash stays with what it escapes."""
    carried = stream.read(len(_BYTE_ORDER_MARK)).removeprefix(_BYTE_ORDER_MARK)
    while piece := stream.read(_PIECE_BYTES):
        text, carried = carried + piece, b""
        found = _TOKEN.findall(text)
        if sum(map(len, found)) < len(text):
            carried = b"\\"
        yield from found
    yield from _TOKEN.findall(carried)


class _Reader:
    """Where in the series we are."""

    def __init__(self) -> None:
        self._item = bytearray()
        self._number = 0
        self._depth = 0
        self._quoted = False
        self._is_array: bool | None = None  # not known before the first sign
        self._closed = False

    def item_ended_by(self, token: bytes) -> bytes | None:
        """Take the next token; return the item that ended with it.

        Raises:
            NotEventsError: if it cannot stand there.
        """
        if self._quoted or self._depth:
            return self._inside(token)
        if not self._item and not token.strip():
            return None
        if self._is_array is None:
            self._is_array = token == b"["
            if self._is_array:
                return None
        return self._between_in_array(token) if self._is_array else self._between(token)

    def end(self) -> None:
        """Say that nothing more comes.

        Raises:
            NotEventsError: if something is missing.
        """
        if self._quoted or self._depth or self._item or (self._is_array and not self._closed):
            raise NotEventsError(self._number + 1, "cut off")
        if self._is_array is None:
            raise NotEventsError(1, "nothing to read")

    def _inside(self, token: bytes) -> bytes | None:
        self._keep(token)
        if token == b'"':
            self._quoted = not self._quoted
        elif not self._quoted:
            self._depth += (token in {b"{", b"["}) - (token in {b"}", b"]"})
        return self._ended() if not (self._is_array or self._depth or self._quoted) else None

    def _between(self, token: bytes) -> bytes | None:
        if token != b"{":
            raise NotEventsError(self._number + 1, "neither an event nor an array of events")
        self._keep(token)
        self._depth = 1
        return None

    def _between_in_array(self, token: bytes) -> bytes | None:
        if self._closed or token == b"}":
            raise NotEventsError(self._number + 1, "not JSON")
        if token not in {b",", b"]"}:
            self._keep(token)
            self._quoted = token == b'"'
            self._depth = int(token in {b"{", b"["})
            return None
        self._closed = token == b"]"
        if not self._item.strip():
            if self._closed and self._number == 0:
                return None
            raise NotEventsError(self._number + 1, "not JSON")
        return self._ended()

    def _keep(self, token: bytes) -> None:
        self._item += token
        if len(self._item) > _MOST_BYTES:
            raise NotEventsError(self._number + 1, "too large")

    def _ended(self) -> bytes:
        item = bytes(self._item).strip()
        self._item.clear()
        self._number += 1
        return item
