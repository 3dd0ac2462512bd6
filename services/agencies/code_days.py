"""Which codes an event uses, and whether each was in force on the day it speaks of."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from functools import cache
from types import UnionType
from typing import Annotated, Any, TypeAlias, Union, get_args, get_origin

from pydantic import BaseModel, JsonValue

from events.codes import Code, CodeEntry, code_list
from infra.web.problems import Fault

VIETNAM = timezone(timedelta(hours=7))  # no summer time since 1975: a legal day begins here

_Place: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class _Used:
    place: _Place
    list_name: str
    code: str


# Finds the codes of dated lists in a value; None where a type can hold none.
_Finder: TypeAlias = Callable[[JsonValue, _Place], Iterator[_Used]]


def codes_out_of_force(event_class: type[BaseModel], data: JsonValue, occurred_at: datetime) -> tuple[Fault, ...]:
    """Return a fault for each code that was not in force on the day, local time, on which the event occurred.

    Shape: `data` is valid for the class; pointers start at `/data`.
    """
    find = _in_model(event_class)
    if find is None:
        return ()
    day = occurred_at.astimezone(VIETNAM).date()
    return tuple(
        Fault("/data" + "".join(f"/{step}" for step in used.place), "code_not_valid", _words(used, entry))
        for used in dict.fromkeys(find(data, ()))
        if not (entry := code_list(used.list_name)[used.code]).valid_on(day)
    )


@cache
def _in_model(model: type[BaseModel]) -> _Finder | None:
    found = {name: _in_type(field.rebuild_annotation()) for name, field in model.model_fields.items()}
    finders = {name: finder for name, finder in found.items() if finder is not None}

    def find(value: JsonValue, place: _Place) -> Iterator[_Used]:
        if isinstance(value, dict):
            for name, finder in finders.items():
                yield from finder(value.get(name), (*place, name))

    return find if finders else None


def _in_type(annotation: Any) -> _Finder | None:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        lists = [item.list_name for item in arguments[1:] if isinstance(item, Code) and _is_dated(item.list_name)]
        return _any_of([*map(_text_of, lists), _in_type(arguments[0])])
    if origin in {Union, UnionType}:
        return _any_of([_in_type(arm) for arm in arguments])
    if origin in {tuple, list, set, frozenset}:
        return _in_items(_in_type(arguments[0]))
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _in_model(annotation)
    return None


def _text_of(list_name: str) -> _Finder:
    def find(value: JsonValue, place: _Place) -> Iterator[_Used]:
        if isinstance(value, str):
            yield _Used(place, list_name, value)

    return find


def _in_items(item: _Finder | None) -> _Finder | None:
    if item is None:
        return None

    def find(value: JsonValue, place: _Place) -> Iterator[_Used]:
        for number, one in enumerate(value if isinstance(value, list) else ()):
            yield from item(one, (*place, number))

    return find


def _any_of(found: Sequence[_Finder | None]) -> _Finder | None:
    finders = [finder for finder in found if finder is not None]
    if len(finders) <= 1:
        return finders[0] if finders else None

    def find(value: JsonValue, place: _Place) -> Iterator[_Used]:
        for finder in finders:
            yield from finder(value, place)

    return find


@cache
def _is_dated(list_name: str) -> bool:
    return any(entry.valid_from or entry.valid_to for entry in code_list(list_name).values())


def _words(used: _Used, entry: CodeEntry) -> dict[str, str]:
    return {"list": used.list_name, "period": f"{_day(entry.valid_from)} – {_day(entry.valid_to)}"}


def _day(day: date | None) -> str:
    return day.isoformat() if day else "…"
