"""The views as the projector writes them: every audience's rows and its own position in one transaction.

Commits do not wait for the disk: what a crash takes back is taken back whole, position and rows together,
and read from the register again.
"""

import asyncio
from collections.abc import AsyncIterator, Collection, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from itertools import groupby
from typing import Any
from uuid import UUID

import psycopg
from psycopg import AsyncConnection, AsyncCursor

from events.parties import Audience
from infra.postgres.faults import reaching
from infra.postgres.roles import AUDIENCES
from infra.postgres.view_rows import Changes, EntryRow, FileRow, Held, Progress, Quarantined, StreamRow

_CONNECT_TIMEOUT_S = 10

_LOAD_FILES = " union all ".join(
    f"select '{audience}', stream, body::text from view_{audience}.case_files where stream = any(%(streams)s)"
    for audience in AUDIENCES
)
_INSERT_STREAMS = (
    "insert into projector.streams (stream, version, routing)"
    " select stream, version, routing::jsonb from unnest(%b::uuid[], %b::bigint[], %b::text[])"
    " as made (stream, version, routing) on conflict do nothing"
)
_UPDATE_STREAMS = (
    "update projector.streams as kept set version = made.version, routing = made.routing::jsonb"
    " from unnest(%b::uuid[], %b::bigint[], %b::bigint[], %b::text[]) as made (stream, before, version, routing)"
    " where kept.stream = made.stream and kept.version = made.before"
)
_FILES = (
    "insert into view_{audience}.case_files (stream, kind, status, stage, emergency, lead_unit, units, root,"
    " opened_at, changed_at, due_at, body)"
    " select stream, kind, status, stage, emergency, lead_unit, string_to_array(units, ','), root,"
    " opened_at, changed_at, due_at, body::jsonb"
    " from unnest(%b::uuid[], %b::text[], %b::text[], %b::text[], %b::bool[], %b::text[], %b::text[], %b::uuid[],"
    " %b::timestamptz[], %b::timestamptz[], %b::timestamptz[], %b::text[])"
    " as made (stream, kind, status, stage, emergency, lead_unit, units, root, opened_at, changed_at, due_at, body)"
    " on conflict (stream) do update set kind = excluded.kind, status = excluded.status, stage = excluded.stage,"
    " emergency = excluded.emergency, lead_unit = excluded.lead_unit, units = excluded.units, root = excluded.root,"
    " opened_at = excluded.opened_at, changed_at = excluded.changed_at, due_at = excluded.due_at,"
    " body = excluded.body"
)
_ENTRIES = (
    "insert into view_{audience}.entries (stream, version, event_id, occurred_at, recorded_at, told)"
    " select stream, version, event_id, occurred_at, recorded_at, told::jsonb"
    " from unnest(%b::uuid[], %b::bigint[], %b::text[], %b::timestamptz[], %b::timestamptz[], %b::text[])"
    " as made (stream, version, event_id, occurred_at, recorded_at, told) on conflict do nothing"
)
_NAMES = (
    "insert into view_{audience}.case_references (holder, reference, stream)"
    " select * from unnest(%b::text[], %b::text[], %b::uuid[]) on conflict do nothing"
)
_QUARANTINE = (
    "insert into projector.quarantine (stream, version, reason)"
    " select * from unnest(%b::uuid[], %b::bigint[], %b::text[]) on conflict do nothing"
)
_PROGRESS = (
    "with done as (select position from projector.watermark)"
    " select done.position,"
    " (select e.notification_id from case_record.events e"
    "  left join projector.streams s on s.stream = e.originator_id"
    "  where e.notification_id > done.position and e.originator_version > coalesce(s.version, 0)"
    "  and not exists (select from projector.quarantine q where q.stream = e.originator_id)"
    "  order by e.notification_id limit 1),"
    " (select coalesce(max(notification_id), 0) from case_record.events)"
    " from done"
)


class ProjectedMeanwhileError(Exception):
    """Another projector was faster with one of the streams; nothing was written: load and fold again."""


class RowsRefusedError(Exception):
    """The database would not take the rows; nothing was written."""


