"""One audience's view as its own reader role sees it: nothing else can be asked for.

What comes out is the stored JSON text of files and entries; the projections read it, not this module.
"""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeAlias, cast
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from events.parties import STANDING_AUDIENCES, Audience
from infra.postgres.faults import reaching
from infra.postgres.pool import Pool
from infra.postgres.sealings import HIDDEN_STATED, IN_SIGHT

# For whom the rows are read: the database gives no others (schema/76_rows.each_audience.sql).
_STATED = f"select set_config('chungtay.units', %s, true), set_config('chungtay.leaders', %s, true), {HIDDEN_STATED}"

# A case that a unit took over goes by its old name, unless it has one of its own.
_NAMED = (
    "r.holder = any(%(names)s) and (r.holder = %(holder)s or not exists ("
    "select from {view}.case_references o where o.stream = r.stream and o.holder = %(holder)s))"
)

# Only what the reader's own unit has a name for; a report that belongs to a case is reached through the case.
_LISTED = """\
select f.stream, r.reference, f.changed_at, f.body::text
from {view}.case_files f join {view}.case_references r on r.stream = f.stream and {named}
where f.root is null and {in_sight} {and_wanted}
order by f.changed_at desc, f.stream desc
limit %(limit)s"""

# The clock of a report runs on after the report was linked: it is told under the name of the case.
_DUE = """\
select f.due_at, r.reference, array_agg(f.body::text order by f.stream)
from {view}.case_files f
join {view}.case_references r on r.stream = coalesce(f.root, f.stream) and {named}
left join {view}.case_files c on c.stream = f.root
where f.due_at is not null and {in_sight} {and_wanted}
group by f.due_at, r.reference
order by f.due_at, r.reference
limit %(limit)s"""

# What is wanted, one condition each; only those that are asked for are sent, so that each list has a plan of its own.
_LISTED_WANTED = {
    "status": "(f.status = %(status)s or f.stage = %(status)s)",
    "unit": "f.units @> array[%(unit)s]",
    "lead": "f.lead_unit = %(lead)s",
    "changed_since": "f.changed_at >= %(changed_since)s",
    "due_from": "exists (select from {view}.case_files d where (d.stream = f.stream or d.root = f.stream)"
    " and d.due_at >= %(due_from)s and d.due_at < %(due_before)s)",
    "due_before": "exists (select from {view}.case_files d where (d.stream = f.stream or d.root = f.stream)"
    " and d.due_at < %(due_before)s)",
    "open_only": "f.status <> 'closed'",
    "after_at": "(f.changed_at, f.stream) < (%(after_at)s, (select stream from {view}.case_references"
    " where holder = any(%(names)s) and reference = %(after_reference)s"
    " order by holder <> %(holder)s, stream limit 1))",
}
_DUE_WANTED = {
    "due_from": "f.due_at >= %(due_from)s",
    "due_before": "f.due_at < %(due_before)s",
    "open_only": "coalesce(c.status, f.status) <> 'closed'",
    "after_at": "(f.due_at, r.reference) > (%(after_at)s, %(after_reference)s)",
}

# The file asked for, the reports linked to it, and the case it belongs to.
_FILES = """\
with asked as (
  select f.stream, f.root from {view}.case_references r join {view}.case_files f using (stream)
  where r.holder = any(%(names)s) and r.reference = %(reference)s
  order by r.holder <> %(holder)s, r.holder
  limit 1
)
select f.stream, f.stream = a.stream, f.root is not distinct from a.stream, f.body::text
from asked a join {view}.case_files f on f.stream = a.stream or f.root = a.stream or f.stream = a.root
where {in_sight}
order by f.stream"""

ENTRIES = """\
select told::text from {view}.entries where stream = any(%s) order by recorded_at, stream, version"""

# Whom the holder has a name for, a report of a case by the name of the case; the surest likeness counts.
_ALIKE = """\
select r.reference, f.stream, l.version
from (
  select stream, version, (
    select min(array_position(%(marks)s::bytea[], mark)) from unnest(marks) as mark
  ) as place
  from {view}.likeness where marks && %(marks)s::bytea[]
) as l
join {view}.case_files f using (stream)
join {view}.case_references r on r.stream = coalesce(f.root, f.stream) and {named}
where {in_sight}
order by l.place, f.changed_at desc, f.stream, l.version
limit %(limit)s"""

ReceiptState: TypeAlias = Literal["unknown", "pending", "shown"]


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose names are used, and for whom the view is read.

    Shape: `name` is the reading unit, or its standing audience; `units` the unit with those it took over from,
           `leaders` the units of its territory (events.competence).
    """

    name: str
    units: frozenset[str]
    leaders: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed to; None does not narrow.

    Shape: the earliest running deadline is due in `due_from` ≤ … < `due_before`; `open_only` leaves out closed cases.
    """

    status: str | None = None
    unit: str | None = None
    lead: str | None = None
    changed_since: datetime | None = None
    due_from: datetime | None = None
    due_before: datetime | None = None
    open_only: bool = False


@dataclass(frozen=True, slots=True)
class After:
    """Where a page begins: behind the row with this moment and this name of the holder's own."""

    at: datetime
    reference: str


@dataclass(frozen=True, slots=True)
class ListedRow:
    """A file on a list page; `at` is what the page is ordered by, `body` the file as JSON."""

    stream: UUID
    reference: str
    at: datetime
    body: str


@dataclass(frozen=True, slots=True)
class DueRow:
    """A moment at which something of a case is due next: the files, as JSON, whose earliest clock that is."""

    at: datetime
    reference: str
    bodies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AlikeRow:
    """An entry whose child is like the one sought, and the holder's name of the case it is read through."""

    reference: str
    stream: UUID
    version: int


