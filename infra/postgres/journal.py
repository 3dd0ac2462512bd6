"""The intake journal of a door: what is answered 202 is in it, sealed, once, in order, with a receipt.

One transaction per call. Whoever accepts an event of a unit holds that unit's row in `receipt_heads`, so that the
unit's receipts and the events of its references are counted without gaps.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Literal, TypeAlias

from psycopg import AsyncConnection
from psycopg.rows import TupleRow, class_row

from infra.crypto.door_secrets import DoorSecrets
from infra.crypto.receipts import FIRST_PREVIOUS, Head, Receipt
from infra.postgres.door_ledger import Entry, Key, Ledger, Row
from infra.postgres.erasure_barrier import hold_shared
from infra.postgres.faults import reaching
from infra.postgres.pool import Pool
from infra.postgres.sealings import room_for_orders, write_orders
from infra.postgres.withdrawals import write_withdrawals

_Connection = AsyncConnection[TupleRow]
_PATIENCE_S = 3.0  # a sender is told soon that nothing can be kept, and sends again
_COLUMNS = tuple(field.name for field in fields(Row))

_LOCK_HEADS = """\
select source, number, digest from {schema}.receipt_heads
where source = any(%s) order by source for update"""

_NEW_HEADS = """\
insert into {schema}.receipt_heads (source, number, digest)
select wanted.source, 0, %s from unnest(%s::text[]) as wanted (source)
where not exists (select from {schema}.receipt_heads as head where head.source = wanted.source)
on conflict do nothing"""

_KNOWN = """\
select {columns} from {schema}.journal
join unnest(%s::text[], %s::text[]) as wanted (source, id) using (source, id)"""

_SEQUENCES = """\
select source, reference, last from {schema}.sequences
join unnest(%s::text[], %s::text[]) as wanted (source, reference) using (source, reference)"""

_INSERT = """\
with added as (
  insert into {schema}.journal ({columns})
  select {columns} from unnest(
    %s::text[], %s::text[], %s::text[], %s::int[], %s::timestamptz[], %s::bool[], %b::bytea[], %b::bytea[],
    %b::bytea[], %s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[]
  ) with ordinality as fresh ({columns}, place)
  order by place
  returning position
)
insert into {schema}.deliveries (position) select position from added"""

_SET_SEQUENCES = """\
insert into {schema}.sequences (source, reference, last)
select * from unnest(%s::text[], %s::text[], %s::int[])
on conflict (source, reference) do update set last = excluded.last"""

_SET_HEADS = """\
update {schema}.receipt_heads as head set number = now.number, digest = now.digest
from unnest(%s::text[], %s::bigint[], %s::text[]) as now (source, number, digest)
where head.source = now.source"""

_ADD_LIKENESS = """\
insert into {schema}.likeness (source, id, reference, recipient, key_version, marks) values (%s, %s, %s, %s, %s, %s)"""

_DELIVERY = """\
select
  coalesce(d.status, case when d.sent_at is null then 'accepted' else 'published' end) as status,
  j.accepted_at, d.recorded_at, d.reference as case, d.reason, s.shown, coalesce(s.held, false) as held
from {schema}.journal as j join {schema}.deliveries as d using (position)
left join {schema}.shown as s on d.status = 'recorded' and s.source = j.source and s.id = j.id
where j.source = %s and j.id = %s"""

_ANY_ROW = "select simulated from {schema}.journal limit 1"


@dataclass(frozen=True, slots=True)
class Kept:
    """The event is in the journal; `first`: it was not before."""

    receipt: Receipt
    first: bool


@dataclass(frozen=True, slots=True)
class Contradicts:
    """Another content was accepted under the same source and id; nothing was written."""


@dataclass(frozen=True, slots=True)
class TooManyOrders:
    """Its unit has so many orders to seal that nobody decided on yet; nothing was written."""


Answer: TypeAlias = Kept | Contradicts | TooManyOrders


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of an accepted event.

    Shape: `case` is the unit's own reference; `shown`: the views have it (None unless it is recorded); `held`: they do
    not, because its case waits in quarantine.
    """

    status: Literal["accepted", "published", "waiting", "recorded", "rejected"]
    accepted_at: datetime
    recorded_at: datetime | None
    case: str | None
    reason: str | None
    shown: bool | None
    held: bool


