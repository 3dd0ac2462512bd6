"""How a process stands: what it cannot work without, how much lies before it, how old the oldest of that is.

Counts and seconds, never contents. Told to operators at /readyz and, as figures, at /metrics.
"""

import threading
from time import monotonic
from typing import Literal

from prometheus_client import Gauge
from pydantic import JsonValue

from infra.backlog import Backlog, Limits

_STALE_S = 15.0  # who has not said how it stands for so long is not ready

_COUNT = Gauge("chungtay_behind_events", "What has yet to be handled.", ["part"])
_OLDEST = Gauge("chungtay_behind_seconds", "How long the oldest of it has waited.", ["part"])


def show(part: str, backlog: Backlog) -> None:
    """Show a backlog at /metrics."""
    _COUNT.labels(part).set(backlog.count)
    _OLDEST.labels(part).set(backlog.oldest_s or 0.0)


class Standing:
    """What a process last said of itself; said in one thread, told in another."""

    def __init__(self, limits: Limits, *, needs: tuple[str, ...]) -> None:
        self._limits = limits
        self._lock = threading.Lock()
        self._checks = dict.fromkeys(needs, False)
        self._behind: dict[str, Backlog] = {}
        self._said_at = monotonic()

    def check(self, name: str, state: Literal["ok", "away"]) -> None:
        """Say whether something that the process cannot work without is there."""
        with self._lock:
            self._checks[name] = state == "ok"
            self._said_at = monotonic()

    def behind(self, part: str, backlog: Backlog) -> None:
        """Say how much lies before the process."""
        show(part, backlog)
        with self._lock:
            self._behind[part] = backlog
            self._said_at = monotonic()

    def told(self) -> tuple[bool, dict[str, JsonValue]]:
        """Return whether the process is ready, and the answer of /readyz."""
        with self._lock:
            checks, behind, silent_s = dict(self._checks), dict(self._behind), monotonic() - self._said_at
        checks["moving"] = silent_s <= _STALE_S
        ready = all(checks.values()) and all(map(self._limits.allow, behind.values()))
        answer: dict[str, JsonValue] = {
            "ready": ready,
            "checks": {name: "ok" if well else "away" for name, well in checks.items()},
            "behind": {part: self._limits.told(backlog) for part, backlog in behind.items()},
        }
        return ready, answer
