"""Gather what arrives while the register writes, and write it in one transaction: one flush to disk serves many."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from infra.postgres.door_ledger import Entry
from infra.postgres.journal import Contradicts, Journal, Kept

Answers: TypeAlias = list[Kept | Contradicts]
_AT_ONCE = 500  # events; the last of them waits for the signatures of all


@dataclass(frozen=True, slots=True)
class _Call:
    entries: Sequence[Entry]
    answers: asyncio.Future[Answers]


class Intake:
    """The one writer of a door in this process; `on_kept` is called after something was written."""

    def __init__(self, journal: Journal, on_kept: Callable[[], None]) -> None:
        self._journal = journal
        self._on_kept = on_kept
        self._waiting: deque[_Call] = deque()
        self._writer: asyncio.Task[None] | None = None

    async def keep(self, entries: Sequence[Entry]) -> Answers:
        """Keep entries and return when they are on disk.

        Order: entries of one call are kept in their order, calls in the order they came.

        Raises:
            DatabaseUnreachableError: if the register does not answer.
        """
        call = _Call(entries, asyncio.get_running_loop().create_future())
        self._waiting.append(call)
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write())
        return await call.answers

    async def _write(self) -> None:
        while self._waiting:
            calls = self._gathered()
            try:
                answers = await self._journal.accept([entry for call in calls for entry in call.entries])
            except Exception as problem:  # noqa: BLE001 - it belongs to the callers, who wait for it
                _tell_all(calls, problem)
                continue
            for call in calls:
                mine, answers = answers[: len(call.entries)], answers[len(call.entries) :]
                if not call.answers.done():
                    call.answers.set_result(mine)
            self._on_kept()

    def _gathered(self) -> list[_Call]:
        calls = [self._waiting.popleft()]
        count = len(calls[0].entries)
        while self._waiting and count + len(self._waiting[0].entries) <= _AT_ONCE:
            calls.append(self._waiting.popleft())
            count += len(calls[-1].entries)
        return calls


def _tell_all(calls: Sequence[_Call], problem: Exception) -> None:
    for call in calls:
        if not call.answers.done():
            call.answers.set_exception(problem)
