"""One valid example of every event type; each sealed text is a value that occurs nowhere else.

No value resembles a real person: names are codes such as `TRE-EM 7Q2`.
"""

import json
from datetime import datetime
from typing import Any

from pydantic import JsonValue

from events.envelope import SubmittedEvent
from events.event import Event
from events.registry import EVENT_CLASSES, event_class
from tests.controls import case_data, education_data, health_data, police_data, privacy_data, social_work_data

Data = dict[str, JsonValue]

_VOCABULARIES = (social_work_data, police_data, health_data, education_data, case_data, privacy_data)
_EXAMPLES: dict[str, Data] = {type_: data for module in _VOCABULARIES for type_, data in module.EXAMPLES.items()}

# Who would say it; the first event of a reporting unit comes from where it was reported.
_UNITS = {
    "social_work": "child_protection_00340",
    "police": "commune_police_00340",
    "health": "hospital_h1",
    "education": "school_s1",
    "privacy": "child_protection_00340",
    "case": "case_record",
}
_OWN_UNITS = {
    "social_work.report_received.v1": "hotline_111",
    "social_work.report_forwarded.v1": "hotline_111",
    "social_work.temporary_separation_ordered.v1": "committee_00340",
    "social_work.temporary_separation_lifted.v1": "committee_00340",
    "social_work.case_meeting_held.v1": "committee_00340",
    "social_work.plan_approved.v1": "committee_00340",
    "social_work.case_closed.v1": "committee_00340",
    "police.crime_report_accepted.v1": "investigation_police_01",
    "police.social_sector_notified.v1": "investigation_police_01",
    "police.interview_held.v1": "investigation_police_01",
    "police.interview_held.v2": "investigation_police_01",
    "police.interview_requested.v1": "investigation_police_01",
    "police.digital_evidence_preserved.v1": "investigation_police_01",
    "police.forensic_exam_requested.v1": "investigation_police_01",
    "police.investigator_assigned.v1": "investigation_police_01",
    "police.prosecution_decided.v1": "investigation_police_01",
    "police.trial_held.v1": "investigation_police_01",
    "social_work.legal_representative_assigned.v1": "legal_aid_01",
    "police.crime_report_resolved.v1": "investigation_police_01",
    "police.administrative_handling_recorded.v1": "investigation_police_01",
}

# What only an agency may send; the case record's own types are all the others.
AGENCY_TYPES: tuple[str, ...] = tuple(type_ for type_, found in EVENT_CLASSES.items() if found.BY)


def example_data(type_: str) -> Data:
    """Return valid data of a type, a copy of its own each time."""
    copied: Data = json.loads(json.dumps(_EXAMPLES[type_]))
    return copied


def example_event(type_: str, **changes: JsonValue) -> Event:
    """Return the example as an event, with some fields changed."""
    return event_class(type_).model_validate_json(json.dumps(example_data(type_) | changes))


def example_unit(type_: str) -> str:
    """Return the unit that says such a thing in scenario 1."""
    return _OWN_UNITS.get(type_, _UNITS[type_.partition(".")[0]])


def submitted(type_: str, **changes: Any) -> SubmittedEvent:
    """Return the example as its unit submits it.

    Shape: `changes` replace attributes of the envelope; `data` is laid over the example's data.
    """
    attributes: dict[str, Any] = {
        "id": f"example-{type_}",
        "source": example_unit(type_),
        "type": type_,
        "subject": "R-101",
        "time": datetime.fromisoformat("2026-04-06T21:10:00+07:00"),
    }
    data = example_data(type_) | changes.pop("data", {})
    return SubmittedEvent(**attributes | changes, data=data)
