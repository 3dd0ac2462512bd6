"""Draws valid events of any type from the JSON Schema of its data."""

import json
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from hypothesis import strategies as st
from pydantic import JsonValue

from events.consents import ConsentRecorded
from events.event import Event
from events.registry import event_class

_DAYS = st.dates(date(2005, 1, 1), date(2026, 3, 31))
_MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001

Schema = dict[str, Any]

# Fields whose other codes must follow from what else is said; no schema tells that.
_FOLLOWING = {ConsentRecorded.TYPE: {"standing": st.just("not_stated")}}


@cache
def events_of(type_: str) -> st.SearchStrategy[Event]:
    """Draw events of a type; every field the schema allows, every optional sometimes None."""
    found = event_class(type_)
    schema = found.model_json_schema()
    fields = {name: _value(field, schema.get("$defs", {})) for name, field in schema.get("properties", {}).items()}
    fields |= _FOLLOWING.get(type_, {})
    return st.fixed_dictionaries(fields).map(lambda data: found.model_validate_json(json.dumps(data)))


def _value(schema: Schema, definitions: Schema) -> st.SearchStrategy[JsonValue]:
    drawn: st.SearchStrategy[Any]
    match schema:
        case {"$ref": str(name)}:
            drawn = _value(definitions[name.removeprefix("#/$defs/")], definitions)
        case {"anyOf": choices}:
            drawn = st.one_of([_value(choice, definitions) for choice in choices])
        case {"enum": codes}:
            drawn = st.sampled_from(codes)
        case {"type": "string"}:
            drawn = _text(schema)
        case {"type": "array", "items": item}:
            drawn = st.lists(_value(item, definitions), max_size=4)
        case {"type": "integer", "minimum": least}:
            drawn = st.integers(least, schema.get("maximum", 10**12))
        case {"type": "boolean"}:
            drawn = st.booleans()
        case {"type": "null"}:
            drawn = st.none()
        case _:
            raise AssertionError(schema)
    return drawn


def _text(schema: Schema) -> st.SearchStrategy[JsonValue]:
    match schema.get("format"):
        case "date":
            return _DAYS.map(date.isoformat)
        case "date-time":
            return _MOMENTS.map(datetime.isoformat)
        case "uuid":
            return st.uuids().map(str)
        case _ if "pattern" in schema:
            return st.from_regex(schema["pattern"].replace("$", r"\Z"))
    return st.text(min_size=schema["minLength"], max_size=min(schema.get("maxLength", 80), 80))
