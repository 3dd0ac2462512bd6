"""Example data of the privacy events."""

from pydantic import JsonValue

EXAMPLES: dict[str, dict[str, JsonValue]] = {
    "privacy.redaction_requested.v1": {
        "requester_name": "NGUOI-YEU-CAU P30-A",
        "requester_relationship": "mother",
        "request": "delete",
        "what_is_asked": "NOI-DUNG-YEU-CAU 7Q2-A",
    },
    "privacy.request_acknowledged.v1": {"answer": "TRA-LOI-YEU-CAU 7Q2-A"},
    "privacy.redaction_applied.v1": {
        "request": "example-privacy.redaction_requested.v1",
        "scope": "partial",
        "recipients_told": True,
        "what_was_erased": "NOI-DUNG-DA-XOA 7Q2-A",
    },
    "privacy.erasure_denied.v1": {
        "request": "example-privacy.redaction_requested.v1",
        "ground": "statutory_file",
        "explanation": "GIAI-THICH-TU-CHOI 7Q2-A",
    },
    "privacy.consent_recorded.v1": {
        "purpose": "medical_examination",
        "representative": "mother",
        "child_decision": "agreed",
        "child_words": "LOI-DONG-Y 7Q2-A",
        "representative_decision": "agreed",
        "in_writing": True,
        "conditions": ["examiner_same_sex", "private_room"],
        "valid_until": "2026-05-06",
        "evidence": "PHIEU-DONG-Y-LUU-KHO 7Q2-B",
    },
    "privacy.consent_refused.v1": {
        "purpose": "interview_recording",
        "representative": "mother",
        "child_decision": "refused",
        "child_words": "LOI-TU-CHOI 7Q2-A",
        "representative_decision": "agreed",
        "reason": "LY-DO-TU-CHOI 7Q2-A",
    },
    "privacy.consent_withdrawn.v1": {
        "consent": "example-privacy.consent_recorded.v1",
        "purpose": "information_sharing",
        "representative": "mother",
        "withdrawn_by_child": True,
        "reason": "LY-DO-RUT-LAI 7Q2-A",
    },
    "privacy.child_identified.v1": {
        "child_name": "TRE-EM 7Q2-A",
        "child_birth_date": "2016-09-02",
        "child_id_number": "SO-DINH-DANH 7Q2-A",
    },
    "privacy.statement_voided.v1": {
        "voids": "example-health.medical_exam_completed.v1",
        "reason": "wrong_child",
    },
    "privacy.incident_opened.v1": {
        "detected_at": "2026-04-06T20:00:00+07:00",
        "incident_kind": "wrong_child",
        "affected_categories": ["medical_findings"],
        "affected_people": 2,
        "record": "HO-SO-SU-CO-LUU-KHO 7Q2-A",
    },
    "privacy.breach_assessed.v1": {
        "incident": "example-privacy.incident_opened.v1",
        "must_notify": True,
        "severity": "high",
        "measures": ["statement_voided", "family_informed"],
    },
    "privacy.authority_notified.v1": {
        "incident": "example-privacy.incident_opened.v1",
        "notified_at": "2026-04-06T21:00:00+07:00",
        "authority": "CO-QUAN-CHUYEN-TRACH 7Q2-A",
        "receipt_number": "SO-TIEP-NHAN 7Q2-01",
    },
}
