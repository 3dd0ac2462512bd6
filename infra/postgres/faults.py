"""What a caller may learn of the database: that it is away, or that somebody else was first."""

from collections.abc import Iterator
from contextlib import contextmanager

import eventsourcing.persistence
import psycopg
import psycopg_pool


class DatabaseUnreachableError(ConnectionError):
    """The database did not answer; whether a commit that was under way took place is not known."""


class Conflict(Exception):  # noqa: N818 an outcome, not a fault: read again and decide again
    """Somebody recorded this version, message or reference first; nothing of the batch was written."""


class OrderedMeanwhile(Conflict):
    """A door accepted an order to seal since it was asked what is to be sealed; nothing of the batch was written."""


@contextmanager
def reaching() -> Iterator[None]:
    """Turn every driver's word for *the database is away* into ours.

    Raises:
        DatabaseUnreachableError: if the connection fails or breaks.
    """
    try:
        yield
    except (
        psycopg.OperationalError,
        psycopg.InterfaceError,
        psycopg.errors.ReadOnlySqlTransaction,  # a standby, or a server that protects itself: not now, but again
        psycopg_pool.PoolTimeout,
        eventsourcing.persistence.OperationalError,
        eventsourcing.persistence.InterfaceError,
    ) as problem:
        raise DatabaseUnreachableError(type(problem).__name__) from problem
