"""Who sees what: every audience asks its own route for the case, and the answers are laid side by side."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from events.labels import OPEN_CATEGORIES, Category
from events.parties import Audience, Duty
from services.cli.demo.player import cases, pages
from services.cli.desk import Desk, told

Seen = Literal["full", "summary", "exists", "none"]
Sights = Mapping[str, Mapping[str, Seen]]  # audience -> category -> how much

_MORE: Mapping[str, int] = {"none": 0, "exists": 1, "summary": 2, "full": 3}


@dataclass(frozen=True, slots=True)
class Seat:
    """A reader of the demo: a unit's person with an audience and duties."""

    key: str
    code: str
    vi: str
    en: str
    audience: Audience
    unit: str
    duties: frozenset[Duty] = field(default_factory=frozenset)
    purpose: str = "case_work"


SEATS: tuple[Seat, ...] = (
    Seat("police", "POL", "Công an", "police", Audience.POLICE, "commune_police_00340"),
    Seat("health", "HEA", "Y tế", "health", Audience.HEALTH, "hospital_h1", frozenset({Duty.TREATING})),
    Seat("education", "EDU", "Nhà trường", "school", Audience.EDUCATION, "school_s1", frozenset({Duty.OWN_PUPIL})),
    Seat("case_manager", "CM", "Quản lý ca", "case manager", Audience.CASE_MANAGER, "child_protection_00340"),
    Seat(
        "committee_chair",
        "CH",
        "Chủ tịch UBND",
        "committee chair",
        Audience.COMMITTEE,
        "committee_00340",
        frozenset({Duty.CHAIR}),
    ),
    Seat("committee_member", "MB", "Ủy viên UBND", "committee member", Audience.COMMITTEE, "committee_00340"),
    Seat("hotline", "HOT", "Tổng đài 111", "hotline 111", Audience.HOTLINE, "hotline_111"),
    Seat(
        "coordinator",
        "COO",
        "Điều phối",
        "coordinator",
        Audience.COORDINATOR,
        "coordination_01",
        purpose="coordination",
    ),
    Seat("auditor", "AUD", "Thanh tra", "auditor", Audience.AUDITOR, "inspectorate_01", purpose="oversight"),
)

# Section D's rows of a case: statistics stand elsewhere, and the access log but for an incident that is told of.
CASE_ROWS: tuple[Category, ...] = tuple(
    category for category in Category if category not in OPEN_CATEGORIES | {Category.ACCESS_LOG, Category.STATISTICS}
)


@dataclass(frozen=True, slots=True)
class Look:
    """What all seats saw at one moment; `pages` are the answers themselves, for the test of the canaries."""

    sights: dict[str, dict[str, Seen]]
    pages: dict[str, list[Any]]


def look(sit: Callable[[Seat], Desk]) -> Look:
    """Ask as every seat for the case, and keep how much of each category it is shown."""
    answers = {seat.key: list(_pages(sit(seat))) for seat in SEATS}
    return Look({key: _seen(answered) for key, answered in answers.items()}, answers)


def exercised(*sights: Sights) -> Sequence[Category]:
    """Return the categories that anybody saw anything of, in the order of section D."""
    seen = {row for sight in sights for cells in sight.values() for row, level in cells.items() if level != "none"}
    return [row for row in (*CASE_ROWS, Category.ACCESS_LOG) if row.value in seen]


def _pages(desk: Desk) -> Iterator[Any]:
    listed = cases(desk)
    yield {"cases": listed}
    for row in listed:
        if row["kind"] == "case":
            yield told(desk.get(f"/v1/cases/{row['case']}"))
            yield {"entries": list(pages(desk, f"/v1/cases/{row['case']}/timeline", "entries"))}


def _seen(pages: Iterable[Any]) -> dict[str, Seen]:
    most: dict[str, Seen] = {row.value: "none" for row in CASE_ROWS}
    for page in pages:
        for fact in page.get("facts", ()):
            if _MORE[fact["level"]] > _MORE[most.get(fact["category"], "none")]:
                most[fact["category"]] = fact["level"]
    return most
