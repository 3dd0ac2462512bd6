"""Who says what stands in this vocabulary."""

from typing import ClassVar

from events.event import Event
from events.parties import Agency


class Statement(Event):
    """A statement of health."""

    BY: ClassVar[frozenset[Agency]] = frozenset({Agency.HEALTH})
