"""A scenario as recorded streams, the case record's decisions put in by hand: enough to read, not a case record."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from events.envelope import RecordedEvent
from events.parties import STANDING_AUDIENCES
from events.units import audience_of
from tests.controls.recorded import recorded

SCENARIOS = Path(__file__).parents[1] / "scenarios"
_UNITS = (
    "hotline_111",
    "child_protection_00340",
    "committee_00340",
    "commune_police_00340",
    "hospital_h1",
    "school_s1",
    "investigation_police_01",
)


@dataclass(frozen=True)
class Story:
    """Which streams of a scenario are read: the case and the reports that are linked with it, and who takes part."""

    number: int
    case: str
    reports: tuple[str, ...]
    closed_after: int
    units: tuple[str, ...] = _UNITS


FIRST = Story(1, "C-55", ("R-101", "R-102"), 26)
SECOND = Story(2, "C-77", ("R-201", "R-202"), 24, _UNITS[1:])  # nobody called the hotline
STREAMS = {
    name: uuid5(UUID(int=0), name) for name in ("R-103", *(n for s in (FIRST, SECOND) for n in (*s.reports, s.case)))
}
SETTLED_AT = datetime.fromisoformat("2026-07-02T12:00:00+07:00")
SEALED_AT = datetime.fromisoformat("2026-07-03T12:00:00+07:00")
_BEGINS_TASK = {"social_work.plan_task_assigned.v1", "social_work.service_referred.v1"}

Statement = dict[str, Any]


@cache
def case_streams(step: int, story: Story = FIRST) -> dict[UUID, list[RecordedEvent]]:
    """Return the streams of the case and its reports as they stand after a step."""
    told: dict[str, list[RecordedEvent]] = {name: [] for name in (*story.reports, story.case)}
    for statement in _statements(step, story):
        name = statement["subject"].removeprefix("@:")
        if name in told:
            for one in (*_before(statement, name, not told[name]), statement, *_after(statement)):
                told[name].append(_record(one, name, len(told[name]) + 1))
    for name, events in told.items():
        for one in _settled(name, story):
            events.append(_record(one, name, len(events) + 1))
    if step >= story.closed_after:
        case = told[story.case]
        case.append(_record(_decided("case.case_closed.v1", {}), story.case, len(case) + 1))
    return {STREAMS[name]: events for name, events in told.items()}


def sealed_streams(
    streams: Mapping[UUID, list[RecordedEvent]], units: Iterable[str]
) -> dict[UUID, list[RecordedEvent]]:
    """Return the streams, each ended by the order that these units alone keep sight of it."""
    order: Statement = {"source": "case_record", "time": SEALED_AT, "data": {"units": sorted(units)}}
    return {
        stream: [*events, recorded("case.case_sealed.v1", len(events) + 1, stream=stream, **order)]
        for stream, events in streams.items()
    }


def _statements(step: int, story: Story) -> Iterator[Statement]:
    """Yield what the agencies stated up to a step, with when and by whom."""
    file = SCENARIOS / f"scenario_{story.number}.toml"
    for told in tomllib.loads(file.read_text(encoding="utf-8"))["steps"]:
        if told["number"] <= step:
            for event in told.get("events", ()):
                yield {"data": {}, **event, "at": event.get("at", told["at"])}


def _before(statement: Statement, name: str, first: bool) -> Iterator[Statement]:
    at = statement["at"]
    if first and name.startswith("R"):
        yield _decided("case.report_opened.v1", {"unit": statement["unit"], "received_at": at.isoformat()}, at)
    if first and name.startswith("C"):
        yield _decided("case.case_opened.v1", {"lead_unit": statement["unit"]}, at)


def _after(statement: Statement) -> Iterator[Statement]:
    at, label = statement["at"], statement["id_label"]
    if statement["type"] in _BEGINS_TASK:
        unit = statement["data"]["unit"]
        audience = audience_of(unit)
        yield _decided("case.task_assigned.v1", {"task": label, "audience": audience, "unit": unit, "due_at": None}, at)
    if label == "crime_report_accepted":
        clock = {"rule": "crime_report_20d", "audience": "police", "starts_at": at.isoformat()}
        due = (at + timedelta(days=20)).isoformat()
        yield _decided("case.deadline_started.v1", {**clock, "due_at": due}, at)
    if statement["type"] == "social_work.fact_corrected.v1":
        pair = {"corrected": statement["data"]["corrects"].removeprefix("@id:"), "correction": label}
        yield _decided("case.statement_corrected.v1", pair, at)


def _settled(name: str, story: Story) -> Iterator[Statement]:
    """Yield who has joined and what is linked, as it stands in the end."""
    for number, unit in enumerate(story.units):
        joined = {"audience": audience_of(unit), "unit": unit, "reference": f"{name}-{number}", "because": "linked"}
        yield _decided("case.party_joined.v1", joined)
    for audience in STANDING_AUDIENCES:
        standing = {"audience": audience, "unit": None, "reference": f"{name}-{audience}", "because": "standing"}
        yield _decided("case.party_joined.v1", standing)
    for report in story.reports:
        if name in {report, story.case}:
            link = {"report": str(STREAMS[report]), "case": str(STREAMS[story.case]), "role": "origin"}
            yield _decided("case.report_linked.v1", link)


def _decided(type_: str, data: dict[str, Any], at: datetime | None = None) -> Statement:
    return {"type": type_, "unit": "case_record", "data": data, "at": at}


def _record(one: Statement, name: str, version: int) -> RecordedEvent:
    label = one.get("id_label", f"{name}-decision-{version}")
    data = {key: _resolved(value) for key, value in one["data"].items()}
    at = one["at"] or SETTLED_AT
    return recorded(one["type"], version, stream=STREAMS[name], id=label, source=one["unit"], time=at, data=data)


def _resolved(value: Any) -> Any:
    if isinstance(value, str) and value.startswith("@"):
        return value.partition(":")[2]
    return value.isoformat() if hasattr(value, "isoformat") else value
