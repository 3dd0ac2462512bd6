"""Connections for services that run in an event loop."""

from contextlib import AsyncExitStack
from typing import TypeAlias

from psycopg import AsyncConnection
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool

from infra.postgres.faults import reaching

Pool: TypeAlias = AsyncConnectionPool[AsyncConnection[TupleRow]]
_OPEN_TIMEOUT_S = 10.0


async def open_pool(dsn: str, *, max_size: int = 4, autocommit: bool = False) -> Pool:
    """Return an open pool of at most `max_size` connections, each checked before it is handed out.

    With `autocommit` a statement by itself costs one round trip instead of three.

    Raises:
        DatabaseUnreachableError: if no connection comes about within 10 s.
    """
    pool: Pool = AsyncConnectionPool(
        dsn,
        min_size=1,
        max_size=max_size,
        open=False,
        timeout=_OPEN_TIMEOUT_S,
        check=AsyncConnectionPool.check_connection,
        # A plan kept from when a table was small reads all of it once it has grown, until it is analysed again.
        kwargs={"autocommit": autocommit, "options": "-c plan_cache_mode=force_custom_plan"},
    )
    with reaching():
        try:
            await pool.open(wait=True, timeout=_OPEN_TIMEOUT_S)
        except BaseException:
            await pool.close()
            raise
    return pool


async def held_pool(dsn: str, stack: AsyncExitStack, *, autocommit: bool = False) -> Pool:
    """Return an open pool that `stack` closes.

    Raises:
        DatabaseUnreachableError: if no connection comes about.
    """
    pool = await open_pool(dsn, autocommit=autocommit)
    stack.push_async_callback(pool.close)
    return pool
