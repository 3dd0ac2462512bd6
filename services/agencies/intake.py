"""Gather what arrives while the register writes, and write it at once: one flush to disk serves many."""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

import structlog

T = TypeVar("T")
A = TypeVar("A")

Write: TypeAlias = Callable[[Sequence[T]], Coroutine[None, None, Sequence[A]]]
_log = structlog.get_logger()
_AT_ONCE = 500  # events; the first of them waits until all are sealed and signed


@dataclass(frozen=True, slots=True)
class _Call(Generic[T, A]):
    items: Sequence[T]
    answers: asyncio.Future[Sequence[A]]


class Intake(Generic[T, A]):
    """One writer at a time; whoever comes meanwhile is written together with all who came meanwhile.

    `away` is what writing raises when trying again at once is of no use, and what callers are told when it has not
    ended within `within_s`: it goes on by itself, holds up nobody, and what it keeps is known again by its id.
    """

    def __init__(self, write: Write[T, A], *, away: type[Exception], within_s: float) -> None:
        self._write = write
        self._away = away
        self._within_s = within_s
        self._left_alone: set[asyncio.Task[Sequence[A]]] = set()
        self._waiting: deque[_Call[T, A]] = deque()
        self._writer: asyncio.Task[None] | None = None

    async def keep(self, items: Sequence[T]) -> Sequence[A]:
        """Return the answers to these items once they are written; what writing raises is raised here.

        Order: items of one call are written in their order, calls in the order they came.
        """
        call = _Call(items, asyncio.get_running_loop().create_future())
        self._waiting.append(call)
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write_all())
        return await call.answers

    async def _write_all(self) -> None:
        while self._waiting:
            await self._write_together(self._gathered())

    async def _write_together(self, calls: Sequence[_Call[T, A]]) -> None:
        """Write some calls at once; when that fails for another reason than `away`, each by itself."""
        try:
            answers = list(await self._written([item for call in calls for item in call.items]))
        except Exception as problem:  # noqa: BLE001 - it belongs to the callers, who wait for it
            if len(calls) > 1 and not isinstance(problem, self._away):
                for call in calls:
                    await self._write_together([call])
                return
            for call in calls:
                _raise_there(call, problem)
            return
        for call in calls:
            mine, answers = answers[: len(call.items)], answers[len(call.items) :]
            if not call.answers.done():  # else the caller has gone; it is written all the same
                call.answers.set_result(mine)

    async def _written(self, items: Sequence[T]) -> Sequence[A]:
        """Return the answers of writing, waiting no longer than callers should."""
        writing = asyncio.ensure_future(self._write(items))
        done, _ = await asyncio.wait({writing}, timeout=self._within_s)
        if not done:
            self._left_alone.add(writing)
            writing.add_done_callback(self._forget)
            raise self._away
        return writing.result()

    def _forget(self, writing: asyncio.Task[Sequence[A]]) -> None:
        self._left_alone.discard(writing)
        if not writing.cancelled() and (problem := writing.exception()) is not None:
            _log.warning("written_late", error=type(problem).__name__)

    def _gathered(self) -> list[_Call[T, A]]:
        calls = [self._waiting.popleft()]
        count = len(calls[0].items)
        while self._waiting and count + len(self._waiting[0].items) <= _AT_ONCE:
            calls.append(self._waiting.popleft())
            count += len(calls[-1].items)
        return calls


def _raise_there(call: _Call[T, A], problem: Exception) -> None:
    if not call.answers.done():
        call.answers.set_exception(problem)
