"""What the publishing door puts into a summary: codes and derived codes, never a narrative.

A summary is made once, when the event is sealed; nobody derives it later.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import assert_never

from pydantic import JsonValue

from events.event import Event, labels_of
from events.labels import Summary


def summarise(kind: Summary, value: JsonValue, at: datetime) -> JsonValue:
    """Return the coded stand-in of a full value, as of the moment `at`.

    Shape: `value` is the JSON form of the field; None stays None.
    Units: age in whole years on the day of `at`.
    """
    if value is None:
        return None
    match kind:
        case Summary.AS_IS:
            return value
        case Summary.INITIALS:
            return initials(str(value))
        case Summary.AGE:
            return age_in_years(date.fromisoformat(str(value)), at.date())
        case _:
            assert_never(kind)


def as_shown(event_class: type[Event], values: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Return the values of a summary under the names by which they are shown.

    Recorded summaries keep the names of their fields: what was sealed once is not sealed anew for a better name.
    """
    labels = labels_of(event_class)
    return {(labels[name].summary_name if name in labels else None) or name: value for name, value in values.items()}


def initials(name: str) -> str:
    """Return the first letter of each word of a name, with points: `Trẻ Em` becomes `T.E.`."""
    return "".join(f"{word[0].upper()}." for word in name.split())


def age_in_years(born: date, on: date) -> int:
    """Return the whole years lived on a day; a door refuses who is born after the day of the event."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