@dataclass(frozen=True, slots=True)
class CaseRows:
    """One case: the stream asked for, the files of it, its reports and its case, and the entries to be read."""

    asked: UUID
    files: tuple[str, ...]
    entries: tuple[str, ...]


@asynccontextmanager
async def reading_view(pool: Pool, audience: Audience, holder: Holder) -> AsyncIterator[AsyncConnection[TupleRow]]:
    """Hold one moment of an audience's view, as it is for a holder.

    Raises:
        DatabaseUnreachableError: if the database does not answer.
    """
    with reaching():
        async with pool.connection() as connection, connection.transaction():
            await connection.execute("set transaction isolation level repeatable read read only")
            joined = [",".join(sorted(group)) for group in (holder.units, holder.leaders)]
            stated = _STATED.replace("{view}", f"view_{audience.value}").encode()
            await connection.execute(stated, [*joined, sorted(holder.units)])
            yield connection


class ViewReader:
    """Reads the view of one audience, with the rights of the role the pool connects as."""

    def __init__(self, pool: Pool, audience: Audience) -> None:
        self._pool = pool
        self.audience = audience

    async def answers(self) -> bool:
        """Return whether the view can be read, by reading it.

        Raises:
            DatabaseUnreachableError: if the database does not answer.
        """
        with reaching():
            async with self._pool.connection() as connection:
                await connection.execute(self._sql("select stream from {view}.case_files limit 1"))
        return True

    async def listed(self, holder: Holder, wanted: Wanted, after: After | None, limit: int) -> list[ListedRow]:
        """Return the cases and unlinked reports that the holder has a name for, the latest changed first.

        Raises:
            DatabaseUnreachableError: if the database does not answer.
        """
        return [ListedRow(*row) for row in await self._page((_LISTED, _LISTED_WANTED), holder, wanted, after, limit)]

    async def due(self, holder: Holder, wanted: Wanted, after: After | None, limit: int) -> list[DueRow]:
        """Return what is due, the earliest first.

        Raises:
            DatabaseUnreachableError: if the database does not answer.
        """
        rows = await self._page((_DUE, _DUE_WANTED), holder, wanted, after, limit)
        return [DueRow(at, reference, tuple(bodies)) for at, reference, bodies in rows]

    async def case(self, holder: Holder, reference: str) -> CaseRows | None:
        """Return one file by the holder's own name, with all that is read through it; None when there is none.

        Raises:
            DatabaseUnreachableError: if the database does not answer.
        """
        values = {**self._values(holder), "reference": reference}
        async with reading_view(self._pool, self.audience, holder) as connection:
            found = await (await connection.execute(self._sql(_FILES), values)).fetchall()
            asked = next((stream for stream, is_asked, _, _ in found if is_asked), None)
            if asked is None:
                return None
            read = [stream for stream, is_asked, is_member, _ in found if is_asked or is_member]
            entries = await (await connection.execute(self._sql(ENTRIES), [read])).fetchall()
        return CaseRows(asked, tuple(body for *_, body in found), tuple(told for [told] in entries))

    async def alike(self, holder: Holder, marks: Sequence[bytes], limit: int) -> list[AlikeRow]:
        """Return the entries of cases the holder has a name for that bear one of these marks, the first mark first.

        Raises:
            DatabaseUnreachableError: if the database does not answer.
        """
        values = {**self._values(holder), "marks": list(marks), "limit": limit}
        async with reading_view(self._pool, self.audience, holder) as connection:
            return [AlikeRow(*row) for row in await (await connection.execute(self._sql(_ALIKE), values)).fetchall()]

    async def references(self, holder: Holder, streams: Collection[UUID]) -> dict[UUID, str]:
        """Return the holder's names of those of these streams that it has a name for.

        Raises:
            DatabaseUnreachableError: if the database does not answer.
        """
        query = self._sql("select stream, reference from {view}.case_references where holder = %s and stream = any(%s)")
        async with reading_view(self._pool, self.audience, holder) as connection:
            return dict(await (await connection.execute(query, [holder.name, list(streams)])).fetchall())

    async def receipt_state(self, unit: str, number: int) -> ReceiptState:
        """Say whether what a unit's receipt stands for is in the views; unknown of another agency than the reader's.

        Raises:
            DatabaseUnreachableError: if the database does not answer.
        """
        with reaching():
            async with self._pool.connection() as connection:
                found = await connection.execute(self._sql("select {view}.receipt_state(%s, %s)"), [unit, number])
                [state] = (await found.fetchone()) or ("unknown",)
        return cast(ReceiptState, state)

    async def _page(
        self, query: tuple[str, Mapping[str, str]], holder: Holder, wanted: Wanted, after: After | None, limit: int
    ) -> list[TupleRow]:
        values: dict[str, Any] = {name: getattr(wanted, name) for name in Wanted.__dataclass_fields__}
        values |= {"after_at": after.at, "after_reference": after.reference} if after else {}
        text, conditions = query
        asked = [condition for name, condition in conditions.items() if values.get(name)]
        sql = self._sql(text.replace("{and_wanted}", "".join(f" and {one}" for one in asked)))
        values |= {**self._values(holder), "limit": limit}
        async with reading_view(self._pool, self.audience, holder) as connection:
            return await (await connection.execute(sql, values)).fetchall()

    def _values(self, holder: Holder) -> dict[str, Any]:
        return {
            "holder": holder.name,
            "names": sorted({holder.name} if self.audience in STANDING_AUDIENCES else holder.units),
            "units": sorted(holder.units),
            "sees_sealed": self.audience is Audience.AUDITOR,
        }

    def _sql(self, query: str) -> bytes:
        whole = query.replace("{named}", _NAMED).replace("{in_sight}", IN_SIGHT)
        return whole.replace("{view}", f"view_{self.audience.value}").encode()
