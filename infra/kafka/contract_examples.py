"""Examples of what lies in the topics, with values of no meaning, and the messages that are no events."""

from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from events.envelope import EventId, Reference, UnitId


class OutcomeMessage(BaseModel):
    """What came of an event, told to its agency's door; `reference` is the unit's own of the case."""

    model_config = ConfigDict(extra="forbid")

    source: UnitId | None
    id: EventId | None
    status: Literal["recorded", "waiting", "rejected"]
    reason: str | None
    reference: Reference | None
    recorded_at: AwareDatetime | None


class DeadLetter(BaseModel):
    """What could not be taken; source and id are null when it could not be read at all."""

    model_config = ConfigDict(extra="forbid")

    source: UnitId | None
    id: EventId | None
    reason: str


_UNIT = "commune_police_00340"
_ENVELOPE = {
    "specversion": "1.0",
    "id": "2026-000117-2",
    "source": _UNIT,
    "type": "police.scene_attended.v1",
    "time": "2026-11-20T21:40:00+07:00",
    "datacontenttype": "application/json",
    "recordedtime": "2026-11-20T14:41:07Z",
    "simulated": False,
}
_BOX = {
    "category": "investigation",
    "part": "main",
    "form": "full",
    "subject": f"{_UNIT}/CP-2026-000117#child",
    "owner": "police",
    "key_id": "00000000-0000-4000-8000-000000000001",
    "box": "AAAA",
    "commitment": "0" * 64,
}


def _sealed(type_: str, unit: str, owner: str, category: str, open_: dict[str, Any]) -> dict[str, Any]:
    said = {"type": type_, "source": unit, "subject": "R-2026-0042", "sequence": 1}
    box = {**_BOX, "category": category, "owner": owner, "subject": f"{unit}/R-2026-0042#child"}
    return {**_ENVELOPE, **said, "data": {"open": open_, "sealed": [box]}}


EXAMPLES: dict[str, dict[str, Any]] = {
    "sealed.police.scene_attended.v1": {
        **_ENVELOPE,
        "subject": "CP-2026-000117",
        "sequence": 2,
        "data": {"open": {"secured": True}, "sealed": [_BOX]},
    },
    "sealed.health.service_accepted.v1": _sealed(
        "health.service_accepted.v1", "hospital_h1", "health", "services_given", {"task": "task-2"}
    ),
    "sealed.education.attendance_noted.v1": _sealed(
        "education.attendance_noted.v1", "school_s1", "education", "school_records", {}
    ),
    "sealed.social_work.report_verified.v1": _sealed(
        "social_work.report_verified.v1",
        "child_protection_00340",
        "social_work",
        "home_visit_notes",
        {"outcome": "verified"},
    ),
    "recorded.police.scene_attended.v1": {
        **_ENVELOPE,
        "subject": "5b0c6a52-7d43-4a18-9d13-0c1d5a1e0101",
        "sequence": 4,
        "data": {"open": {"secured": True}, "sealed": [_BOX], "nonce": "0" * 32},
    },
    "outcome": {
        "source": _UNIT,
        "id": "2026-000117-2",
        "status": "recorded",
        "reason": None,
        "reference": "CP-2026-000117",
        "recorded_at": "2026-11-20T14:41:08+00:00",
    },
    "dead": {"source": _UNIT, "id": "2026-000117-9", "reason": "broken_schema"},
}
