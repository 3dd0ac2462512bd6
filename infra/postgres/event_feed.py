"""Follow the register: every event once, in the order of its position, as soon as it is there.

Order: events become visible in the order of their positions, because writers take turns (`AdvisoryLock.APPEND`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection

from events.chain import Way
from infra.backlog import Backlog
from infra.postgres.case_batch import StoredEvent
from infra.postgres.case_recorder import CHANNEL
from infra.postgres.faults import reaching

_EVENTS = (
    "select notification_id, originator_id, originator_version, topic, state, coalesce(digest, '\\x'), coalesce(way, 2)"
    " from case_record.events left join case_record.links"
    " on stream = originator_id and version = originator_version"
)
_BEHIND = (
    "select count(*), extract(epoch from clock_timestamp() - min(kept_at))::float8 from ("
    " select kept_at from case_record.events where notification_id > %s order by notification_id limit 10001"
    ") as next_ones"
)
_CONNECT_TIMEOUT_S = 10


@dataclass(frozen=True, slots=True)
class FeedItem:
    """An event and its position in the whole history; positions rise, with gaps."""

    position: int
    event: StoredEvent


class EventFeed:
    """Reads and listens on one connection of its own; a broken one is replaced at the next call.

    Not for several tasks at once: each follower has its own feed.
    """

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._connection: AsyncConnection[Any] | None = None

    async def after(self, position: int, limit: int) -> list[FeedItem]:
        """Return the next events after a position, at most `limit`.

        Raises:
            DatabaseUnreachableError: if the database does not answer.
        """
        query = f"{_EVENTS} where notification_id > %s order by notification_id limit %s"
        return [_item(row) for row in await self._rows(query, [position, limit])]

    async def behind(self, position: int) -> Backlog:
        """Return how many events lie after a position, counted to ten thousand and one, and how old the first is.

        Raises:
            DatabaseUnreachableError: if the database does not answer.
        """
        [[count, oldest_s]] = await self._rows(_BEHIND, [position])
        return Backlog(count, oldest_s)

    async def high_water(self) -> int:
        """Return the position of the newest event, 0 when there is none.

        Raises:
            DatabaseUnreachableError: if the database does not answer.
        """
        [[newest]] = await self._rows("select coalesce(max(notification_id), 0) from case_record.events", [])
        return int(newest)

    async def stream(self, stream_id: UUID, from_version: int = 1) -> list[StoredEvent]:
        """Return the events of a stream from a version on, by version.

        Raises:
            DatabaseUnreachableError: if the database does not answer.
        """
        query = f"{_EVENTS} where originator_id = %s and originator_version >= %s order by originator_version"
        return [_item(row).event for row in await self._rows(query, [stream_id, from_version])]

    async def wait(self, timeout_s: float) -> bool:
        """Wait until something may have been recorded since the last call, or the time is up; True for the former.

        Listening begins with the first call of any method, so nothing is missed between reading and waiting;
        read again after `timeout_s` regardless.

        Raises:
            DatabaseUnreachableError: if the database does not answer.
        """
        with reaching():
            connection = await self._connected()
            try:
                heard = [notice async for notice in connection.notifies(timeout=timeout_s, stop_after=1)]
            except BaseException:
                await self._drop()
                raise
        return bool(heard)

    async def close(self) -> None:
        """Give the connection back."""
        await self._drop()

    async def _rows(self, query: str, values: Sequence[Any]) -> list[Any]:
        with reaching():
            connection = await self._connected()
            try:
                return await (await connection.execute(query.encode(), values)).fetchall()
            except BaseException:
                await self._drop()
                raise

    async def _connected(self) -> AsyncConnection[Any]:
        if self._connection is None:
            connection = await AsyncConnection.connect(
                self._dsn, autocommit=True, connect_timeout=_CONNECT_TIMEOUT_S, keepalives_idle=5
            )
            try:
                await connection.execute(f"listen {CHANNEL}".encode())
            except BaseException:
                await connection.close()
                raise
            self._connection = connection
        return self._connection

    async def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()


def _item(row: Sequence[Any]) -> FeedItem:
    position, stream, version, type_, recorded, digest, way = row
    return FeedItem(position, StoredEvent(stream, version, type_, recorded, digest, Way(way)))
