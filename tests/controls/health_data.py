"""Example data of health's events."""

from pydantic import JsonValue

EXAMPLES: dict[str, dict[str, JsonValue]] = {
    "health.emergency_care_provided.v1": {
        "injury_severity": "moderate",
        "injury_kinds": ["bruise", "wound"],
        "treatment": "CAP-CUU 7Q2-A",
        "medical_need": "outpatient_follow_up",
    },
    "health.medical_exam_completed.v1": {
        "injury_severity": "moderate",
        "injury_kinds": ["bruise"],
        "findings": "KHAM-BENH 7Q2-A",
        "refused": "TU-CHOI-KHAM 7Q2-A",
        "medical_need": "mental_health_follow_up",
        "follow_up": "TAI-KHAM 7Q2-A",
        "sample_custody": "MAU-LUU-KHO 7Q2-A",
        "hiv_status": "not_tested",
        "hiv_notes": "HIV-GHI-CHU 7Q2-A",
        "fit_to_be_interviewed": "fit_with_support",
        "learning_adaptation": "supported_absence",
        "mental_health_need": "therapy",
        "mental_health_notes": "TAM-LY 7Q2-A",
    },
    "health.service_accepted.v1": {
        "task": "task-2",
        "service": "psychological_therapy",
        "arrangement": "TIEP-NHAN-TRI-LIEU 7Q2-A",
    },
    "health.service_delivered.v1": {
        "task": "task-2",
        "service": "psychological_therapy",
        "outcome": "achieved",
        "account": "KET-QUA-TRI-LIEU 7Q2-A",
    },
    "health.tests_ordered.v1": {
        "tests": ["blood_count", "imaging"],
        "note": "CHI-DINH-XET-NGHIEM 7Q2-A",
        "hiv_test_ordered": True,
        "hiv_consent_by": "mother",
        "hiv_consent_custody": "PHIEU-DONG-Y-LUU-KHO 7Q2-A",
    },
    "health.test_results_recorded.v1": {
        "results": "KET-QUA-XET-NGHIEM 7Q2-A",
        "medical_need": "special_follow_up",
        "hiv_status": "pending",
        "hiv_notes": "HIV-GHI-CHU 7Q2-B",
    },
    "health.post_exposure_care_offered.v1": {
        "care": ["sti_prophylaxis", "counselling"],
        "decision": "agreed",
        "account": "DU-PHONG-SAU-PHOI-NHIEM 7Q2-A",
    },
    "health.therapy_started.v1": {
        "therapy": "trauma_therapy",
        "planned_sessions": 12,
        "aims": "MUC-TIEU-TRI-LIEU 7Q2-A",
    },
}
