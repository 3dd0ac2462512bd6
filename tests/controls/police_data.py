"""Example data of the police's events."""

from pydantic import JsonValue

EXAMPLES: dict[str, dict[str, JsonValue]] = {
    "police.report_received.v1": {
        "channel": "commune_police",
        "received_at": "2026-04-06T21:25:00+07:00",
        "child_name": "TRE-EM 7Q2 VIET-KHAC",
        "child_sex": "female",
        "child_birth_date": None,
        "child_age_estimate": 10,
        "child_address": "DIA-CHI 7Q2-0003",
        "child_commune": "00340",
        "caregivers": "NGUOI-CHAM-SOC P30-B",
        "carer_relationship": "mother",
        "suspect_name": "NGUOI-BI-NGHI P31-B",
        "suspect_relationship": "stepfather",
        "reporter_name": "NGUOI-BAO-TIN B2-A",
        "reporter_contact": "LIEN-HE B2-A",
        "reporter_type": "neighbour",
        "concern": "LO-NGAI 7Q2-B: tieng danh",
        "abuse_type": "violence_physical",
    },
    "police.report_forwarded.v1": {"to_unit": "child_protection_00340"},
    "police.scene_attended.v1": {
        "secured": True,
        "observations": "HIEN-TRUONG 7Q2-A",
        "evidence_custody": "VAT-CHUNG-LUU-KHO 7Q2-A",
    },
    "police.immediate_danger_stopped.v1": {
        "measure": "suspect_removed",
        "account": "NGAN-CHAN 7Q2-A",
        "suspect_name": "NGUOI-BI-NGHI P31-C",
        "suspect_relationship": "stepfather",
        "safety_instruction": "no_contact_with_suspect",
    },
    "police.crime_report_transferred.v1": {
        "to_unit": "investigation_police_01",
        "classification": "violence_physical",
        "circumstances": "TIN-BAO 7Q2-A",
        "suspect_name": "NGUOI-BI-NGHI P31-D",
        "suspect_relationship": "stepfather",
    },
    "police.crime_report_accepted.v1": {
        "register_number": "SO-THU-LY 7Q2-01",
        "grounds": "CAN-CU-THU-LY 7Q2-A",
    },
    "police.social_sector_notified.v1": {
        "notice": "THONG-BAO 7Q2-A",
        "next_interview_on": "2026-04-08",
    },
    "police.interview_held.v1": {
        "started_at": "2026-04-08T09:00:00+07:00",
        "ended_at": "2026-04-08T10:10:00+07:00",
        "place": "residence",
        "representative": "grandparent",
        "plain_clothes": True,
        "statement": "LOI-KHAI 7Q2-A",
    },
    "police.crime_report_resolved.v1": {"outcome": "inv:not_initiated", "grounds": "CAN-CU-GIAI-QUYET 7Q2-A"},
    "police.administrative_handling_recorded.v1": {
        "measure": "fine",
        "amount_vnd": 7202026,
        "decision_number": "QUYET-DINH-XU-PHAT 7Q2-01",
        "suspect_name": "NGUOI-BI-NGHI P31-E",
    },
}
