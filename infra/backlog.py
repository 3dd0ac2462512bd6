"""How much a process has yet to do, and how much of that is too much: counts and seconds, never contents."""

from dataclasses import dataclass

from pydantic import JsonValue


@dataclass(frozen=True, slots=True)
class Backlog:
    """What has yet to be handled; `oldest_s`: since the oldest of it came, None when its age is not known."""

    count: int
    oldest_s: float | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """How far behind a process may be and still be called ready."""

    count: int = 10_000
    oldest_s: float = 60.0

    def allow(self, backlog: Backlog) -> bool:
        """Say whether a backlog is within them."""
        return backlog.count <= self.count and (backlog.oldest_s or 0.0) <= self.oldest_s

    def told(self, backlog: Backlog) -> dict[str, JsonValue]:
        """Return a backlog as /readyz tells it."""
        oldest_s = None if backlog.oldest_s is None else round(backlog.oldest_s, 1)
        return {"count": backlog.count, "oldest_s": oldest_s, "within_limits": self.allow(backlog)}
