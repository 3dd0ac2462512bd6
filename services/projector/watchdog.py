"""End a process that stopped moving: agents die and consumers hang, and look alive (faust #175, aiokafka #1154)."""

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
    """Ends the process when nobody said for `limit_s` seconds that things move; runs in a thread of its own."""

    def __init__(self, limit_s: float, end: Callable[[], None] = _end_process) -> None:
        self._limit_s = limit_s
        self._end = end
        self._moved_at = monotonic()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._moved_at = monotonic()
        self._thread.start()

    def moved(self) -> None:
        """Say that things move, or that there is nothing to do."""
        self._moved_at = monotonic()

    def stop(self) -> None:
        """Watch no more."""
        self._stopped.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stopped.wait(min(_CHECK_S, self._limit_s / 4)):
            if monotonic() - self._moved_at > self._limit_s:
                _log.error("stopped_moving", seconds=self._limit_s)
                self._end()
                return
