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
    "police.interview_held.v2": {
        "started_at": "2026-04-08T14:00:00+07:00",
        "ended_at": "2026-04-08T14:40:00+07:00",
        "ending": "child_tired",
        "place": "friendly_room",
        "representative": "mother",
        "plain_clothes": True,
        "statement": "LOI-KHAI 7Q2-B",
    },
    "police.interview_requested.v1": {
        "planned_at": "2026-04-08T14:00:00+07:00",
        "exception": "stopped_earlier",
        "topics": "NOI-DUNG-HOI 7Q2-A",
    },
    "police.crime_report_resolved.v1": {"outcome": "inv:not_initiated", "grounds": "CAN-CU-GIAI-QUYET 7Q2-A"},
    "police.administrative_handling_recorded.v1": {
        "measure": "fine",
        "amount_vnd": 7202026,
        "decision_number": "QUYET-DINH-XU-PHAT 7Q2-01",
        "suspect_name": "NGUOI-BI-NGHI P31-E",
    },
    "police.digital_evidence_preserved.v1": {
        "evidence_kind": "media_fingerprint",
        "content_hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "custody": "DU-LIEU-LUU-KHO 7Q2-A",
        "account": "BAO-TOAN-DU-LIEU 7Q2-A",
    },
    "police.forensic_exam_requested.v1": {
        "exam_kind": "physical",
        "requested_of": "TRUNG-TAM-GIAM-DINH 7Q2-A",
        "within_hours": 72,
        "questions": "CAU-HOI-GIAM-DINH 7Q2-A",
    },
    "police.investigator_assigned.v1": {
        "investigator": "DIEU-TRA-VIEN 7Q2-A",
        "investigator_sex": "female",
        "trained_for_children": True,
    },
    "police.prosecution_decided.v1": {
        "outcome": "prosecuted",
        "decision_number": "CAO-TRANG 7Q2-01",
        "grounds": "CAN-CU-TRUY-TO 7Q2-A",
    },
    "police.trial_held.v1": {
        "closed_hearing": True,
        "court": "TOA-AN 7Q2-A",
        "judgment": "BAN-AN 7Q2-A",
    },
}
