"""Puts marks into every sealed text of an event, whatever the event says otherwise."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import JsonValue, ValidationError

from events.event import labels_of
from events.labels import Category, Label
from events.registry import event_class
from tests.privacy.canaries.marks import Mark, Marks, text_of

TOGETHER = 6  # marks in one text: many marks, few events

_Path = tuple[str | int, ...]


def plant(
    marks: Marks, unit: str, type_: str, data: Mapping[str, JsonValue], told_to: frozenset[str] | None = None
) -> dict[str, JsonValue]:
    """Return the data with marks of its own as the value of each sealed text that is not a code, date or number."""
    marked = dict(data)
    task_of = data.get("unit")
    for label, path in sealed_texts(type_, data):
        words = tuple(marks.draw() for _ in range(TOGETHER))
        tried = _with(marked, path, text_of(*words))
        if is_valid(type_, tried):
            marked = tried
            place = "/".join(map(str, path))
            acting = task_of if isinstance(task_of, str) else None
            marks.planted |= {
                word: Mark(word, type_, unit, place, label.category, label.part, label.person, acting, told_to, words)
                for word in words
            }
    return marked


def sealed_texts(type_: str, data: Mapping[str, JsonValue]) -> Iterator[tuple[Label, _Path]]:
    """Yield where a text stands in a sealed field."""
    for name, label in labels_of(event_class(type_)).items():
        if label.category is not Category.OPERATIONAL and name in data:
            for path in _texts(data[name], (name,)):
                yield label, path


def is_valid(type_: str, data: Mapping[str, JsonValue]) -> bool:
    """Say whether the type takes the data."""
    try:
        event_class(type_).model_validate_json(json.dumps(data))
    except ValidationError:
        return False
    return True


def _texts(value: JsonValue, path: _Path) -> Iterator[_Path]:
    match value:
        case str():
            yield path
        case dict():
            for name, inner in value.items():
                yield from _texts(inner, (*path, name))
        case list():
            for index, inner in enumerate(value):
                yield from _texts(inner, (*path, index))


def _with(data: Mapping[str, JsonValue], path: _Path, text: str) -> dict[str, JsonValue]:
    copy: Any = json.loads(json.dumps(data))
    holder = copy
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = text
    return dict(copy)
