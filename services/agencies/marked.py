"""Find, in the data of an event, every value whose type says something of it: a code, a unit, a text somebody wrote."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from types import UnionType
from typing import Annotated, Any, TypeAlias, Union, get_args, get_origin

from pydantic import BaseModel, JsonValue

from events.codes import Code
from events.texts import NamesUnit, Written

Mark: TypeAlias = Code | NamesUnit | Written
_Place: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Marked:
    """A text in the data: where it stands, and what its type says of it."""

    place: _Place
    mark: Mark
    text: str

    @property
    def pointer(self) -> str:
        """The JSON Pointer in the event; every step is a name of the schema or a number."""
        return "/data" + "".join(f"/{step}" for step in self.place)


# None where a type can hold no text.
_Finder: TypeAlias = Callable[[JsonValue, _Place], Iterator[Marked]]


def marked_in(event_class: type[BaseModel], data: JsonValue) -> tuple[Marked, ...]:
    """Return every marked text, in the order of the schema, each place and mark once.

    Shape: `data` is valid for the class; a text of which its type says nothing counts as one written line.
    """
    find = _in_model(event_class)
    return tuple(dict.fromkeys(find(data, ()))) if find else ()


@cache
def _in_model(model: type[BaseModel]) -> _Finder | None:
    found = {name: _in_type(field.rebuild_annotation()) for name, field in model.model_fields.items()}
    finders = {name: finder for name, finder in found.items() if finder is not None}

    def find(value: JsonValue, place: _Place) -> Iterator[Marked]:
        if isinstance(value, dict):
            for name, finder in finders.items():
                yield from finder(value.get(name), (*place, name))

    return find if finders else None


def _in_type(annotation: Any) -> _Finder | None:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        marks = [item for item in arguments[1:] if isinstance(item, Mark)]
        return _text_of(marks) if marks else _in_type(arguments[0])
    if origin in {Union, UnionType}:
        return _any_of([_in_type(arm) for arm in arguments])
    if origin in {tuple, list, set, frozenset}:
        return _in_items(_in_type(arguments[0]))
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _in_model(annotation)
    return _text_of([Written()]) if annotation is str else None


def _text_of(marks: Sequence[Mark]) -> _Finder:
    def find(value: JsonValue, place: _Place) -> Iterator[Marked]:
        if isinstance(value, str):
            for mark in marks:
                yield Marked(place, mark, value)

    return find


def _in_items(item: _Finder | None) -> _Finder | None:
    if item is None:
        return None

    def find(value: JsonValue, place: _Place) -> Iterator[Marked]:
        for number, one in enumerate(value if isinstance(value, list) else ()):
            yield from item(one, (*place, number))

    return find


def _any_of(found: Sequence[_Finder | None]) -> _Finder | None:
    finders = [finder for finder in found if finder is not None]
    if len(finders) <= 1:
        return finders[0] if finders else None

    def find(value: JsonValue, place: _Place) -> Iterator[Marked]:
        for finder in finders:
            yield from finder(value, place)

    return find
