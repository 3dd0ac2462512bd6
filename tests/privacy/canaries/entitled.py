"""Who is entitled to a mark: what section D gives in full to a reader, read off the tables made by hand."""

from dataclasses import replace

from events.labels import OPEN_CATEGORIES, Category
from events.parties import Audience, Duty
from events.registry import event_class
from events.units import audience_of
from projections.disclosure.agreement import STATUS, Level
from services.cli.demo.sights import SEATS, Seat
from tests.privacy.canaries.marks import Mark
from tests.privacy.matrix import Eyes, Situation
from tests.privacy.policy_table import Asked, State, expected

BY_KEY = {seat.key: seat for seat in SEATS}


# Who takes part is not of section D: "existence itself is information" (hard rule f), so it is told as row 18 is, to
# whom sees all tasks, and to whom it gives a task.
_TOLD_WHO_TAKES_PART = {Audience.CASE_MANAGER, Audience.COMMITTEE, Audience.COORDINATOR, Audience.AUDITOR}


# Section D, hard rule e: rows 5, 7, 8 and 10.
_NEVER_UNDER_GLASS = {
    Category.REPORTER_IDENTITY,
    Category.FORENSIC_EVIDENCE,
    Category.HIV_STATUS,
    Category.INVESTIGATION,
}


def entitled(mark: Mark, seat: Seat, state: State = "open") -> bool:
    """Say whether a reader may be shown the text of a field, as the case stands.

    What an event itself is about must be told, more than that it exists, before anything in it is.
    """
    about = event_class(mark.type).ABOUT
    told = _told_who(mark, seat) if about in OPEN_CATEGORIES else _level(mark, seat, state, about, STATUS)
    return told.rank > Level.EXISTS.rank and _level(mark, seat, state, mark.category, mark.part) is Level.FULL


def entitled_under_glass(mark: Mark, seat: Seat) -> bool:
    """Say whether who broke the glass of a mark's case may be shown it there.

    It is what section D gives at its widest, but for rows that never open, nor an event that is about one of them. What
    some readers alone are told is not of the case as it was broken: a report that was linked later, an explanation.
    """
    if mark.told_to is not None:
        return False
    widest = replace(seat, duties=frozenset(Duty))
    stays_shut = not _NEVER_UNDER_GLASS.isdisjoint({mark.category, event_class(mark.type).ABOUT})
    return not stays_shut and entitled(mark, widest)


def readers_of(mark: Mark, state: State = "open") -> frozenset[str]:
    """Return the readers that are entitled to a mark, as the case stands, and were told of its report."""
    told = BY_KEY.keys() if mark.told_to is None else mark.told_to
    return frozenset(key for key in told if entitled(mark, BY_KEY[key], state))


def _told_who(mark: Mark, seat: Seat) -> Level:
    operational = event_class(mark.type).ABOUT is Category.OPERATIONAL
    return Level.FULL if operational or seat.audience in _TOLD_WHO_TAKES_PART or _own_task(mark, seat) else Level.NONE


def _level(mark: Mark, seat: Seat, state: State, category: Category, part: str) -> Level:
    situation = Situation(
        own_record=audience_of(mark.unit) is seat.audience,
        own_task=_own_task(mark, seat),
        closed=state == "closed",
    )
    return expected(Asked(Eyes(seat.audience, seat.duties), category, state, situation), part)


def _own_task(mark: Mark, seat: Seat) -> bool:
    return mark.task_of is not None and audience_of(mark.task_of) is seat.audience
