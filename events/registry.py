"""Wire name to event class: unique, closed, in the order of a case's life."""

from collections.abc import Iterator
from types import ModuleType

from events import case, education, health, police, privacy, social_work
from events.event import Event

VOCABULARIES: tuple[ModuleType, ...] = (social_work, police, health, education, case, privacy)


class UnknownTypeError(LookupError):
    """No event type has this wire name."""


def all_event_classes() -> Iterator[type[Event]]:
    """Yield every event class, vocabulary by vocabulary, in the order the file tells it."""
    for vocabulary in VOCABULARIES:
        for value in vars(vocabulary).values():
            if isinstance(value, type) and issubclass(value, Event) and "TYPE" in vars(value):
                yield value


EVENT_CLASSES: dict[str, type[Event]] = {found.TYPE: found for found in all_event_classes()}


def event_class(type_: str) -> type[Event]:
    """Return the class of a wire name.

    Raises:
        UnknownTypeError: if there is none.
    """
    try:
        return EVENT_CLASSES[type_]
    except KeyError:
        raise UnknownTypeError(type_) from None
