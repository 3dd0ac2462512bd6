"""One process at a time: a lock that PostgreSQL frees by itself when its holder dies."""

from types import TracebackType
from typing import Any, Self

import psycopg

from infra.postgres.faults import reaching
from infra.postgres.locks import AdvisoryLock

_HELD = """\
select count(*) from pg_locks
where locktype = 'advisory' and pid = pg_backend_pid() and granted and classid = 0 and objid = %s and objsubid = 1"""


class AlreadyRunningError(Exception):
    """Another process does this work; two at once would undo one another."""


class LockLostError(Exception):
    """Another process may do this work now; who finds this ends."""


class Singleton:
    """A session lock on a connection of its own, held until `release` or until the connection breaks."""

    def __init__(self, dsn: str, lock: AdvisoryLock, *, wait_s: float = 10.0) -> None:
        """Take the lock.

        Raises:
            AlreadyRunningError: if another process holds it for `wait_s`.
            DatabaseUnreachableError: if the database does not answer.
        """
        self._lock = lock
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
            LockLostError: if the connection holds and the lock does not, as behind a pooler.
        """
        with reaching():
            [[held]] = self._connection.execute(_HELD, [self._lock.value]).fetchall()
        if not held:
            raise LockLostError(self._lock.name.lower())

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
