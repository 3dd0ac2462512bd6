"""Example data of what the case record decides."""

from pydantic import JsonValue

_MATCH: dict[str, JsonValue] = {"match": "7H3N9S2F6QKA", "unit": "commune_police_00340", "audience": "police"}
_REPORT = "5b0c6a52-7d43-4a18-9d13-0c1d5a1e0101"
_CASE = "5b0c6a52-7d43-4a18-9d13-0c1d5a1e0055"

EXAMPLES: dict[str, dict[str, JsonValue]] = {
    "case.report_opened.v1": {"unit": "hotline_111", "received_at": "2026-04-06T21:10:00+07:00"},
    "case.case_opened.v1": {"lead_unit": "child_protection_00340"},
    "case.party_joined.v1": {
        "audience": "police",
        "unit": "commune_police_00340",
        "reference": "7K3QZ9M2T4XD",
        "because": "forwarded",
    },
    "case.report_linked.v1": {"report": _REPORT, "case": _CASE, "role": "origin"},
    "case.report_found_unfounded.v1": {},
    "case.stage_entered.v1": {"stage": "initial_assessment"},
    "case.investigation_stage_entered.v1": {"stage": "inv:crime_report_accepted"},
    "case.emergency_declared.v1": {},
    "case.emergency_ended.v1": {},
    "case.deadline_started.v1": {
        "rule": "emergency_12h",
        "audience": "committee",
        "starts_at": "2026-04-06T21:10:00+07:00",
        "due_at": "2026-04-07T09:10:00+07:00",
    },
    "case.deadline_met.v1": {
        "rule": "emergency_12h",
        "audience": "committee",
        "met_at": "2026-04-06T23:30:00+07:00",
        "late": False,
    },
    "case.task_assigned.v1": {
        "task": "task-2",
        "audience": "health",
        "unit": "hospital_h1",
        "due_at": "2026-06-30T17:00:00+07:00",
    },
    "case.task_progressed.v1": {"task": "task-2", "audience": "health", "status": "accepted"},
    "case.statement_corrected.v1": {"corrected": "example-1", "correction": "example-2"},
    "case.statement_voided.v1": {"voided": "example-1", "voiding": "example-2"},
    "case.statement_flagged.v1": {"statement": "example-1", "flag": "late_decision", "audience": "coordinator"},
    "case.sharing_allowed.v1": {
        "consent": "example-1",
        "unit": "child_protection_00340",
        "audience": "education",
        "purposes": ["case_work"],
        "categories": ["medical_findings"],
        "since": "2026-04-06T21:10:00+07:00",
        "until": "2026-10-06T21:10:00+07:00",
    },
    "case.sharing_ended.v1": {
        "consent": "example-1",
        "unit": "child_protection_00340",
        "audience": "education",
        "categories": ["medical_findings"],
    },
    "case.match_suggested.v1": {**_MATCH, "other": "2G7K0Q4V9WZB"},
    "case.match_confirmed.v1": _MATCH,
    "case.match_established.v1": {**_MATCH, "pair": "5C8M1R6X3YTD"},
    "case.match_ended.v1": _MATCH,
    "case.case_sealed.v1": {"units": ["child_protection_00340", "commune_police_00340"]},
    "case.case_unsealed.v1": {},
    "case.case_closed.v1": {},
    "case.case_reopened.v1": {},
}
