"""Notice that the topic is not heard any more: agents die one by one and the worker looks alive (faust #175).

The catching up then does all the work, a second later than it should be done, and nothing would tell.
"""

from collections.abc import Callable
from time import monotonic

SILENT_S = 20.0
JOINING_S = 60.0  # a first group join, behind a session that has to run out


class DeafError(Exception):
    """The topic had events and none of them came; only a new process hears again."""


class Hearing:
    """Compares what the topic brought with what it had."""

    def __init__(self, *, silent_s: float = SILENT_S, joining_s: float = JOINING_S) -> None:
        self._silent_s = silent_s
        self._limit_s = joining_s
        self._missed_since: float | None = None

    def heard(self) -> None:
        """Say that the topic brought something."""
        self._limit_s = self._silent_s
        self._missed_since = None

    def missed(self, now: Callable[[], float] = monotonic) -> None:
        """Say that something the relay had sent a while ago did not come.

        Raises:
            DeafError: if nothing has come since the first time that this was so, too long ago.
        """
        self._missed_since = now() if self._missed_since is None else self._missed_since
        if now() - self._missed_since > self._limit_s:
            raise DeafError
