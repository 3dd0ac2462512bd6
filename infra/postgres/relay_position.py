"""How far the relay has sent the register, and to which cluster."""

from dataclasses import dataclass
from typing import Any, Self

from psycopg import AsyncConnection

from infra.postgres.faults import reaching


@dataclass(frozen=True, slots=True)
class Sent:
    """Every event up to a position lies in the cluster with this id."""

    position: int
    cluster_id: str


class RelayPosition:
    """Keeps `Sent` on one connection; a position that was lost only means sending again."""

    def __init__(self, connection: AsyncConnection[Any]) -> None:
        self._connection = connection

    @classmethod
    async def open(cls, dsn: str) -> Self:
        """Connect.

        Raises:
            DatabaseUnreachableError: if the database does not answer.
        """
        with reaching():
            connection = await AsyncConnection.connect(dsn, autocommit=True, connect_timeout=10, keepalives_idle=5)
            # Not waiting for the disk is safe here: consumers know an event that they have seen.
            await connection.execute("set synchronous_commit = off")
        return cls(connection)

    async def load(self) -> Sent | None:
        """Return how far was sent, None when nothing ever was.

        Raises:
            DatabaseUnreachableError: if the database does not answer.
        """
        with reaching():
            row = await (await self._connection.execute("select position, cluster_id from relay.sent")).fetchone()
        return None if row is None else Sent(*row)

    async def save(self, sent: Sent) -> None:
        """Keep how far was sent.

        Raises:
            DatabaseUnreachableError: if the database does not answer.
        """
        with reaching():
            await self._connection.execute(
                "insert into relay.sent (position, cluster_id) values (%s, %s) on conflict (only_row) do update"
                " set position = excluded.position, cluster_id = excluded.cluster_id, saved_at = now()",
                [sent.position, sent.cluster_id],
            )

    async def close(self) -> None:
        """Give the connection back."""
        await self._connection.close()
