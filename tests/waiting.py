"""Wait for something to become true, bounded, without guessing how long it takes."""

import asyncio
import time
from collections.abc import Awaitable, Callable

_POLL_S = 0.02


def eventually(check: Callable[[], bool], within_s: float = 30.0) -> None:
    """Return as soon as `check` holds; fail when it does not in time."""
    deadline = time.monotonic() + within_s
    while not check():
        assert time.monotonic() < deadline, f"did not become true within {within_s} s"
        time.sleep(_POLL_S)


async def eventually_async(check: Callable[[], Awaitable[bool]], within_s: float = 30.0) -> None:
    """Return as soon as `check` holds; fail when it does not in time."""
    deadline = time.monotonic() + within_s
    while not await check():
        assert time.monotonic() < deadline, f"did not become true within {within_s} s"
        await asyncio.sleep(_POLL_S)
