"""The only reader of the time.

In simulated time the moment lies in a small file that the demo moves forward; every process of the
platform reads that file, so that all agree on it.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from infra.settings import write_private


class Clock(Protocol):
    """Tells the time in UTC; `simulated` goes into every recorded event and receipt."""

    simulated: bool

    def now(self) -> datetime:
        """Return the present moment, UTC, microseconds."""
        ...


class SystemClock:
    """The real time."""

    simulated = False

    def now(self) -> datetime:
        """Return the present moment."""
        return datetime.now(UTC)


class SimulatedClock:
    """The time written in a file; it moves only forward, and only when it is set."""

    simulated = True

    def __init__(self, file: Path) -> None:
        self._file = file

    def now(self) -> datetime:
        """Return the moment that was set last.

        Raises:
            FileNotFoundError: if no moment was ever set.
        """
        return datetime.fromisoformat(self._file.read_text(encoding="ascii").strip())

    def set(self, moment: datetime) -> None:
        """Move the time forward for every process of this owner; an earlier moment leaves it where it is."""
        if self._file.exists() and self.now() >= moment:
            return
        write_private(self._file, moment.astimezone(UTC).isoformat(timespec="microseconds"))


class RegisterClock:
    """The time by which a register is written: never before what stands in it, though the clock was set back."""

    def __init__(self, clock: Clock, last: datetime | None) -> None:
        """Go on after the moment of the newest event."""
        self.simulated = clock.simulated
        self._clock = clock
        self._last = last or datetime.min.replace(tzinfo=UTC)

    def now(self) -> datetime:
        """Return the present moment, or the last one told if that is later."""
        self._last = max(self._clock.now(), self._last)
        return self._last

    def later(self) -> datetime:
        """Return the present moment, or one just after the last one told: whatever follows lies not before it."""
        self._last = max(self._clock.now(), self._last + timedelta(microseconds=1))
        return self._last


def clock_from(file: Path | None) -> Clock:
    """Return the simulated clock of a file, or the real one."""
    return SystemClock() if file is None else SimulatedClock(file)
