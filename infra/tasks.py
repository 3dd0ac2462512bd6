"""End tasks for certain."""

import asyncio
from collections.abc import Collection
from typing import Any

_AGAIN_AFTER_S = 0.2


async def end_all(tasks: Collection[asyncio.Task[Any]]) -> None:
    """Cancel tasks until every one has ended; what they raise is not raised here.

    One cancellation may be lost: `asyncio.wait_for` of Python 3.11, through which psycopg, its pool and aiokafka
    wait, swallows one that comes when what it waits for is done in the same moment (python/cpython #86296).
    """
    pending = {task for task in tasks if not task.done()}
    while pending:
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=_AGAIN_AFTER_S)
    await asyncio.gather(*tasks, return_exceptions=True)
