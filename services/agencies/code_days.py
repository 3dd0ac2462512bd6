"""Whether each code and each unit that an event names was in force on the day it speaks of."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta, timezone

from events.codes import Code, CodeEntry, code_list
from events.texts import NamesUnit
from events.units import units
from infra.web.faults import guess
from infra.web.problems import Fault
from services.agencies.marked import Marked

VIETNAM = timezone(timedelta(hours=7))  # no summer time since 1975: a legal day begins here


def codes_out_of_force(found: Iterable[Marked], occurred_at: datetime) -> tuple[Fault, ...]:
    """Return a fault for each code that was not in force on the day, local time, on which the event occurred."""
    day = _day_of(occurred_at)
    return tuple(
        Fault(one.pointer, "code_not_valid", _words(one.mark.list_name, entry))
        for one in found
        if isinstance(one.mark, Code) and not (entry := code_list(one.mark.list_name)[one.text]).valid_on(day)
    )


def units_out_of_being(found: Iterable[Marked], occurred_at: datetime) -> tuple[Fault, ...]:
    """Return a fault for each unit that there is none of, or was not on that day."""
    return tuple(_unit_faults([one for one in found if isinstance(one.mark, NamesUnit)], _day_of(occurred_at)))


def _unit_faults(named: Iterable[Marked], day: date) -> Iterator[Fault]:
    for one in named:
        unit = units().get(one.text)
        if unit is None:
            yield Fault(one.pointer, "unknown_unit", {"guess": guess(one.text, list(units()))})
        elif not unit.in_being_on(day):
            yield Fault(one.pointer, "unit_not_in_being")


def _day_of(moment: datetime) -> date:
    return moment.astimezone(VIETNAM).date()


def _words(list_name: str, entry: CodeEntry) -> dict[str, str]:
    return {"list": list_name, "period": f"{_day(entry.valid_from)} – {_day(entry.valid_to)}"}


def _day(day: date | None) -> str:
    return day.isoformat() if day else "…"
