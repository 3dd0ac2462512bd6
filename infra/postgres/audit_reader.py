"""The register as the auditor reads it: whole streams to replay, and every link to verify, in bounded memory.

Privacy: in the place of each box stands its SHA-256 (`events.chain.without_boxes`); its role has no right to more.
"""

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection

from events.chain import Way
from events.envelope import UnitId
from infra.postgres.agreement_rows import AGREEMENT_STREAM, AdoptedRow
from infra.postgres.faults import reaching
from infra.postgres.pool import Pool

_ROWS_AT_A_TIME = 500

_STREAMS = """\
select originator_id, state from case_record.events_without_boxes where originator_id = any(%s)
order by originator_id, originator_version"""

# Every way: an event without its link, a link without its event, a decision on a message whose event is gone, and a
# stream that ends before what the views were shown of it.
_PAIRS = """\
select stream, version, state, digest, decided, topic, way
from (
  select originator_id as stream, originator_version as version, state, topic
  from case_record.events_without_boxes
  where %(streams)s::uuid[] is null or originator_id = any(%(streams)s)
) as events
full join (
  select stream, version, digest, way from case_record.links
  where way in (1, 2) and (%(streams)s::uuid[] is null or stream = any(%(streams)s))
) as links using (stream, version)
full join (
  select stream, version, id as decided from case_record.inbox
  where status = 'recorded' and (%(streams)s::uuid[] is null or stream = any(%(streams)s))
) as inbox using (stream, version)
full join (
  select stream, version from case_record.shown
  where %(streams)s::uuid[] is null or stream = any(%(streams)s)
) as shown using (stream, version)
order by stream, version"""

_ORDERS = "select stream, unit, units, accepted_at, decided_at from sealing.orders_about(%s)"

_ADOPTIONS = """\
select number, version, adopted_at, document, signatures, state
from agreement.versions
full join (
  select originator_version - 1 as number, state from case_record.events_without_boxes
  where originator_id = %s
) as events using (number)
order by number"""


@dataclass(frozen=True, slots=True)
class PairRow:
    """One version of a stream: the recorded bytes without boxes and the digest linked to them, None if missing.

    Shape: `decided` is the id of the message whose statement this was recorded as, None for other events.
    """

    stream: UUID
    version: int
    recorded: bytes | None
    digest: bytes | None
    decided: str | None
    type: str | None  # the name stored beside the bytes
    way: Way | None  # what the digest was taken over; a link of no way that is known counts as none


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order to seal, from its door's acceptance until it was decided on, if it was.

    Shape: `stream` is what the unit that states it calls so, `units` those that it names.
    """

    stream: UUID
    unit: UnitId
    units: tuple[UnitId, ...]
    accepted_at: datetime
    decided_at: datetime | None


class AuditReader:
    """Reads case_record.events_without_boxes, links and inbox; the role has no right to change them."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def streams(self, streams: Collection[UUID]) -> dict[UUID, list[bytes]]:
        """Return the recorded bytes without boxes of each of these streams, by version.

        Raises:
            DatabaseUnreachableError: if the database does not answer.
        """
        found: dict[UUID, list[bytes]] = {stream: [] for stream in streams}
        with reaching():
            async with self._pool.connection() as connection:
                rows = await (await connection.execute(_STREAMS, [list(streams)])).fetchall()
        for stream, recorded in rows:
            found[stream].append(recorded)
        return found

    async def orders(self, streams: Collection[UUID]) -> list[OrderRow]:
        """Return every order to seal that doors accepted of these streams, in that order, decided on or not.

        Raises:
            DatabaseUnreachableError: if the database does not answer.
        """
        with reaching():
            async with self._pool.connection() as connection:
                rows = await (await connection.execute(_ORDERS, [list(streams)])).fetchall()
        return [OrderRow(stream, unit, tuple(units), *moments) for stream, unit, units, *moments in rows]

    async def adoptions(self) -> list[tuple[AdoptedRow | None, bytes | None]]:
        """Return every version of the agreement beside the event of its adoption, the oldest first, as of one moment.

        Shape: None stands for the one that is missing.

        Raises:
            DatabaseUnreachableError: if the database does not answer.
        """
        with reaching():
            async with self._pool.connection() as connection:
                rows = await (await connection.execute(_ADOPTIONS, [AGREEMENT_STREAM])).fetchall()
        return [(AdoptedRow(*version) if version[1] else None, recorded) for *version, recorded in rows]

    @asynccontextmanager
    async def pairs(self, streams: Collection[UUID] | None = None) -> AsyncIterator[AsyncIterator[PairRow]]:
        """Open every version of every stream, or of these, by stream and version, as of one moment.

        Units: 500 rows are in memory at a time.

        Raises:
            DatabaseUnreachableError: if the database does not answer.
        """
        with reaching():
            async with self._pool.connection() as connection, connection.transaction():
                await connection.execute("set transaction isolation level repeatable read read only")
                yield _pairs(connection, streams)


async def _pairs(connection: AsyncConnection[Any], streams: Collection[UUID] | None) -> AsyncIterator[PairRow]:
    async with connection.cursor("pairs") as cursor:
        cursor.itersize = _ROWS_AT_A_TIME
        await cursor.execute(_PAIRS, {"streams": None if streams is None else list(streams)})
        async for row in cursor:
            yield _pair(row)


def _pair(row: Sequence[Any]) -> PairRow:
    stream, version, recorded, digest, decided, type_, way = row
    return PairRow(stream, version, recorded, digest, decided, type_, Way(way) if way else None)
