"""What tells one door from another."""

from dataclasses import dataclass

from events.event import Event
from events.parties import DOOR_AUDIENCES, Agency, Audience
from events.registry import EVENT_CLASSES


@dataclass(frozen=True, slots=True)
class Sector:
    """An agency's door, as it introduces itself; what it may assert stands on the events (`Event.BY`)."""

    agency: Agency
    vi: str
    en: str

    @property
    def name(self) -> str:
        """The door's name in metrics and readiness."""
        return f"agencies.{self.agency}"

    @property
    def audiences(self) -> tuple[Audience, ...]:
        """Whose views are read here."""
        return DOOR_AUDIENCES[self.agency]

    @property
    def types(self) -> dict[str, type[Event]]:
        """The event types this agency may assert, by wire name, in the order of a case's life."""
        return {type_: found for type_, found in EVENT_CLASSES.items() if self.agency in found.BY}
