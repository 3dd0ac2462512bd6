"""Who states something, and what every command has: it comes from a statement."""

from dataclasses import dataclass
from datetime import datetime

from events.envelope import EventId, Reference, UnitId
from events.parties import Agency, Audience


@dataclass(frozen=True, slots=True)
class Said:
    """Who states it, under which id, of which of its references, and when it occurred."""

    unit: UnitId
    agency: Agency
    audience: Audience | None
    id: EventId
    reference: Reference
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class Stated:
    """A command: what a statement asks."""

    said: Said
