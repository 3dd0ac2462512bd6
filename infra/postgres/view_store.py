"""The views as the projector writes them: every audience's rows and its own position in one transaction.

Commits do not wait for the disk: what a crash takes back is taken back whole, position and rows together,
and read from the register again.
"""

import asyncio
from collections.abc import AsyncIterator, Collection, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any
from uuid import UUID

import psycopg
from psycopg import AsyncConnection

from events.parties import Audience
from infra.postgres import view_sql
from infra.postgres.faults import reaching
from infra.postgres.view_rows import Changes, Held, Progress, RetryRequest

_CONNECT_TIMEOUT_S = 10

_FASTER = "CT001"  # raised by projector.all_or_nothing


class ProjectedMeanwhileError(Exception):
    """Another projector or a rebuild was faster; nothing was written: load and fold again."""


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
        async with self._connected() as connection:
            rows = await (await connection.execute(view_sql.LOAD.encode(), {"streams": list(streams)})).fetchall()
        held = Held({}, {}, {}, set(), next(version for kind, _, version, _ in rows if kind == "rebuilds"))
        for kind, stream, version, text in rows:
            match kind:
                case "stream":
                    held.versions[stream], held.routings[stream] = version, text
                case "rebuilds":
                    continue
                case "quarantine":
                    held.quarantined.add(stream)
                case _:
                    held.files[Audience(kind), stream] = text
        return held

    async def save(self, changes: Changes) -> None:
        """Write all changes in one statement.

        Raises:
            ProjectedMeanwhileError: if a stream is no longer at the version the changes follow, or was rebuilt.
            RowsRefusedError: if the database will not take a row.
            DatabaseUnreachableError: if the database does not answer.
        """
        async with self._connected() as connection:
            with _refusing():
                await connection.execute(*view_sql.save(changes))

    async def quarantined(self) -> list[UUID]:
        """Return the streams that wait, the longest waiting first.

        Raises:
            DatabaseUnreachableError: if the database does not answer.
        """
        async with self._connected() as connection:
            found = await connection.execute("select stream from projector.quarantine order by since")
            return [stream for [stream] in await found.fetchall()]

    async def retries_asked(self) -> list[RetryRequest]:
        """Return what an operator asked for and has not been done.

        Raises:
            DatabaseUnreachableError: if the database does not answer.
        """
        async with self._connected() as connection:
            found = await connection.execute(
                "select id, stream from projector.retry_requests where handled_at is null order by id"
            )
            return [RetryRequest(*row) for row in await found.fetchall()]

    async def mark_retried(self, request: RetryRequest) -> None:
        """Note that a request was done; what it left in quarantine is there again with its reason.

        Raises:
            DatabaseUnreachableError: if the database does not answer; then it is done once more, which is harmless.
        """
        async with self._connected() as connection:
            await connection.execute(
                "update projector.retry_requests set handled_at = clock_timestamp() where id = %s", [request.id]
            )

    async def progress(self) -> Progress:
        """Return how far the views are behind the register, as of one moment.

        Raises:
            DatabaseUnreachableError: if the database does not answer.
        """
        async with self._connected() as connection:
            [row] = await (await connection.execute(view_sql.PROGRESS.encode())).fetchall()
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

    async def reached_back(self) -> int:
        """Return the number of the agreement's version up to which what reaches back is in the views.

        Raises:
            DatabaseUnreachableError: if the database does not answer.
        """
        async with self._connected() as connection:
            [[number]] = await (await connection.execute("select reached_back from projector.watermark")).fetchall()
        return int(number)

    async def mark_reached_back(self, number: int) -> None:
        """Note that what reaches back is in the views up to a version.

        Raises:
            DatabaseUnreachableError: if the database does not answer; then it is folded once more, which is harmless.
        """
        async with self._connected() as connection:
            await connection.execute("update projector.watermark set reached_back = %s", [number])

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[AsyncConnection[Any]]:
        async with self._turn:
            with reaching():
                if self._connection is None:
                    self._connection = await AsyncConnection.connect(
                        self._dsn,
                        autocommit=True,
                        connect_timeout=_CONNECT_TIMEOUT_S,
                        keepalives_idle=5,
                        options="-c synchronous_commit=off",
                    )
                try:
                    yield self._connection
                except (ProjectedMeanwhileError, RowsRefusedError):
                    raise  # nothing was written; the connection is good
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
    except psycopg.DatabaseError as problem:
        if problem.sqlstate != _FASTER:
            raise
        raise ProjectedMeanwhileError from None
