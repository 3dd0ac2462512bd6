"""Who sees what: every audience asks its own route for the case, and the answers are laid side by side."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from events.labels import ROW, Category
from events.parties import Agency, Audience, Duty
from services.cli.demo.player import cases
from services.cli.desk import Desk, told

Seen = Literal["full", "summary", "exists", "none"]
Sights = Mapping[str, Mapping[str, Seen]]  # audience -> category -> how much

_MORE: Mapping[str, int] = {"none": 0, "exists": 1, "summary": 2, "full": 3}


@dataclass(frozen=True, slots=True)
class Seat:
    """A reader of the demo: a unit's person with an audience and duties."""

    key: str
    vi: str
    en: str
    audience: Audience
    unit: str
    agency: Agency
    duties: frozenset[Duty] = field(default_factory=frozenset)
    purpose: str = "case_work"


SEATS: tuple[Seat, ...] = (
    Seat("police", "Công an", "police", Audience.POLICE, "investigation_police_01", Agency.POLICE),
    Seat("health", "Y tế", "health", Audience.HEALTH, "hospital_h1", Agency.HEALTH, frozenset({Duty.TREATING})),
    Seat(
        "education",
        "Nhà trường",
        "school",
        Audience.EDUCATION,
        "school_s1",
        Agency.EDUCATION,
        frozenset({Duty.OWN_PUPIL}),
    ),
    Seat(
        "case_manager",
        "Quản lý ca",
        "case manager",
        Audience.CASE_MANAGER,
        "child_protection_00340",
        Agency.SOCIAL_WORK,
    ),
    Seat(
        "committee_chair",
        "Chủ tịch UBND",
        "chair",
        Audience.COMMITTEE,
        "committee_00340",
        Agency.SOCIAL_WORK,
        frozenset({Duty.CHAIR}),
    ),
    Seat("committee_member", "Thành viên UBND", "member", Audience.COMMITTEE, "committee_00340", Agency.SOCIAL_WORK),
    Seat("hotline", "Tổng đài 111", "hotline", Audience.HOTLINE, "hotline_111", Agency.SOCIAL_WORK),
    Seat("coordinator", "Điều phối", "coordinator", Audience.COORDINATOR, "coordination_01", Agency.COORDINATION),
    Seat("auditor", "Thanh tra", "auditor", Audience.AUDITOR, "inspectorate_01", Agency.COORDINATION),
)


def look(sit: Callable[[Seat], Desk]) -> dict[str, dict[str, Seen]]:
    """Return how much of each category every seat is shown, over all it finds in its own list."""
    return {seat.key: _seen(sit(seat)) for seat in SEATS}


def exercised(*sights: Sights) -> Sequence[Category]:
    """Return the categories that anybody saw anything of, in the order of section D."""
    found = {category for sight in sights for seen in sight.values() for category in seen}
    return sorted((Category(category) for category in found), key=lambda category: ROW[category])


def _seen(desk: Desk) -> dict[str, Seen]:
    most: dict[str, Seen] = {}
    for row in cases(desk):
        file = told(desk.get(f"/v1/cases/{row['case']}"))
        for fact in file["facts"]:
            _keep_more(most, fact)
    return most


def _keep_more(most: dict[str, Seen], fact: Mapping[str, Any]) -> None:
    category, level = fact["category"], fact["level"]
    if _MORE[level] > _MORE[most.get(category, "none")]:
        most[category] = level
