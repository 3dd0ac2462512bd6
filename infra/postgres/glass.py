"""Break-glass as the database keeps it: who opened one case in an emergency or tried to, and what came of it.

Promise: an attempt, the access entry that tells of it and what the case record and the owning unit are to be told are
one row or one transaction: none is without the others, whatever dies. What is read under a broken glass is asked of
that row in the transaction that reads.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import TupleRow, class_row

from events.parties import Audience
from infra.postgres.access_log import AccessEntry, write_entry
from infra.postgres.erasure_barrier import hold_shared
from infra.postgres.faults import reaching
from infra.postgres.pool import Pool
from infra.postgres.sealings import IN_SIGHT
from infra.postgres.view_reader import ENTRIES, CaseRows, Holder, reading_view

Answer: TypeAlias = Literal["broken", "no_case", "sealed", "suspended", "spent", "too_many"]
Reviewed: TypeAlias = Literal["reviewed", "reviewed_before", "own_glass", "no_such_glass"]
Review: TypeAlias = Literal["open", "overdue", "closed"]

_BREAK = "select answer, stream, until, review_due_at from glass.break_case(%s, %s, %s, %s, %s, %s, %s, %s, %s)"
_REVIEW = "select glass.review(%s, %s, %s, %s, %s, %s, %s)"
_SHOWN = "select glass.shown(%s, %s, %s, %s)"
_NAMED = "select set_config('chungtay.glass', %s, true)"

_FILES = """\
select f.stream, f.body::text from {view}.case_files f
where (f.stream = %(stream)s or f.root = %(stream)s) and glass.covers(f.stream, f.root) and {in_sight}
order by f.stream <> %(stream)s, f.stream"""

_TOLD = """\
select t.id, t.at, t.audience, t.unit, t.person, t.answer, r.reference as case, t.lead_unit, t.reason,
  t.explanation::text, t.until, t.review_due_at, t.reviewed_at, t.outcome
from glass.told(%(units)s) t
left join {view}.case_references r on r.stream = t.stream and r.holder = %(holder)s
where (%(after_at)s::timestamptz is null or (t.at, t.id) < (%(after_at)s, %(after_id)s::uuid))
and (%(review)s::text is null or t.answer = 'broken' and %(review)s = case
  when t.outcome is not null then 'closed' when t.review_due_at <= %(at)s then 'overdue' else 'open' end)
order by t.at desc, t.id desc
limit %(limit)s"""

_RATES = "select * from glass.rates(%s, %s, %s)"
_SUBJECTS = "select holder, reference from glass.subjects_shown(%s, %s, %s, %s, %s)"


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks: a person of a unit, and the units it reads for (events.competence)."""

    unit: str
    person: str
    units: frozenset[str]


@dataclass(frozen=True, slots=True)
class Attempt:
    """What somebody asks to see in an emergency, by a unit's own name for it, and why; the explanation is sealed."""

    id: UUID
    holder: str
    reference: str
    reason: str
    explanation: str


@dataclass(frozen=True, slots=True)
class Attempted:
    """What came of an attempt; of which case, until when and with which review only when the glass is broken."""

    answer: Answer
    stream: UUID | None
    until: datetime | None
    review_due_at: datetime | None


@dataclass(frozen=True, slots=True)
class GlassRow:
    """An attempt as a reader is told of it; `case` is the reader's own name for it, where it has one."""

    id: UUID
    at: datetime
    audience: str
    unit: str
    person: str
    answer: Answer
    case: str | None
    lead_unit: str | None
    reason: str
    explanation: str
    until: datetime | None
    review_due_at: datetime | None
    reviewed_at: datetime | None
    outcome: str | None


@dataclass(frozen=True, slots=True)
class UnitRate:
    """How often a unit broke glasses, was refused, and what the reviews said; `open` and `overdue` wait for one."""

    unit: str
    broken: int
    refused: int
    justified: int
    not_justified: int
    open: int
    overdue: int


