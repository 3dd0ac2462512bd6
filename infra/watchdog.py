"""End a process that stopped moving: tasks die and consumers hang, and look alive (faust #175, aiokafka #1154).

Waiting for what is away, and saying so, is moving: a process ends here only when it does nothing at all.
"""

import os
import threading
from collections.abc import Callable
from time import monotonic

import structlog

_CHECK_S = 1.0

_log = structlog.get_logger()


def _end_process() -> None:
    os._exit(1)  # nothing that hangs can hold this up


class Watchdog:
    """Ends the process when one of its parts has not moved for `limit_s` seconds; runs in a thread of its own."""

    def __init__(self, limit_s: float, end: Callable[[], None] = _end_process) -> None:
        self._limit_s = limit_s
        self._end = end
        self._moved_at: dict[str, float] = {}
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._moved_at = dict.fromkeys(self._moved_at, monotonic())
        self._thread.start()

    def part(self, name: str) -> Callable[[], None]:
        """Watch a part from now on; it calls what is returned when it moves or has nothing to do."""

        def moved() -> None:
            self._moved_at[name] = monotonic()

        moved()
        return moved

    def stop(self) -> None:
        """Watch no more."""
        self._stopped.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stopped.wait(min(_CHECK_S, self._limit_s / 4)):
            now = monotonic()
            for name, moved_at in tuple(self._moved_at.items()):
                if now - moved_at > self._limit_s:
                    _log.error("stopped_moving", code=name, seconds=self._limit_s)
                    self._end()
                    return
