"""How often one client may ask: a steady rate with room for a burst, counted by who it is and never by its address.

Only whoever was verified is counted, so nobody uses up another's allowance by naming it. Counted in this process
alone, on a clock that never goes back; nothing of it is written down.
"""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from infra.settings import ServiceSettings
from infra.web.problems import Refused
from infra.web.requester import Requester

_BURST_S = 10.0  # so much of its rate a client may ask for at once
_REMEMBERED = 10_000  # clients; whoever has not asked for longest is forgotten first


@dataclass(frozen=True, slots=True)
class Rates:
    """Requests a minute: of one person or system, and of all of one unit together."""

    client: int = 12_000
    unit: int = 24_000

    @classmethod
    def of(cls, settings: ServiceSettings) -> "Rates":
        """Return what the settings of a process grant."""
        return cls(settings.requests_per_minute, settings.unit_requests_per_minute)


class Throttle:
    """Lets each client ask at its rate; `now` gives seconds."""

    def __init__(self, rates: Rates | None = None, now: Callable[[], float] = time.monotonic) -> None:
        granted = rates or Rates()
        self._clients = _Allowances(granted.client, now)
        self._units = _Allowances(granted.unit, now)

    def admit(self, requester: Requester) -> None:
        """Return if the client, and its unit, may ask now.

        Raises:
            Refused: if either asked too often; it says after how many seconds to come again.
        """
        wait_s = max(
            self._clients.wait_s(f"{requester.unit} {requester.person}"),
            self._units.wait_s(requester.unit),
        )
        if wait_s > 0:
            raise Refused("too_many_requests", seconds=math.ceil(wait_s))
        self._clients.take(f"{requester.unit} {requester.person}")
        self._units.take(requester.unit)


class _Allowances:
    """One number a client: until when its allowance is used up (the generic cell rate algorithm)."""

    def __init__(self, per_minute: int, now: Callable[[], float]) -> None:
        self._each_s = 60 / per_minute
        self._room_s = max(_BURST_S, self._each_s) - self._each_s
        self._now = now
        self._used_until: OrderedDict[str, float] = OrderedDict()

    def wait_s(self, client: str) -> float:
        return self._used_until.get(client, 0.0) - self._now() - self._room_s

    def take(self, client: str) -> None:
        now = self._now()
        self._used_until[client] = max(self._used_until.pop(client, now), now) + self._each_s
        if len(self._used_until) > _REMEMBERED:
            self._used_until.popitem(last=False)
