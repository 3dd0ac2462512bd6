"""Read one record of one category as one reader, through fold and read, and say how much came through."""

import json
from base64 import b64decode
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from events.compartments import Compartment
from events.envelope import RecordedContents, RecordedEvent
from events.event import labels_of
from events.labels import Category, Form, Person
from events.parties import Agency, Audience, Duty
from events.registry import EVENT_CLASSES
from projections.case_file import CaseFile
from projections.disclosure.agreement import Agreement, Level
from projections.disclosure.disclose import disclose
from projections.disclosure.packaged import packaged_agreement
from projections.facts import choose, present
from projections.sight import Reader
from tests.controls.recorded import CASE, REPORT, sealed_mark

NOW = datetime(2026, 6, 1, tzinfo=UTC)
SECTION_D = Path(__file__).with_name("section_d.toml")

OWN_UNIT = {
    Audience.POLICE: "commune_police_00340",
    Audience.HEALTH: "hospital_h1",
    Audience.EDUCATION: "school_s1",
    Audience.CASE_MANAGER: "child_protection_00340",
    Audience.COMMITTEE: "committee_00340",
    Audience.HOTLINE: "hotline_111",
    Audience.COORDINATOR: "coordination_01",
    Audience.AUDITOR: "inspectorate_01",
}
NOBODYS_UNIT = "legal_aid_01"  # publishes and reads nothing

# An event whose existence the category itself governs, where there is one.
ABOUT = {
    Category.INVESTIGATION: "police.crime_report_accepted.v1",
    Category.INTERVIEW_SCHEDULE: "police.interview_held.v1",
    Category.MEDICAL_FINDINGS: "health.medical_exam_completed.v1",
    Category.SCHOOL_RECORDS: "education.attendance_noted.v1",
    Category.DEADLINES_TASKS: "case.task_assigned.v1",
}
_ABOUT_NOTHING = "social_work.agency_invited.v1"


@dataclass(frozen=True)
class Situation:
    """What a cell's conditions ask about, apart from the reader's duties."""

    own_record: bool = False
    own_task: bool = False
    closed: bool = False
    forwarded: bool = True  # a report that was not forwarded belongs to no case yet
    linked: bool = True  # with a case
    known: bool = True  # the reader has a file of the case
    purpose: str | None = None

    @property
    def of_a_case(self) -> bool:
        """Whether the record is of a case, and not of a report alone."""
        return self.forwarded and self.linked


@dataclass(frozen=True)
class Eyes:
    """A reader of the table."""

    audience: Audience
    duties: frozenset[Duty] = field(default_factory=frozenset)

    @classmethod
    def of(cls, told: dict[str, Any]) -> "Eyes":
        return cls(Audience(told["audience"]), frozenset(Duty(one) for one in told.get("duties", ())))


def level_seen(category: Category, eyes: Eyes, situation: Situation, agreement: Agreement | None = None) -> Level:
    """Return the strongest level among what is told of a category, by the agreement of this release unless told."""
    levels = levels_seen(category, eyes, situation, agreement or packaged_agreement()).values()
    return max(levels, key=lambda level: level.rank, default=Level.NONE)


def levels_seen(category: Category, eyes: Eyes, situation: Situation, agreement: Agreement) -> dict[str, Level]:
    """Return the strongest level at which each part of a category is told; what is not told of is left out."""
    told: dict[str, Level] = {}
    for fact in facts_seen(category, eyes, situation, agreement):
        if fact["category"] == category:
            part, level = str(fact["part"]), Level(str(fact["level"]))
            told[part] = max(level, told.get(part, Level.NONE), key=lambda one: one.rank)
    return told


def facts_seen(category: Category, eyes: Eyes, situation: Situation, agreement: Agreement) -> list[dict[str, Any]]:
    entry = disclose(record_of(category, eyes.audience, replace(situation, purpose=None)), eyes.audience, agreement)
    reader = Reader(eyes.audience, eyes.duties, OWN_UNIT.get(eyes.audience), situation.purpose)
    choice = choose(files(situation), [entry] if entry else [], reader, agreement, NOW)
    return present(choice, [json.loads(b64decode(box.box)) for _, box in choice.boxes])


@cache
def record_of(category: Category, audience: Audience, situation: Situation) -> RecordedEvent:
    """Return an event that seals every part of the category, in both forms, stated by whom the situation says."""
    source = OWN_UNIT[audience] if situation.own_record else NOBODYS_UNIT
    boxes = tuple(
        sealed_mark(Compartment(category, part, Person.CHILD, form, dict.fromkeys(names, "x")), Agency.POLICE, source)
        for part, names in sorted(parts_of(category).items())
        for form in Form
    )
    if category is Category.OPERATIONAL:
        boxes = ()
    unit = OWN_UNIT[audience] if situation.own_task else NOBODYS_UNIT
    return RecordedEvent(
        id="record-1",
        source=source,
        type=ABOUT.get(category, _ABOUT_NOTHING),
        time=NOW,
        subject=CASE if situation.of_a_case else REPORT,
        recordedtime=NOW,
        sequence=1,
        data=RecordedContents(open={"unit": unit}, sealed=boxes, nonce="0" * 32),
    )


@cache
def parts_of(category: Category) -> dict[str, set[str]]:
    """Return the parts that some event type seals of a category, with the names of its fields."""
    parts: dict[str, set[str]] = {}
    for class_ in EVENT_CLASSES.values():
        for name, label in labels_of(class_).items():
            if label.category is category:
                parts.setdefault(label.part, set()).add(name)
    return parts or {"main": {"value"}}


def files(situation: Situation) -> list[CaseFile]:
    if not situation.known:
        return []
    if not situation.of_a_case:
        status = "forwarded" if situation.forwarded else "received"
        return [CaseFile(stream=REPORT, kind="report", status=status, forwarded=situation.forwarded, changed_at=NOW)]
    status = "closed" if situation.closed else "open"
    return [CaseFile(stream=UUID(str(CASE)), kind="case", status=status, changed_at=NOW)]
