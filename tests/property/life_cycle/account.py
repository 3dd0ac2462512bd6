"""What the model reasons about: statements, reports, cases, clocks. It shares no code with the product."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from tests.property.life_cycle.facts import Facts

STANDING = ("coordinator", "auditor")
READS = {  # unit -> whose view it has
    "hotline_111": "hotline",
    "child_protection_00340": "case_manager",
    "committee_00340": "committee",
    "commune_police_00340": "police",
    "investigation_police_01": "police",
    "hospital_h1": "health",
    "school_s1": "education",
    "school_s2": "education",
}
KNOWN_UNITS = {*READS, "legal_aid_01"}
SOCIAL = {"hotline_111", "child_protection_00340", "committee_00340", "legal_aid_01"}

LATE = {
    "emergency_12h": "late_decision",
    "police_transfer_24h": "late_transfer",
    "separation_max_15d": "separation_over_15_days",
    "plan_draft_5wd": "late_plan",
    "plan_approve_2wd": "late_approval",
    "crime_report_20d": "late_resolution",
    "assign_investigator_3d": "late_step",
    "dsr_response_2wd": "late_answer",
}
HOURS = {"emergency_12h": 12, "police_transfer_24h": 24, "separation_max_15d": 15 * 24, "crime_report_20d": 20 * 24}
HOURS["assign_investigator_3d"] = 3 * 24
WORKING_DAYS = {"plan_draft_5wd": 5, "plan_approve_2wd": 2, "dsr_response_2wd": 2}
NO_WORK = {date(2026, 4, 27), date(2026, 4, 30), date(2026, 5, 1)}  # the Hung Kings' day made up for, and two more
DOES = {
    "temporary_separation_ordered": "emergency_12h",
    "crime_report_transferred": "police_transfer_24h",
    "temporary_separation_lifted": "separation_max_15d",
    "plan_drafted": "plan_draft_5wd",
    "plan_approved": "plan_approve_2wd",
    "crime_report_resolved": "crime_report_20d",
    "request_acknowledged": "dsr_response_2wd",
}


@dataclass(frozen=True)
class Told:
    """A statement as its unit made it."""

    unit: str
    id: str
    reference: str
    number: int  # the door's count
    kind: str  # the type without vocabulary and version
    at: datetime
    data: dict[str, Any] = field(default_factory=dict)
    wrong: str | None = None  # why it must be refused

    @property
    def key(self) -> tuple[str, str]:
        return self.unit, self.id

    @property
    def opens(self) -> bool:
        return self.wrong is None and self.kind in {"report_received", "case_opened"}

    def does(self) -> str | None:
        """Return which clock the statement answers."""
        if self.kind == "initial_risk_assessed":
            return None if self.data["emergency"] else "emergency_12h"
        return DOES.get(self.kind)


@dataclass(eq=False)
class Sheet:
    """One report or case of the model; `here` is what was stated on it."""

    facts: Facts
    stream: UUID
    case: "Sheet | None" = None
    reports: list["Sheet"] = field(default_factory=list)
    here: list[Told] = field(default_factory=list)
    stage_since: datetime | None = None
    police_since: datetime | None = None


def due(rule: str, starts_at: datetime) -> datetime:
    """Return when a clock runs out: hours go on, working days end at their last second in Viet Nam."""
    if rule in HOURS:
        return starts_at + timedelta(hours=HOURS[rule])
    local = starts_at + timedelta(hours=7) - (starts_at.utcoffset() or timedelta())
    day, left = local.date(), WORKING_DAYS[rule]
    while left:
        day += timedelta(days=1)
        left -= day.isoweekday() <= 5 and day not in NO_WORK
    return datetime.fromisoformat(f"{day}T23:59:59+07:00")


class Group:
    """A case with its reports, or a report alone, as one unit's statement reaches it; `named` is what it names."""

    def __init__(self, named: Sheet, *, alone: bool = False) -> None:
        self.named = named
        self.case = None if alone else named if named.facts.kind == "case" else named.case
        self.reports = self.case.reports if self.case else [named]
        self.all = [self.case, *self.reports] if self.case else [named]
        self.main = self.case or named

    def running(self, rule: str) -> list[Sheet]:
        clocks = [(one, one.facts.clocks.get(rule)) for one in self.all]
        return [one for one, clock in clocks if clock and clock.met_at is None]

    def done(self, rule: str, since: datetime) -> datetime | None:
        """Return when somebody first did, from a moment on, what a clock asks for."""
        times = [told.at for one in self.all for told in one.here if told.does() == rule and told.at >= since]
        return min(times, default=None)

    def holding(self, key: tuple[str, str]) -> Sheet | None:
        return next((one for one in self.all if any(told.key == key for told in one.here)), None)

    def interviews_on(self, day: date) -> int:
        stated = (told for one in self.all for told in one.here if told.kind == "interview_held")
        return sum(local_day(told.at) == day for told in stated)

    def holding_task(self, cause: str) -> Sheet | None:
        return next((one for one in self.all if cause in one.facts.tasks), None)

    @property
    def emergency(self) -> bool:
        return any(one.facts.emergency for one in self.all)


def local_day(at: datetime) -> date:
    return (at + timedelta(hours=7) - (at.utcoffset() or timedelta())).date()
