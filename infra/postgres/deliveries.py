"""What a door still has to send, and what came back: the journal's rows on their way."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from psycopg.rows import class_row

from events.parties import Agency
from infra.postgres.faults import reaching
from infra.postgres.pool import Pool

_DUE = """\
select j.position, j.courier_key, j.message
from {schema}.deliveries as d join {schema}.journal as j using (position)
where d.status is null and (
  d.sent_at is null or d.sent_to <> %s or d.sent_at < clock_timestamp() - %s * interval '1 second'
)
order by j.position limit %s"""

_UNSENT = """\
select j.position, j.courier_key, j.message
from {schema}.deliveries as d join {schema}.journal as j using (position)
where d.status is null and d.sent_at is null
order by j.position limit %s"""

_MARK_SENT = """\
update {schema}.deliveries set sent_at = clock_timestamp(), sent_to = %s where position = any(%s)"""

# A final outcome stays; one that waits may still be recorded or rejected.
_SET_OUTCOMES = """\
update {schema}.deliveries as d
set status = told.status, reason = told.reason, reference = told.reference, recorded_at = told.recorded_at
from unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::timestamptz[])
  as told (source, id, status, reason, reference, recorded_at)
join {schema}.journal as j using (source, id)
where d.position = j.position and (d.status is null or d.status = 'waiting')"""

_SET_POSITIONS = """\
insert into {schema}.positions (topic, partition, next_offset, cluster_id)
select * from unnest(%s::text[], %s::int[], %s::bigint[], %s::text[])
on conflict (topic, partition) do update set next_offset = excluded.next_offset, cluster_id = excluded.cluster_id"""

_POSITIONS = "select topic, partition, next_offset, cluster_id from {schema}.positions"

_BACKLOG = """\
select
  count(*) filter (where sent_at is null) as unsent,
  count(*) as without_outcome,
  extract(epoch from clock_timestamp() - min(kept_at) filter (where sent_at is null))::float8 as unsent_age_s,
  extract(epoch from clock_timestamp() - min(kept_at))::float8 as age_s
from {schema}.deliveries where status is null"""


@dataclass(frozen=True, slots=True)
class Due:
    """A message that has to be sent."""

    position: int
    courier_key: bytes
    message: bytes


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the case record says came of an event."""

    source: str
    id: str
    status: Literal["waiting", "recorded", "rejected"]
    reason: str | None
    reference: str | None
    recorded_at: datetime | None


@dataclass(frozen=True, slots=True)
class Position:
    """How far a partition was read, of which broker."""

    topic: str
    partition: int
    next_offset: int
    cluster_id: str


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many accepted events were not sent yet, how many have no outcome yet, and how old the oldest of each is."""

    unsent: int
    without_outcome: int
    unsent_age_s: float | None = None
    age_s: float | None = None


class Deliveries:
    """The deliveries of one door, written with the rights of its role."""

    def __init__(self, pool: Pool, agency: Agency) -> None:
        self._pool = pool
        self._schema = f"door_{agency.value}"

    async def due(self, cluster_id: str, *, resend_after_s: float, limit: int) -> list[Due]:
        """Return what was never sent to this broker, or has no outcome though it was sent long enough ago.

        Order: as accepted, so in order per reference.

        Raises:
            DatabaseUnreachableError: if the register does not answer.
        """
        with reaching():
            async with self._pool.connection() as connection:
                cursor = connection.cursor(row_factory=class_row(Due))
                return await (await cursor.execute(self._sql(_DUE), [cluster_id, resend_after_s, limit])).fetchall()

    async def unsent(self, *, limit: int) -> list[Due]:
        """Return what was never sent: what `due` returns too, but without a look at all that is under way.

        Order: as accepted, so in order per reference.

        Raises:
            DatabaseUnreachableError: if the register does not answer.
        """
        with reaching():
            async with self._pool.connection() as connection:
                cursor = connection.cursor(row_factory=class_row(Due))
                return await (await cursor.execute(self._sql(_UNSENT), [limit])).fetchall()

    async def mark_sent(self, positions: Collection[int], cluster_id: str) -> None:
        """Note that the broker has these.

        Raises:
            DatabaseUnreachableError: if the register does not answer; then they are sent again, which is harmless.
        """
        with reaching():
            async with self._pool.connection() as connection:
                await connection.execute(self._sql(_MARK_SENT), [cluster_id, list(positions)])

    async def settle(self, outcomes: Sequence[Outcome], positions: Sequence[Position]) -> None:
        """Note what came of events and how far the outcomes were read, in one transaction; again is harmless.

        Raises:
            DatabaseUnreachableError: if the register does not answer.
        """
        last = list(_last_of_each(outcomes).values())
        columns = ("source", "id", "status", "reason", "reference", "recorded_at")
        told = [[getattr(outcome, name) for outcome in last] for name in columns]
        read = [
            [getattr(position, name) for position in positions]
            for name in ("topic", "partition", "next_offset", "cluster_id")
        ]
        with reaching():
            async with self._pool.connection() as connection, connection.transaction():
                if last:
                    await connection.execute(self._sql(_SET_OUTCOMES), told)
                await connection.execute(self._sql(_SET_POSITIONS), read)

    async def positions(self) -> list[Position]:
        """Return how far the outcomes were read.

        Raises:
            DatabaseUnreachableError: if the register does not answer.
        """
        with reaching():
            async with self._pool.connection() as connection:
                cursor = connection.cursor(row_factory=class_row(Position))
                return await (await cursor.execute(self._sql(_POSITIONS))).fetchall()

    async def backlog(self) -> Backlog:
        """Return how much is under way.

        Raises:
            DatabaseUnreachableError: if the register does not answer.
        """
        with reaching():
            async with self._pool.connection() as connection:
                cursor = connection.cursor(row_factory=class_row(Backlog))
                row = await (await cursor.execute(self._sql(_BACKLOG))).fetchone()
        return row or Backlog(0, 0)

    def _sql(self, statement: str) -> str:
        return statement.format(schema=self._schema)


def _last_of_each(outcomes: Sequence[Outcome]) -> dict[tuple[str, str], Outcome]:
    """One outcome an event: a final one over one that waits, else the later one."""
    last: dict[tuple[str, str], Outcome] = {}
    for outcome in outcomes:
        key = outcome.source, outcome.id
        if key not in last or last[key].status == "waiting":
            last[key] = outcome
    return last
