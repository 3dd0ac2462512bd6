"""Whose tokens were ended before they expired: asked for by every request, ended by the operator or the issuer.

Promise: an ending that was acknowledged is known to every question that begins afterwards. Endings are only added, and
the latest counts: whoever repeats an old one changes nothing.
"""

from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import psycopg
from psycopg.rows import class_row

from infra.postgres.faults import reaching
from infra.postgres.pool import Pool, held_pool
from infra.postgres.roles import ACCESS_ASKER
from infra.settings import ServiceSettings

_UNTIL = "select ended_access.until_of(%s)"
_END_NOW = """\
insert into ended_access.endings (subject, until)
values (%s, date_trunc('second', clock_timestamp()) + %s) returning until"""
_END = "insert into ended_access.endings (subject, until, logout_id) values (%s, %s, %s) on conflict do nothing"
_LATEST = "select subject, until, asked_by, asked_at from health.ended_access order by number desc limit %s"
_PATIENCE_S = 3.0  # somebody waits for an answer
_OPERATORS_PATIENCE_S = 5


@dataclass(frozen=True, slots=True)
class Ending:
    """Whose tokens were ended, up to which second of their issue, and who had it done when."""

    subject: str
    until: datetime
    asked_by: Literal["operator", "issuer"]
    asked_at: datetime


class EndedAccess:
    """Asks about one subject at a time, with a right to that and nothing else."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def until_of(self, subject: str) -> datetime | None:
        """Return up to which second of issue a subject's tokens were ended; None: never.

        Raises:
            DatabaseUnreachableError: if the database does not answer.
        """
        with reaching():
            async with self._pool.connection(_PATIENCE_S) as connection:
                [[until]] = await (await connection.execute(_UNTIL, [subject])).fetchall()
        found: datetime | None = until
        return found


class AccessEnder:
    """Ends the tokens of a subject at the issuer's word, with a right to that and nothing else."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def end(self, subject: str, until: datetime, logout_id: str) -> None:
        """End every token of a subject that was issued up to a second; it is committed then. Again changes nothing.

        Raises:
            DatabaseUnreachableError: if the database does not answer; whether it was done is not known.
        """
        with reaching():
            async with self._pool.connection(_PATIENCE_S) as connection:
                await connection.execute(_END, [subject, until, logout_id])


async def open_endings(settings: ServiceSettings, stack: AsyncExitStack) -> EndedAccess:
    """Return what a process that verifies tokens asks; `stack` closes what it holds.

    Raises:
        DatabaseUnreachableError: if the database does not answer.
        KeyError: if this process was not handed the role.
    """
    return EndedAccess(await held_pool(settings.database(ACCESS_ASKER), stack, autocommit=True))


def end_access(ender_dsn: str, subject: str, ahead: timedelta) -> datetime:
    """End every token that a subject has by now, and return up to which second of issue; it is committed then.

    Shape: `ahead` is by how much the issuer's clock may be ahead: a token that exists may say so late a second.

    Raises:
        DatabaseUnreachableError: if the database does not answer; whether it was done is not known.
    """
    with reaching(), psycopg.connect(ender_dsn, connect_timeout=_OPERATORS_PATIENCE_S) as connection:
        [[until]] = connection.execute(_END_NOW, [subject, ahead]).fetchall()
    ended: datetime = until
    return ended


def latest_endings(operator_dsn: str, most: int) -> list[Ending]:
    """Return what was ended, the latest first.

    Raises:
        DatabaseUnreachableError: if the database does not answer within 5 s.
    """
    with reaching(), psycopg.connect(operator_dsn, connect_timeout=_OPERATORS_PATIENCE_S) as connection:
        return connection.cursor(row_factory=class_row(Ending)).execute(_LATEST, [most]).fetchall()
