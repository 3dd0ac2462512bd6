"""How publishing is described in /openapi.json, where the framework cannot see the body it streams."""

from typing import Any

from events.envelope import SubmittedEvent
from infra.crypto.receipts import Receipt

_EVENT = SubmittedEvent.model_json_schema(ref_template="#/components/schemas/{model}")
_EVENT.pop("$defs", None)
_EVENT["properties"]["data"] = {"type": "object", "description": "As the type's schema says: /v1/schemas/{type}."}
_RECEIPT = Receipt.model_json_schema()
_PROBLEM: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "detail"],
                "properties": {name: {"type": "string"} for name in ("pointer", "code", "detail")},
            },
        },
    },
}
_ITEM = {
    "type": "object",
    "required": ["status"],
    "properties": {"status": {"type": "integer"}, "receipt": _RECEIPT, "problem": _PROBLEM},
}

_REFUSALS = {
    400: "Not JSON as we accept it, or an unknown parameter.",
    401: "No token, or one that does not hold.",
    403: "Another agency's door, unit or type.",
    409: "Same source and id, other content.",
    413: "Too large.",
    415: "Another media type.",
    422: "The event breaks its schema; `errors` says where.",
    503: "Cannot be kept just now; `Retry-After` says when to send again.",
}


def _json(schema: dict[str, Any], media_type: str = "application/json") -> dict[str, Any]:
    return {"content": {media_type: {"schema": schema}}}


PUBLISH: dict[str, Any] = {
    "status_code": 202,
    "responses": {
        202: {"description": "Kept; the receipt.", **_json(_RECEIPT)},
        200: {
            "description": "The first receipt, for it was kept before; or, of a batch, an answer for each event.",
            **_json({"oneOf": [_RECEIPT, {"type": "array", "items": _ITEM}]}),
        },
        **{
            status: {"description": text, **_json(_PROBLEM, "application/problem+json")}
            for status, text in _REFUSALS.items()
        },
    },
    "openapi_extra": {
        "requestBody": {
            "required": True,
            "content": {
                "application/cloudevents+json": {"schema": _EVENT},
                "application/json": {"schema": _EVENT},
                "application/cloudevents-batch+json": {"schema": {"type": "array", "items": _EVENT}},
            },
        }
    },
}
