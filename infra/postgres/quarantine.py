"""Cases that the views cannot show just now: why, since when, and an operator's word to try them again.

A request is a row that the retrier may add and nobody may take back; the projector follows them, so that one made
while it was away is done when it is there.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import psycopg
from psycopg.rows import class_row

from infra.postgres.faults import reaching

_PATIENCE_S = 5


class Reason(StrEnum):
    """Why a stream waits: the whole list, none of which tells anything of a person."""

    UNREADABLE = "unreadable"  # its recorded bytes are no event as this version reads them
    UNKNOWN_TYPE = "unknown_type"  # an event of a type that this version does not know
    VERSION_MISSING = "version_missing"  # the register itself lacks a version
    ROWS_REFUSED = "rows_refused"  # the database would not take what came of it
    FAULT = "fault"  # a fault of ours; the projector's log names its place


@dataclass(frozen=True, slots=True)
class HeldStream:
    """A stream in quarantine: the first version that waits, and how many events do."""

    stream: UUID
    version: int
    reason: str
    since: datetime
    waiting: int


def held_streams(operator_dsn: str) -> list[HeldStream]:
    """Return what waits in quarantine, the longest waiting first.

    Raises:
        DatabaseUnreachableError: if the database does not answer within 5 s.
    """
    with reaching(), psycopg.connect(operator_dsn, connect_timeout=_PATIENCE_S) as connection:
        cursor = connection.cursor(row_factory=class_row(HeldStream))
        return cursor.execute("select * from health.quarantine order by since, stream").fetchall()


def ask_retry(retrier_dsn: str, stream: UUID | None) -> int:
    """Ask for a stream, or for every one, to be tried again, and return the number of the request.

    Raises:
        DatabaseUnreachableError: if the database does not answer; whether it was asked for is not known.
    """
    with reaching(), psycopg.connect(retrier_dsn, connect_timeout=_PATIENCE_S) as connection:
        asked = connection.execute("insert into projector.retry_requests (stream) values (%s) returning id", [stream])
        [[number]] = asked.fetchall()
    return int(number)


def is_retried(operator_dsn: str, request: int) -> bool:
    """Tell whether the projector has done what was asked for.

    Raises:
        DatabaseUnreachableError: if the database does not answer within 5 s.
    """
    with reaching(), psycopg.connect(operator_dsn, connect_timeout=_PATIENCE_S) as connection:
        found = connection.execute("select handled_at is not null from health.retries where id = %s", [request])
        return found.fetchone() == (True,)