class Journal:
    """The journal of one door, written with the rights of its role."""

    def __init__(self, pool: Pool, secrets: DoorSecrets) -> None:
        self._pool = pool
        self.secrets = secrets
        self._schema = f"door_{secrets.agency.value}"

    async def accept(self, entries: Sequence[Entry], *, erasures: int) -> list[Answer]:
        """Keep what is new, in one transaction; what was kept before is answered with its first receipt.

        What takes a consent back, or orders a case to be sealed, does so with the same transaction.

        Shape: one answer for each entry, in the same order; `erasures`: how many had been carried out when the keys
        were asked for with which the entries are sealed.

        Raises:
            DatabaseUnreachableError: if the register does not answer; whether anything was kept is not known.
            ErasedMeanwhile: if there was another since; nothing was kept.
        """
        return await self._accept(entries, erasures)

    async def rehearse(self, entries: Sequence[Entry]) -> list[Answer]:
        """Answer as `accept` would, and roll all back.

        Raises:
            DatabaseUnreachableError: if the register does not answer.
        """
        return await self._accept(entries, None)

    async def _accept(self, entries: Sequence[Entry], erasures: int | None) -> list[Answer]:
        """Keep entries; None: nothing is sealed, and all is rolled back.

        Raises:
            ErasedMeanwhile: if an erasure passed since.
        """
        with reaching():
            async with (
                self._pool.connection(_PATIENCE_S) as connection,
                connection.pipeline(),
                connection.transaction(force_rollback=erasures is None),
            ):
                if erasures is not None:
                    await hold_shared(connection, erasures)
                ledger, known = await self._found(connection, entries)
                fresh = [entry for entry in entries if entry.key not in known]
                room = await room_for_orders(connection, (entry.event for entry in fresh))
                for entry in fresh:
                    if entry.key not in known and room.takes(entry.event):
                        known[entry.key] = ledger.add(entry)
                if ledger.rows:
                    await self._write(connection, ledger)
                    await write_withdrawals(connection, ledger.events)
                    await write_orders(connection, ledger.events)
        first = {(row.source, row.id) for row in ledger.rows}
        return [self._answer(entry, known.get(entry.key), first) for entry in entries]

    async def delivery(self, source: str, id_: str) -> Delivery | None:
        """Return what became of an event, or None if it was never accepted.

        Raises:
            DatabaseUnreachableError: if the register does not answer.
        """
        with reaching():
            async with self._pool.connection(_PATIENCE_S) as connection:
                cursor = connection.cursor(row_factory=class_row(Delivery))
                return await (await cursor.execute(self._sql(_DELIVERY), [source, id_])).fetchone()

    async def is_simulated(self) -> bool | None:
        """Say whether what it holds was accepted in simulated time; None while it is empty.

        Raises:
            DatabaseUnreachableError: if the register does not answer.
        """
        with reaching():
            async with self._pool.connection(_PATIENCE_S) as connection:
                row = await (await connection.execute(self._sql(_ANY_ROW))).fetchone()
        return row[0] if row else None

    def _answer(self, entry: Entry, row: Row | None, first: set[Key]) -> Answer:
        if row is None:
            return TooManyOrders()
        if row.mark != entry.mark:
            return Contradicts()
        is_first = entry.key in first
        first.discard(entry.key)  # a second copy in the same call is not the first
        return Kept(row.receipt(self.secrets), is_first)

    async def _found(self, connection: _Connection, entries: Sequence[Entry]) -> tuple[Ledger, dict[Key, Row]]:
        """Return where the units' counts are and what is known already, the units' heads locked.

        All is asked in one round trip; each statement begins, and sees, after the one before has its locks.
        """
        sources = sorted({entry.event.source for entry in entries})
        events = [[entry.event.source for entry in entries], [entry.event.id for entry in entries]]
        about = sorted({(entry.event.source, entry.event.subject) for entry in entries})
        references = [[source for source, _ in about], [reference for _, reference in about]]
        await connection.execute(self._sql(_NEW_HEADS), [FIRST_PREVIOUS, sources])
        heads = await connection.execute(self._sql(_LOCK_HEADS), [sources])
        known = await connection.cursor(row_factory=class_row(Row)).execute(self._sql(_KNOWN), events)
        counted = await connection.execute(self._sql(_SEQUENCES), references)
        ledger = Ledger(
            {source: Head(number, digest) for source, number, digest in await heads.fetchall()},
            {(source, reference): last for source, reference, last in await counted.fetchall()},
            self.secrets,
        )
        return ledger, {(row.source, row.id): row for row in await known.fetchall()}

    async def _write(self, connection: _Connection, ledger: Ledger) -> None:
        rows = [[getattr(row, column) for row in ledger.rows] for column in _COLUMNS]
        about = [[key[0] for key in ledger.sequences], [key[1] for key in ledger.sequences]]
        heads = ledger.heads.values()
        await connection.execute(self._sql(_INSERT), rows)
        await connection.execute(self._sql(_SET_SEQUENCES), [*about, list(ledger.sequences.values())])
        await connection.execute(
            self._sql(_SET_HEADS),
            [list(ledger.heads), [head.number for head in heads], [head.digest for head in heads]],
        )
        if ledger.likeness:
            await connection.cursor().executemany(self._sql(_ADD_LIKENESS), ledger.likeness)

    def _sql(self, statement: str) -> str:
        return statement.format(schema=self._schema, columns=", ".join(_COLUMNS))
