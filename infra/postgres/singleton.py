"""One process at a time: a lock that PostgreSQL frees by itself when its holder dies."""

from types import TracebackType
from typing import Any, Self

import psycopg

from infra.postgres.faults import reaching
from infra.postgres.locks import AdvisoryLock


class AlreadyRunningError(Exception):
    """Another process does this work; two at once would undo one another."""


class Singleton:
    """A session lock on a connection of its own, held until `release` or until the connection breaks."""

    def __init__(self, dsn: str, lock: AdvisoryLock, *, wait_s: float = 10.0) -> None:
        """Take the lock.

        Raises:
            AlreadyRunningError: if another process holds it for `wait_s`.
            DatabaseUnreachableError: if the database does not answer.
        """
        with reaching():
            self._connection = psycopg.connect(dsn, autocommit=True, keepalives_idle=5, keepalives_interval=2)
            try:
                _take(self._connection, lock, wait_s)
            except BaseException:
                self._connection.close()
                raise

    def check(self) -> None:
        """Make sure that the lock is still held.

        Raises:
            DatabaseUnreachableError: if the connection broke, and with it the lock.
        """
        with reaching():
            self._connection.execute("select 1")

    def release(self) -> None:
        """Free the lock."""
        self._connection.close()

    def __enter__(self) -> Self:
        """Hold the lock for a block."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Free the lock at the end of the block."""
        self.release()


def _take(connection: psycopg.Connection[Any], lock: AdvisoryLock, wait_s: float) -> None:
    connection.execute("select set_config('lock_timeout', %s, false)", [f"{round(wait_s * 1000)}ms"])
    try:
        connection.execute("select pg_advisory_lock(%s)", [lock.value])
    except psycopg.errors.LockNotAvailable:
        raise AlreadyRunningError(
            f"Another {lock.name.lower()} process runs on this database; stop it first."
        ) from None
