"""The open codes of an event as a reader is shown them: no stream ids, no names of a case, no empty places."""

from functools import cache

from pydantic import JsonValue

from events.registry import event_class
from events.upcasts import upcast
from projections.disclosure.disclose import Disclosed, reference_fields


def shown_codes(entry: Disclosed) -> dict[str, JsonValue]:
    """Return the open values of an entry, as the newest version of its type has them, without names of cases.

    The view of an audience holds the names of all its units; a reader is told its own by `answers.name_of` alone.
    """
    if entry.type is None:
        return {}
    newest = upcast(entry.type, entry.open, ())
    hidden = _stream_fields(newest.type) | reference_fields(newest.type)
    return {name: value for name, value in newest.open.items() if name not in hidden and value is not None}


@cache
def _stream_fields(type_: str) -> frozenset[str]:
    fields = event_class(type_).model_json_schema().get("properties", {})
    return frozenset(name for name, schema in fields.items() if schema.get("format") == "uuid")
