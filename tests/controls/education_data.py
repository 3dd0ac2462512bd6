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
}