class ViewStore:
    """Loads what is to be folded on, saves what came of it; for one projector or several.

    One connection, used in turn; a broken one is replaced at the next call.
    """

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._connection: AsyncConnection[Any] | None = None
        self._turn = asyncio.Lock()

    async def close(self) -> None:
        """Give the connection back."""
        async with self._turn:
            await self._drop()

    async def load(self, streams: Collection[UUID]) -> Held:
        """Return what the views know of some streams, all of it as of one moment.

        Raises:
            DatabaseUnreachableError: if the database does not answer.
        """
        wanted = {"streams": list(streams)}
        async with self._connected() as connection, connection.transaction(), connection.pipeline():
            await connection.execute("set transaction isolation level repeatable read, read only")
            of_streams = await connection.execute(
                "select stream, version, routing::text from projector.streams where stream = any(%(streams)s)",
                wanted,
            )
            of_quarantine = await connection.execute(
                "select stream from projector.quarantine where stream = any(%(streams)s)", wanted
            )
            of_files = await connection.execute(_LOAD_FILES.encode(), wanted)
            rows = await of_streams.fetchall()
            waiting = await of_quarantine.fetchall()
            files = await of_files.fetchall()
        return Held(
            {stream: version for stream, version, _ in rows},
            {stream: routing for stream, _, routing in rows},
            {(Audience(audience), stream): body for audience, stream, body in files},
            frozenset(stream for [stream] in waiting),
        )

    async def save(self, changes: Changes) -> None:
        """Write all changes in one transaction.

        Raises:
            ProjectedMeanwhileError: if a stream is no longer at the version the changes follow.
            RowsRefusedError: if the database will not take a row.
            DatabaseUnreachableError: if the database does not answer.
        """
        async with self._connected() as connection:
            with _refusing():
                async with connection.transaction():
                    async with connection.pipeline():
                        counted = await _write_streams(connection, changes.streams)
                        await _write_views(connection, changes)
                        await _write_quarantine(connection, changes.quarantined)
                    if sum(cursor.rowcount for cursor in counted) != len(changes.streams):
                        raise ProjectedMeanwhileError

    async def quarantined(self) -> list[UUID]:
        """Return the streams that wait, the longest waiting first.

        Raises:
            DatabaseUnreachableError: if the database does not answer.
        """
        async with self._connected() as connection:
            found = await connection.execute("select stream from projector.quarantine order by since")
            return [stream for [stream] in await found.fetchall()]

    async def release(self, stream: UUID) -> None:
        """Let a stream out of quarantine.

        Raises:
            DatabaseUnreachableError: if the database does not answer.
        """
        async with self._connected() as connection:
            await connection.execute("delete from projector.quarantine where stream = %s", [stream])

    async def progress(self) -> Progress:
        """Return how far the views are behind the register, as of one moment.

        Raises:
            DatabaseUnreachableError: if the database does not answer.
        """
        async with self._connected() as connection:
            [row] = await (await connection.execute(_PROGRESS.encode())).fetchall()
        return Progress(*row)

    async def mark_done(self, position: int) -> None:
        """Note that every event up to a position is in the views or in quarantine; never goes back.

        Raises:
            DatabaseUnreachableError: if the database does not answer.
        """
        async with self._connected() as connection:
            await connection.execute(
                "update projector.watermark set position = %s where position < %s", [position, position]
            )

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[AsyncConnection[Any]]:
        async with self._turn:
            with reaching():
                if self._connection is None:
                    self._connection = await AsyncConnection.connect(
                        self._dsn, autocommit=True, connect_timeout=_CONNECT_TIMEOUT_S, keepalives_idle=5
                    )
                try:
                    yield self._connection
                except (ProjectedMeanwhileError, RowsRefusedError):
                    raise  # rolled back; the connection is good
                except BaseException:
                    await self._drop()
                    raise

    async def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except (psycopg.DataError, psycopg.IntegrityError) as problem:
        raise RowsRefusedError(type(problem).__name__) from None


async def _write_streams(connection: AsyncConnection[Any], rows: Sequence[StreamRow]) -> list[AsyncCursor[Any]]:
    await connection.execute("set local synchronous_commit = off")
    new = [row for row in rows if row.before == 0]
    moved = [row for row in rows if row.before > 0]
    return [
        await connection.execute(
            _INSERT_STREAMS, [[r.stream for r in new], [r.version for r in new], [r.routing for r in new]]
        ),
        await connection.execute(
            _UPDATE_STREAMS,
            [
                [r.stream for r in moved],
                [r.before for r in moved],
                [r.version for r in moved],
                [r.routing for r in moved],
            ],
        ),
    ]


async def _write_views(connection: AsyncConnection[Any], changes: Changes) -> None:
    for audience, files in _by_audience(changes.files):
        columns = list(zip(*map(_file_values, files), strict=True))
        await connection.execute(_FILES.format(audience=audience).encode(), [list(column) for column in columns])
    for audience, entries in _by_audience(changes.entries):
        columns = list(zip(*map(_entry_values, entries), strict=True))
        await connection.execute(_ENTRIES.format(audience=audience).encode(), [list(column) for column in columns])
    for audience, names in _by_audience(changes.names):
        columns = list(zip(*((n.holder, n.reference, n.stream) for n in names), strict=True))
        await connection.execute(_NAMES.format(audience=audience).encode(), [list(column) for column in columns])


async def _write_quarantine(connection: AsyncConnection[Any], rows: Sequence[Quarantined]) -> None:
    if rows:
        columns = [[r.stream for r in rows], [r.version for r in rows], [r.reason for r in rows]]
        await connection.execute(_QUARANTINE, columns)


def _file_values(row: FileRow) -> tuple[Any, ...]:
    head = (row.stream, row.kind, row.status, row.stage, row.emergency, row.lead_unit, ",".join(row.units), row.root)
    return (*head, row.opened_at, row.changed_at, row.due_at, row.body)


def _entry_values(row: EntryRow) -> tuple[Any, ...]:
    return (row.stream, row.version, row.event_id, row.occurred_at, row.recorded_at, row.told)


def _by_audience(rows: Iterable[Any]) -> Iterator[tuple[str, list[Any]]]:
    for audience, found in groupby(sorted(rows, key=lambda row: row.audience), key=lambda row: row.audience):
        yield audience.value, list(found)
