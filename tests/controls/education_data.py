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
}
