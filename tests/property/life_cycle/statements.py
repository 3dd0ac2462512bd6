"""Which unit may state what, and with which open fields."""

from hypothesis import strategies as st

SOCIAL = ("child_protection_00340", "committee_00340", "hotline_111", "legal_aid_01")
POLICE = ("commune_police_00340", "investigation_police_01")
HEALTH, EDUCATION = ("hospital_h1",), ("school_s1",)
UNITS = {"social_work": SOCIAL, "police": POLICE, "health": HEALTH, "education": EDUCATION, "privacy": SOCIAL}
JOINING = st.sampled_from([*SOCIAL, *POLICE, *HEALTH, *EDUCATION, "nobodys_unit"])
OUTCOMES = st.sampled_from(["inv:not_initiated", "inv:case_initiated", "inv:administrative_handling", "closed"])

# kind -> the vocabularies that have it. Everything an agency may state.
KINDS: dict[str, tuple[str, ...]] = {
    "report_received": ("social_work", "police"),
    "case_opened": ("social_work",),
    "reports_merged": ("social_work",),
    "report_forwarded": ("social_work", "police"),
    "report_verified": ("social_work", "education"),
    "report_marked_unfounded": ("social_work",),
    "agency_invited": ("social_work",),
    "fact_corrected": ("social_work",),
    "case_meeting_held": ("social_work",),
    "carer_reassessed": ("social_work",),
    "case_reviewed": ("social_work",),
    "case_closed": ("social_work",),
    "initial_risk_assessed": ("social_work",),
    "temporary_separation_ordered": ("social_work",),
    "temporary_separation_lifted": ("social_work",),
    "needs_assessed": ("social_work",),
    "plan_drafted": ("social_work",),
    "plan_approved": ("social_work",),
    "plan_task_assigned": ("social_work",),
    "service_referred": ("social_work",),
    "service_accepted": ("social_work", "health", "education"),
    "service_delivered": ("social_work", "health", "education"),
    "emergency_care_provided": ("health",),
    "medical_exam_completed": ("health",),
    "attendance_noted": ("education",),
    "scene_attended": ("police",),
    "immediate_danger_stopped": ("police",),
    "social_sector_notified": ("police",),
    "administrative_handling_recorded": ("police",),
    "crime_report_transferred": ("police",),
    "crime_report_accepted": ("police",),
    "crime_report_resolved": ("police",),
    "interview_held": ("police",),
    "redaction_requested": ("privacy",),
    "request_acknowledged": ("privacy",),
}

_WITH_DATA = {
    "report_received",
    "case_opened",
    "reports_merged",
    "report_forwarded",
    "agency_invited",
    "fact_corrected",
    "initial_risk_assessed",
    "temporary_separation_ordered",
    "plan_task_assigned",
    "service_referred",
    "service_accepted",
    "service_delivered",
    "crime_report_transferred",
    "crime_report_resolved",
}
# What has a rule of its own needs data; all the others are told as in the examples.
STATED_ONLY = sorted(KINDS.keys() - _WITH_DATA)


def speakers(kind: str) -> list[tuple[str, str]]:
    """Return (vocabulary, unit) for everybody who may state a kind."""
    return [(vocabulary, unit) for vocabulary in KINDS[kind] for unit in UNITS[vocabulary]]
