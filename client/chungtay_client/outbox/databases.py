"""The agency's database, opened anew whenever it went away."""

import importlib
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chungtay_client.outbox.private import keep_private
from chungtay_client.outbox.table import Connection

_BUSY_S = 30.0  # how long to wait for another writer of an SQLite file


@dataclass(frozen=True, slots=True)
class Database:
    """How to connect, and what the driver raises when the database is away."""

    connect: Callable[[], Connection]
    away: type[Exception]

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Open a connection for one transaction: committed at the end, rolled back by an error."""
        connection = self.connect()
        try:
            yield connection
            connection.commit()
        except BaseException:
            connection.rollback()
            raise
        finally:
            connection.close()


def database_of(where: str) -> Database:
    """Return the database of a `postgresql://` URL, or of an SQLite file, which is closed to other accounts.

    Raises:
        ImportError: if PostgreSQL's driver is not installed.
    """
    if not where.startswith(("postgresql://", "postgres://")):
        keep_private(Path(where))
        return Database(lambda: sqlite3.connect(where, timeout=_BUSY_S), sqlite3.OperationalError)
    psycopg: Any = importlib.import_module("psycopg")  # the extra [postgres]
    return Database(lambda: psycopg.connect(where), psycopg.OperationalError)
