"""Gather what arrives while the register writes, and write it at once: one flush to disk serves many."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

T = TypeVar("T")
A = TypeVar("A")

Write: TypeAlias = Callable[[Sequence[T]], Awaitable[Sequence[A]]]
_AT_ONCE = 500  # events; the first of them waits until all are sealed and signed


@dataclass(frozen=True, slots=True)
class _Call(Generic[T, A]):
    items: Sequence[T]
    answers: asyncio.Future[Sequence[A]]


class Intake(Generic[T, A]):
    """One writer at a time; whoever comes meanwhile is written together with all who came meanwhile.

    `away` is what writing raises when trying again at once is of no use.
    """

    def __init__(self, write: Write[T, A], *, away: type[Exception]) -> None:
        self._write = write
        self._away = away
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
            answers = list(await self._write([item for call in calls for item in call.items]))
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
