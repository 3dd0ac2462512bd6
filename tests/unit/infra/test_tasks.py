"""Tasks end, also those that lose a cancellation on the way."""

import asyncio

from infra.tasks import end_all


async def swallowing(times: int) -> None:
    """Go on though cancelled, as asyncio.wait_for of Python 3.11 makes its callers do."""
    forever = asyncio.Event()
    for _ in range(times):
        try:
            await forever.wait()
        except asyncio.CancelledError:
            continue
    await forever.wait()


async def failing() -> None:
    raise RuntimeError


async def test_every_task_ends() -> None:
    tasks = [asyncio.create_task(work) for work in (swallowing(0), swallowing(2), failing())]
    await asyncio.sleep(0)
    async with asyncio.timeout(5):
        await end_all(tasks)
    assert all(task.done() for task in tasks)


async def test_nothing_to_end() -> None:
    await end_all([])
