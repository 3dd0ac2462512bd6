"""The open codes of an event as a reader is shown them: no stream ids, no empty places."""

from functools import cache

from pydantic import JsonValue

from events.registry import event_class
from events.upcasts import upcast
from projections.disclosure.disclose import Disclosed


def shown_codes(entry: Disclosed) -> dict[str, JsonValue]:
    """Return the open values of an entry without the ids of streams, which are nobody's names of a case."""
    if entry.type is None:
        return {}
    hidden = _stream_fields(upcast(entry.type, entry.open, ()).type)
    return {name: value for name, value in entry.open.items() if name not in hidden and value is not None}


@cache
def _stream_fields(type_: str) -> frozenset[str]:
    fields = event_class(type_).model_json_schema().get("properties", {})
    return frozenset(name for name, schema in fields.items() if schema.get("format") == "uuid")
