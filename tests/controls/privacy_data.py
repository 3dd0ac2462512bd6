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
}
