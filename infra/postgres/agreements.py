"""The versions of the sharing agreement as they were adopted, for whichever role may read them.

Promise: what `current` returns holds every version whose adoption was committed before it was called.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Generic, NamedTuple, TypeVar

import psycopg

from infra.postgres.faults import reaching
from infra.postgres.pool import Pool

H = TypeVar("H")

_PATIENCE_S = 3.0  # somebody waits for an answer
_SINCE = "select adopted_at, document from agreement.versions where number >= %s order by number"


class AdoptedVersion(NamedTuple):
    """A version: when it was adopted, and the exact bytes that were signed."""

    adopted_at: datetime
    document: bytes


class _Known(Generic[H]):
    """The history as far as it was read; `read` makes it of all versions, the oldest first."""

    def __init__(self, read: Callable[[Sequence[AdoptedVersion]], H]) -> None:
        self._read = read
        self.versions: tuple[AdoptedVersion, ...] = ()
        self._history: H | None = None

    def with_more(self, before: tuple[AdoptedVersion, ...], rows: Sequence[Sequence[Any]]) -> H:
        """Return the history with the rows that follow the versions of `before`."""
        if rows or self._history is None:
            versions = (*before, *(AdoptedVersion(*row) for row in rows))
            self._history = self._read(versions)
            self.versions = versions
        return self._history


class AgreementReader(Generic[H]):
    """Asks which versions there are, once for each use; what is known already is not sent again.

    Shape: `read` makes a history of all versions, the oldest first; of none before the first one was adopted.
    """

    def __init__(self, pool: Pool, read: Callable[[Sequence[AdoptedVersion]], H]) -> None:
        self._pool = pool
        self._known = _Known(read)

    async def current(self) -> H:
        """Return the history as of now.

        Raises:
            DatabaseUnreachableError: if the database does not answer.
        """
        before = self._known.versions
        with reaching():
            async with self._pool.connection(_PATIENCE_S) as connection:
                rows = await (await connection.execute(_SINCE, [len(before)])).fetchall()
        return self._known.with_more(before, rows)


class BlockingAgreementReader(Generic[H]):
    """The same for who has no event loop, over a connection of its own."""

    def __init__(self, dsn: str, read: Callable[[Sequence[AdoptedVersion]], H]) -> None:
        """Connect.

        Raises:
            DatabaseUnreachableError: if the database does not answer.
        """
        with reaching():
            self._connection = psycopg.connect(dsn, autocommit=True, keepalives_idle=5)
        self._known = _Known(read)

    def close(self) -> None:
        """Give the connection back."""
        self._connection.close()

    def current(self) -> H:
        """Return the history as of now.

        Raises:
            DatabaseUnreachableError: if the database does not answer.
        """
        before = self._known.versions
        with reaching():
            rows = self._connection.execute(_SINCE, [len(before)]).fetchall()
        return self._known.with_more(before, rows)
