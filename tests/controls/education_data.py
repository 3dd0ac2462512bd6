"""Example data of education's events."""

from pydantic import JsonValue

EXAMPLES: dict[str, dict[str, JsonValue]] = {
    "education.attendance_noted.v1": {"attendance": "absent_supported", "note": "CHUYEN-CAN 7Q2-A"},
    "education.report_verified.v1": {"outcome": "unfounded", "account": "TRUONG-XAC-MINH 7Q2-A"},
    "education.service_accepted.v1": {
        "task": "task-3",
        "service": "school_reintegration",
        "arrangement": "TIEP-NHAN-TRO-LAI 7Q2-A",
    },
    "education.service_delivered.v1": {
        "task": "task-3",
        "service": "school_reintegration",
        "outcome": "achieved",
        "account": "KET-QUA-TRO-LAI 7Q2-A",
    },
    "education.concern_raised.v1": {
        "channel": "agency_system",
        "received_at": "2026-04-06T20:55:00+07:00",
        "child_name": "TRE-EM 7Q2 TRUONG-GHI",
        "child_sex": "female",
        "child_birth_date": "2016-09-03",
        "child_age_estimate": 9,
        "child_address": "DIA-CHI 7Q2-0004",
        "child_commune": "00340",
        "caregivers": "NGUOI-CHAM-SOC P30-C",
        "carer_relationship": "mother",
        "suspect_name": "NGUOI-BI-NGHI P88-A",
        "suspect_relationship": "online_contact",
        "reporter_name": "NGUOI-BAO-TIN B3-A",
        "reporter_contact": "LIEN-HE B3-A",
        "reporter_type": "school_staff",
        "concern": "LO-NGAI 7Q2-D: bi ep gui anh",
        "abuse_type": "sexual_abuse_online",
        "environment": "online",
        "staff_involved": False,
        "observation": "QUAN-SAT-CUA-TRUONG 7Q2-A",
    },
    "education.report_forwarded.v1": {"to_unit": "commune_police_00340"},
    "education.student_support_plan_shared.v1": {
        "measures": ["seat_change", "contact_person"],
        "review_on": "2026-05-15",
        "instruction": "HUONG-DAN-GIAO-VIEN 7Q2-A",
    },
    "education.service_declined.v1": {
        "task": "task-4",
        "service": "medical_care",
        "reason": "no_capacity",
        "explanation": "EXPLANATION 7Q2-M76",
    },
    "education.support_provided.v1": {"service": "medical_care", "note": "NOTE 7Q2-M77"},
    "education.school_violence_reported.v1": {
        "violence_kind": "bullying",
        "responses": ["first_aid"],
        "account": "ACCOUNT 7Q2-M78",
        "other_pupils": "OTHER-PUPILS 7Q2-M79",
        "staff_involved": True,
    },
    "education.child_disclosed.v1": {
        "told_to": "teacher",
        "words": "WORDS 7Q2-M80",
        "words_custody": "WORDS-CUSTODY 7Q2-M81",
    },
    "education.enrolment_changed.v1": {"change": "enrolled", "school": "SCHOOL 7Q2-M82", "reason": "REASON 7Q2-M83"},
    "education.safety_plan_agreed.v1": {
        "measures": ["seat_change"],
        "plan": "PLAN 7Q2-M84",
        "may_fetch": "MAY-FETCH 7Q2-M85",
    },
    "education.dissent_recorded.v1": {"dissent_subject": "risk", "reason": "REASON 7Q2-M86"},
}
