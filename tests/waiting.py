"""Wait for something to become true, bounded, without guessing how long it takes."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")
_POLL_S = 0.02


def eventually(check: Callable[[], bool], within_s: float = 60.0) -> None:
    """Return as soon as `check` holds; fail when it does not in time."""
    found(lambda: check() or None, within_s)


def found(look: Callable[[], T | None], within_s: float = 60.0) -> T:
    """Return what `look` finds, as soon as it does; fail when it does not in time."""
    deadline = time.monotonic() + within_s
    while (seen := look()) is None:
        assert time.monotonic() < deadline, f"did not become true within {within_s} s"
        time.sleep(_POLL_S)
    return seen


async def eventually_async(check: Callable[[], Awaitable[bool]], within_s: float = 60.0) -> None:
    """Return as soon as `check` holds; fail when it does not in time."""
    deadline = time.monotonic() + within_s
    while not await check():
        assert time.monotonic() < deadline, f"did not become true within {within_s} s"
        await asyncio.sleep(_POLL_S)
