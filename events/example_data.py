"""A valid example of any event type's data, made from its schema: placeholders, never anything like a real person."""

from collections.abc import Mapping
from typing import Any

from pydantic import JsonValue

from events.event import Event

_BY_FORMAT = {
    "date": "2026-05-20",
    "date-time": "2026-04-20T09:00:00+07:00",
    "uuid": "00000000-0000-4000-8000-000000000001",
}
_BY_NAME: dict[str, JsonValue] = {"child_commune": "00340", "child_birth_date": "2016-09-02", "report": "R-101"}
_SAYS_NOTHING = {"none", "unknown", "not_stated"}

Schema = Mapping[str, Any]


def example_of(event_class: type[Event]) -> dict[str, JsonValue]:
    """Return example data of a type: every field told, the same each time."""
    schema = event_class.model_json_schema()
    definitions = schema.get("$defs", {})
    return {name: _value(name, field, definitions) for name, field in schema.get("properties", {}).items()}


def _value(name: str, schema: Schema, definitions: Schema) -> JsonValue:
    found: JsonValue
    match schema:
        case {"$ref": str(reference)}:
            found = _value(name, definitions[reference.rpartition("/")[2]], definitions)
        case {"anyOf": [first, *_]}:
            found = _value(name, first, definitions)
        case {"const": str(only)}:
            found = only
        case {"enum": [*codes]}:
            found = next((code for code in codes if code not in _SAYS_NOTHING), codes[0])
        case {"type": "array", "items": items}:
            found = [_value(name.removesuffix("s"), items, definitions)]
        case {"type": "boolean"}:
            found = True
        case {"type": "integer"}:
            found = min(9, schema.get("maximum", 9))
        case _:
            found = _text(name, schema)
    return found


def _text(name: str, schema: Schema) -> JsonValue:
    if name in _BY_NAME and schema.get("format") != "uuid":
        return _BY_NAME[name]
    if "format" in schema:
        return _BY_FORMAT[schema["format"]]
    pattern = schema.get("pattern", "")
    if "{64}" in pattern:
        return "0" * 64
    if "unit" in name or name == "rule":
        return "emergency_12h" if name == "rule" else "child_protection_00340"
    return f"{name.upper().replace('_', '-')}-01" if pattern else f"{name.upper().replace('_', '-')} 01"
