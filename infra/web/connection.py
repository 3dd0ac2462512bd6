"""One client's connection: so long for a request, so many at a time, and what is no HTTP is refused as a problem.

Promise: no client holds a connection longer than these seconds without saying something whole, and none keeps
others out by opening many: whoever has kept its place longest without a whole request loses it. uvicorn itself
bounds only how long a connection idles between two requests.
"""

import asyncio
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, cast

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from infra.settings import ServiceSettings
from infra.web.problems import MEDIA_TYPE, Problem, language_of, problem_bytes

_LEFT_OVER_BYTES = 16_777_216  # what is read of a body nobody wants, so that its sender comes to read the answer
_HEARD_BYTES = 4_096
_SPOKEN = re.compile(rb"\naccept-language:([^\r\n]*)", re.IGNORECASE)
_HINTS = {408: "too_slow", 431: "headers_too_large"}
_AGAIN_AFTER_S = 1

# Whose turn it is: the client's to ask, to go on with its body, to end a body already refused; or ours.
_Turn: TypeAlias = Literal["head", "body", "rest", "ours"]


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a client may take, and how many may be connected to one port."""

    head_s: float = 10.0  # from connecting, or from the answer before, to the end of the headers
    body_s: float = 30.0  # from the headers to the end of the body
    answer_s: float = 30.0  # during which a client reads nothing of its answer
    connections: int = 200

    @classmethod
    def of(cls, settings: ServiceSettings) -> "Patience":
        """Return what the settings of a process grant."""
        return cls(settings.head_within_s, settings.body_within_s, settings.body_within_s, settings.connections)


class Connection(H11Protocol):
    """A connection that is ended when its client is too slow, or one of too many."""

    patience = Patience()

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.opened_at = self.loop.time()
        self._turn: _Turn = "ours"
        self._turn_ends: asyncio.TimerHandle | None = None
        self._reading_ends: asyncio.TimerHandle | None = None
        self._left_over_bytes = 0
        self._heard = b""

    @property
    def is_being_answered(self) -> bool:
        """Say whether a whole request is here and its answer is not out yet."""
        return self.cycle is not None and not self.cycle.response_complete and not self.cycle.more_body

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Let the client in; where all places are taken, in the place of one that says nothing."""
        super().connection_made(cast("asyncio.Transport", transport))
        if len(self.connections) > self.patience.connections and not self._took_a_place():
            self._refuse("too_many_connections")
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the client."""
        for timer in (self._turn_ends, self._reading_ends):
            if timer is not None:
                timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what the client sent; drop one that goes on and on sending what was refused."""
        if self._turn == "rest":
            self._left_over_bytes += len(data)
            if self._left_over_bytes > _LEFT_OVER_BYTES:
                self.transport.abort()
                return
        if self._turn == "head":
            self._heard = (self._heard + data)[:_HEARD_BYTES]
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        """Wait for the next request, or for the end of what is left of this one."""
        super().on_response_complete()
        self._left_over_bytes = 0
        self._watch()

    def pause_writing(self) -> None:
        """Give a client that does not read its answer a while, and then up."""
        super().pause_writing()
        self._reading_ends = self.loop.call_later(self.patience.answer_s, self.transport.abort)

    def resume_writing(self) -> None:
        """Go on: the client reads."""
        if self._reading_ends is not None:
            self._reading_ends.cancel()
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - the library's words, not ours
        """Refuse what is no HTTP; the parser, whose error this answers, knows which status fits."""
        error = sys.exc_info()[1]
        hint = error.error_status_hint if isinstance(error, h11.RemoteProtocolError) else 0
        self._refuse(_HINTS.get(hint, "bad_request"))

    def _watch(self) -> None:
        turn = self._whose_turn()
        if turn == self._turn or self.transport.is_closing():
            return
        self._turn = turn
        self._heard = b""
        if self._turn_ends is not None:
            self._turn_ends.cancel()
        within_s = {"head": self.patience.head_s, "body": self.patience.body_s, "rest": self.patience.body_s}
        self._turn_ends = self.loop.call_later(within_s[turn], self._end_slow_one) if turn in within_s else None

    def _whose_turn(self) -> _Turn:
        if self.conn.their_state is h11.IDLE:
            return "head"
        if self.conn.their_state is h11.SEND_BODY:
            return "rest" if self.cycle is None or self.cycle.response_complete else "body"
        return "ours"

    def _end_slow_one(self) -> None:
        self._refuse("too_slow")

    def _refuse(self, code: str) -> None:
        """Answer a problem where there is still room for an answer, and end the connection."""
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.disconnected = True  # whoever waits for the body learns that it will not come
            self.cycle.message_event.set()
        if self.conn.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
            self._answer(Problem(code, words={"seconds": _AGAIN_AFTER_S} if code == "too_many_connections" else {}))
        self.transport.close()

    def _answer(self, problem: Problem) -> None:
        body = problem_bytes(problem, language_of(self._spoken()))
        headers = {
            "content-type": MEDIA_TYPE,
            "content-length": str(len(body)),
            "cache-control": "no-store",
            "connection": "close",
            **problem.headers,
        }
        response = h11.Response(status_code=problem.status, headers=list(headers.items()))
        for event in (response, h11.Data(data=body), h11.EndOfMessage()):
            self.transport.write(self.conn.send(event) or b"")

    def _spoken(self) -> str:
        """Return the client's Accept-Language, also where its headers could not be read to the end."""
        found = _SPOKEN.search(self._heard)
        spoken = found[1] if found else dict(self.headers or []).get(b"accept-language", b"")
        return spoken.decode("latin-1")

    def _took_a_place(self) -> bool:
        """End the oldest other connection without a whole request; False where all are being answered."""
        for other in _by_age(self.connections):
            if other is not self and not other.is_being_answered:
                other.transport.abort()
                self.connections.discard(other)
                return True
        return False


def connections_with(patience: Patience) -> type[Connection]:
    """Return the kind of connection that has this much patience."""
    return type("PatientConnection", (Connection,), {"patience": patience})


def _by_age(connections: Iterable[object]) -> list[Connection]:
    return sorted((one for one in connections if isinstance(one, Connection)), key=lambda one: one.opened_at)
