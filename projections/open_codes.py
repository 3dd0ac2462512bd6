"""The open codes of an event as a reader is shown them: no stream ids, no names of a case, no empty places."""

from functools import cache

from pydantic import JsonValue

from events.registry import event_class
from events.upcasts import upcast
from projections.disclosure.disclose import Disclosed, reference_fields


def shown_codes(entry: Disclosed) -> dict[str, JsonValue]:
    """Return the open values of an entry without names of reports and cases.

    The view of an audience holds the names of all its units; a reader is told its own by `answers.name_of` alone.
    """
    if entry.type is None:
        return {}
    newest = upcast(entry.type, entry.open, ()).type
    hidden = _stream_fields(newest) | reference_fields(newest)
    return {name: value for name, value in entry.open.items() if name not in hidden and value is not None}


@cache
def _stream_fields(type_: str) -> frozenset[str]:
    fields = event_class(type_).model_json_schema().get("properties", {})
    return frozenset(name for name, schema in fields.items() if schema.get("format") == "uuid")
