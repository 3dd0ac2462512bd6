"""How a command waits for what another process does: it looks, again and again, for a bounded time."""

import time
from collections.abc import Callable
from typing import TypeVar

from services.cli.stops import Stop

_T = TypeVar("_T")
_LOOK_EVERY_S = 0.1


def soon(look: Callable[[], _T | None], within_s: float, otherwise: Stop) -> _T:
    """Return what `look` finds, as soon as it does.

    Raises:
        Stop: `otherwise`, if it does not in time.
    """
    deadline = time.monotonic() + within_s
    while (found := look()) is None:
        if time.monotonic() > deadline:
            raise otherwise
        time.sleep(_LOOK_EVERY_S)
    return found
