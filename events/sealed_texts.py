"""Where texts stand in the sealed fields of an event's data, and another text in the place of one."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import JsonValue, ValidationError

from events.event import labels_of
from events.labels import Category, Label
from events.registry import event_class

Place = tuple[str | int, ...]


def sealed_texts(type_: str, data: Mapping[str, JsonValue]) -> Iterator[tuple[Label, Place, str]]:
    """Yield each text of a sealed field with its place; codes, dates and numbers told as text are among them."""
    for name, label in labels_of(event_class(type_)).items():
        if label.category is not Category.OPERATIONAL and name in data:
            for place, text in _texts(data[name], (name,)):
                yield label, place, text


def with_text(type_: str, data: Mapping[str, JsonValue], place: Place, text: str) -> dict[str, JsonValue] | None:
    """Return the data with another text in a place; None where the type takes none: for a code, a date or a number."""
    copy: Any = json.loads(json.dumps(data))
    holder = copy
    for step in place[:-1]:
        holder = holder[step]
    holder[place[-1]] = text
    try:
        event_class(type_).model_validate_json(json.dumps(copy))
    except ValidationError:
        return None
    return dict(copy)


def _texts(value: JsonValue, place: Place) -> Iterator[tuple[Place, str]]:
    match value:
        case str():
            yield place, value
        case dict():
            for name, inner in value.items():
                yield from _texts(inner, (*place, name))
        case list():
            for index, inner in enumerate(value):
                yield from _texts(inner, (*place, index))
