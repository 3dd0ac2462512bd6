"""Between erasing and sealing: nothing is committed that was sealed under a key about to be destroyed.

Whoever commits what it sealed holds the barrier shared and looks at the number; whoever is about to destroy keys has
retired them first, so that nobody is given them any more, and then passes the barrier alone and counts one up. So what
was sealed under a retired key is committed before it is destroyed, or is sealed anew.
"""

from typing import Any

from psycopg import AsyncConnection

from infra.postgres.locks import AdvisoryLock

_SHARED = "select pg_advisory_xact_lock_shared(%s)"
_ALONE = "select pg_advisory_xact_lock(%s)"
_NUMBER = "select number from erasure.carried_out"
_NEXT = "update erasure.carried_out set number = number + 1"


class ErasedMeanwhile(Exception):  # noqa: N818 - an outcome: seal anew with keys asked for now
    """Keys were retired since those in memory were asked for; nothing was written."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


async def hold_shared(connection: AsyncConnection[Any], seen: int) -> None:
    """Hold the barrier to the end of the transaction.

    Raises:
        ErasedMeanwhile: if an erasure passed since `seen`.
    """
    await connection.execute(_SHARED, [AdvisoryLock.ERASURE.value])
    [[number]] = await (await connection.execute(_NUMBER)).fetchall()
    if number != seen:
        raise ErasedMeanwhile(number)


async def pass_alone(connection: AsyncConnection[Any]) -> None:
    """Wait for all who hold the barrier, and count one up: from its commit on, whoever comes must seal anew."""
    await connection.execute(_ALONE, [AdvisoryLock.ERASURE.value])
    await connection.execute(_NEXT)
