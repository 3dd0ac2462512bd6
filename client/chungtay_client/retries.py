"""How long to wait before asking again: longer each time, never all at the same moment, never sooner than asked."""

from dataclasses import dataclass
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from random import SystemRandom

_random = SystemRandom()
_MOST_DOUBLINGS = 30


@dataclass(frozen=True, slots=True)
class Backoff:
    """Pauses in seconds: up to `first_s`, doubled by each failure, at most `most_s`."""

    first_s: float = 0.5
    most_s: float = 30.0

    def pause(self, failures: int, retry_after_s: float | None = None) -> float:
        """Return the pause after so many failures, of which the last one said when to come again (or did not)."""
        reach = min(self.most_s, self.first_s * 2 ** min(failures - 1, _MOST_DOUBLINGS))
        jitter = _random.uniform(reach / 2, reach)
        return jitter if retry_after_s is None else retry_after_s + _random.uniform(0, self.first_s)


def seconds_of(retry_after: str | None) -> float | None:
    """Read a Retry-After header: seconds, or a date; None where it says nothing that can be read."""
    if retry_after is None:
        return None
    if retry_after.strip().isdigit():
        return float(retry_after)
    try:
        moment = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
    return max(0.0, (aware - datetime.now(timezone.utc)).total_seconds())  # noqa: TID251 - the agency's own clock
