"""What the publishing door puts into a summary: codes and derived codes, never a narrative.

A summary is made once, when the event is sealed; nobody derives it later.
"""

from datetime import date, datetime
from typing import assert_never

from pydantic import JsonValue

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


def initials(name: str) -> str:
    """Return the first letter of each word of a name, with points: `Trẻ Em` becomes `T.E.`."""
    return "".join(f"{word[0].upper()}." for word in name.split())


def age_in_years(born: date, on: date) -> int:
    """Return the whole years lived on a day."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
