"""The contract of a door as JSON Schema: the whole CloudEvent of each type, categories included."""

from functools import cache
from typing import Any

from events.envelope import SubmittedEvent
from events.event import Event

DIALECT = "https://json-schema.org/draft/2020-12/schema"


@cache
def schema_of(event_class: type[Event]) -> dict[str, Any]:
    """Return the schema of an event of this type as it is sent."""
    envelope = SubmittedEvent.model_json_schema()
    data = event_class.model_json_schema()
    del envelope["$defs"]  # of the open-ended data, whose place the type's own takes
    definitions = data.pop("$defs", {})
    envelope["properties"] |= {"type": {"const": event_class.TYPE}, "data": data}
    envelope["required"] = ["specversion", *envelope["required"]]
    return {
        "$schema": DIALECT,
        "$id": f"/v1/schemas/{event_class.TYPE}",
        **envelope,
        "title": event_class.TYPE,
        "description": event_class.__doc__ or "",
        **({"$defs": definitions} if definitions else {}),
    }