class GlassBook:
    """Breaks, reviews and reads with the rights of one audience's reader role."""

    def __init__(self, pool: Pool, audience: Audience) -> None:
        self._pool = pool
        self._audience = audience

    async def attempt(
        self,
        who: Person,
        what: Attempt,
        at: datetime,
        erasures: int,
        entry_of: Callable[[Attempted], tuple[AccessEntry, bytes]],
    ) -> Attempted:
        """Break the glass or be refused; the access entry that `entry_of` makes of it is written with it.

        Raises:
            DatabaseUnreachableError: if the database does not answer; whether it is broken is not known.
            ErasedMeanwhile: if a key that sealed the explanation may have been destroyed; nothing was written.
        """
        named = [what.holder, what.reference, what.reason, what.explanation]
        async with self._writing() as connection:
            await hold_shared(connection, erasures)
            asked = [what.id, at, who.unit, who.person, sorted(who.units), *named]
            [row] = await (await connection.execute(_BREAK, asked)).fetchall()
            attempted = Attempted(*row)
            await write_entry(connection, self._audience, *entry_of(attempted))
        return attempted

    async def review(
        self,
        who: Person,
        asked: tuple[UUID, UUID, str],
        at: datetime,
        entry_of: Callable[[Reviewed], tuple[AccessEntry, bytes]],
    ) -> Reviewed:
        """Close the review of a broken glass; the access entry that `entry_of` makes of it is written with it.

        Shape: `asked` is a new id for the review, the glass, and the outcome.

        Raises:
            DatabaseUnreachableError: if the database does not answer.
        """
        new_id, glass, outcome = asked
        values = [new_id, glass, at, who.unit, who.person, sorted(who.units), outcome]
        async with self._writing() as connection:
            [[said]] = await (await connection.execute(_REVIEW, values)).fetchall()
            reviewed: Reviewed = said
            await write_entry(connection, self._audience, *entry_of(reviewed))
        return reviewed

    async def case(self, who: Person, holder: Holder, glass: UUID, at: datetime) -> tuple[UUID | None, CaseRows | None]:
        """Return the case that a broken glass shows to who broke it, and its rows once the view has them.

        Raises:
            DatabaseUnreachableError: if the database does not answer.
        """
        async with reading_view(self._pool, self._audience, holder) as connection:
            await connection.execute(_NAMED, [str(glass)])
            [[stream]] = await (await connection.execute(_SHOWN, [glass, who.unit, who.person, at])).fetchall()
            if stream is None:
                return None, None
            values = {"stream": stream, "units": sorted(holder.units), "sees_sealed": False}
            found = await (await connection.execute(self._sql(_FILES), values)).fetchall()
            if not found or found[0][0] != stream:  # its reports may be here before it
                return stream, None
            entries = await (await connection.execute(self._sql(ENTRIES), [[one for one, _ in found]])).fetchall()
        return stream, CaseRows(stream, tuple(body for _, body in found), tuple(told for [told] in entries))

    async def told(
        self, holder: Holder, at: datetime, review: Review | None, after: tuple[datetime, UUID] | None, limit: int
    ) -> list[GlassRow]:
        """Return the attempts that a holder is told of, the latest first.

        Raises:
            DatabaseUnreachableError: if the database does not answer.
        """
        values = {
            "units": sorted(holder.units),
            "holder": holder.name,
            "after_at": after[0] if after else None,
            "after_id": after[1] if after else None,
            "review": review,
            "at": at,
            "limit": limit,
        }
        async with reading_view(self._pool, self._audience, holder) as connection:
            cursor = connection.cursor(row_factory=class_row(GlassRow))
            return await (await cursor.execute(self._sql(_TOLD), values)).fetchall()

    async def rates(self, at: datetime, since: datetime | None, before: datetime | None) -> list[UnitRate]:
        """Return how often each unit broke glasses between two moments; for the auditor alone.

        Raises:
            DatabaseUnreachableError: if the database does not answer.
        """
        with reaching():
            async with self._pool.connection() as connection:
                cursor = connection.cursor(row_factory=class_row(UnitRate))
                return await (await cursor.execute(_RATES, [at, since, before])).fetchall()

    @asynccontextmanager
    async def _writing(self) -> AsyncIterator[AsyncConnection[TupleRow]]:
        with reaching():
            async with self._pool.connection() as connection, connection.transaction():
                yield connection

    def _sql(self, query: str) -> bytes:
        return query.replace("{in_sight}", IN_SIGHT).replace("{view}", f"view_{self._audience.value}").encode()


class GlassesShown:
    """What the key service asks of broken glasses, with its own rights."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def subjects(self, glass: UUID, audience: Audience, unit: str, person: str, at: datetime) -> frozenset[str]:
        """Return whose keys a broken glass reaches, as subjects of keys begin; none when it does not stand open.

        Raises:
            DatabaseUnreachableError: if the register does not answer.
        """
        with reaching():
            async with self._pool.connection() as connection:
                asked = [glass, audience.value, unit, person, at]
                rows = await (await connection.execute(_SUBJECTS, asked)).fetchall()
        return frozenset(f"{holder}/{reference}" for holder, reference in rows)
