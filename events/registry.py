"""Wire name to event class: unique, closed, in the order of a case's life."""

from collections.abc import Iterator
from types import ModuleType

from events import case, consents, education, glass, health, matches, police, privacy, social_work
from events.event import Event
from events.health import care as health_care
from events.health import examinations
from events.health import reports as health_reports
from events.police import court, earlier, interviews, investigation, suspects
from events.police import reports as police_reports
from events.social_work import care, cases, plans, protection
from events.social_work import reports as social_work_reports

# Each vocabulary, and the modules that tell it.
VOCABULARIES: tuple[tuple[ModuleType, tuple[ModuleType, ...]], ...] = (
    (social_work, (social_work_reports, cases, protection, plans, care)),
    (police, (police_reports, investigation, interviews, suspects, court, earlier)),
    (health, (health_reports, examinations, health_care)),
    (education, (education,)),
    (case, (case,)),
    (privacy, (privacy, consents, glass, matches)),
)


class UnknownTypeError(LookupError):
    """No event type has this wire name."""


def all_event_classes() -> Iterator[type[Event]]:
    """Yield every event class, vocabulary by vocabulary, in the order its files tell it."""
    for _, modules in VOCABULARIES:
        for module in modules:
            yield from _told_in(module)


def _told_in(module: ModuleType) -> Iterator[type[Event]]:
    for value in vars(module).values():
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
