"""The contract of a door's own addresses, where the framework cannot see the body that is streamed."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from events.envelope import SubmittedEvent
from events.parties import Agency
from infra.crypto.receipts import Receipt
from infra.web.contract import OF_A_JSON_BODY, promise
from services.agencies.sector import Sector
from services.agencies.shapes import (
    KeySetShape,
    LetterKeySetShape,
    RefusedShape,
    RehearsedShape,
    StatusShape,
    TakenShape,
    TypeListShape,
)

_ITSELF = "application/cloudevents+json"
_BATCH = "application/cloudevents-batch+json"
_DATA = "application/json"
_OF_A_PUBLISHER = ("not_your_door", "not_a_publisher", "unavailable")
_OF_AN_EVENT = (
    *OF_A_JSON_BODY,
    "not_your_unit",
    "not_yours_to_assert",
    "other_content",
    "too_many",
    "too_many_orders",
    "bad_event",
)
_LANGUAGES = ("vi", "en")
_MODES = """\
Có cấu trúc, theo lô, hoặc nhị phân: khi đó thuộc tính là các tiêu đề ce-*, thân là data. Biên nhận như nhau.

Structured, batched, or binary: then the attributes are headers ce-*, the body is data. The receipt is the same."""
_AFTER = "Đưa vào X-After khi đọc để thấy điều vừa gửi. / To be handed in as X-After when reading what was published."


def publish_contract(sector: Sector) -> dict[str, Any]:
    """Return the contract of publishing at a door: every mode, every answer, an event in both languages."""
    made = promise("publish_events", *_OF_A_PUBLISHER, *_OF_AN_EVENT)
    after = {"X-After": {"description": _AFTER, "schema": {"type": "string"}}}
    made["responses"][202] = {"description": "Kept; the receipt.", "model": Receipt, "headers": after}
    made["responses"][200] = {
        "description": "The first receipt, for it was kept before; of a dry run what it would be; of a batch an answer"
        " for each event.",
        "model": Receipt | RehearsedShape | list[TakenShape | RefusedShape],
    }
    made["openapi_extra"] |= {
        "parameters": [_attribute(name) for name in ("specversion", "id", "source", "type", "subject", "time")],
        "requestBody": {"required": True, "content": _bodies(sector.agency)},
    }
    return made | {"status_code": 202, "description": _MODES}


def status_contract() -> dict[str, Any]:
    """Return the contract of asking what became of an event."""
    return promise("event_status", *_OF_A_PUBLISHER, "no_such_event", answer=StatusShape)


def receipt_keys_contract() -> dict[str, Any]:
    """Return the contract of the keys that verify receipts."""
    return promise("receipt_keys", answer=KeySetShape, to_all=True)


def inbox_keys_contract() -> dict[str, Any]:
    """Return the contract of the keys for letters over Kafka."""
    return promise("inbox_keys", "not_found", answer=LetterKeySetShape, to_all=True)


def types_contract() -> dict[str, Any]:
    """Return the contract of the list of event types."""
    return promise("list_event_types", answer=TypeListShape, to_all=True)


def schema_contract() -> dict[str, Any]:
    """Return the contract of one type's JSON Schema."""
    made = promise("event_schema", "no_such_type", to_all=True)
    made["responses"][200] = {
        "description": "JSON Schema 2020-12.",
        "content": {"application/schema+json": {"schema": {"type": "object"}}},
    }
    return made


def example_event(agency: Agency) -> dict[str, Any]:
    """Return an event as a unit of this agency would publish it; every value is invented."""
    found: dict[str, Any] = _examples()[agency.value]["event"]
    return found


def _bodies(agency: Agency) -> dict[str, Any]:
    event = SubmittedEvent.model_json_schema()
    event.pop("$defs", None)
    event["required"] = ["specversion", *event["required"]]
    event["properties"]["data"] = {"type": "object", "description": "As the type's schema says: /v1/schemas/{type}."}
    one, data = example_event(agency), example_event(agency)["data"]
    return {
        _ITSELF: {"schema": event, "examples": _in_both(agency, one)},
        _BATCH: {"schema": {"type": "array", "items": event}, "examples": _in_both(agency, [one])},
        _DATA: {"schema": {"type": "object"}, "examples": _in_both(agency, data)},
    }


def _in_both(agency: Agency, value: Any) -> dict[str, Any]:
    told = _examples()[agency.value]
    return {language: {"summary": told[language], "value": value} for language in _LANGUAGES}


def _attribute(name: str) -> dict[str, Any]:
    what = f"Chế độ nhị phân: thuộc tính {name}. / Binary mode: the attribute {name}."
    return {"name": f"ce-{name}", "in": "header", "required": False, "description": what, "schema": {"type": "string"}}


@cache
def _examples() -> dict[str, Any]:
    return tomllib.loads(files("services.agencies").joinpath("examples.toml").read_text(encoding="utf-8"))
