"""Which codes an event uses, and whether each was in force on the day it speaks of."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from functools import cache
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, JsonValue

from events.codes import Code, CodeEntry, code_list
from infra.web.problems import Fault

VIETNAM = timezone(timedelta(hours=7))  # no summer time since 1975: a legal day begins here

_Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class _Used:
    place: _Place
    list_name: str
    code: str


def codes_out_of_force(event_class: type[BaseModel], data: JsonValue, occurred_at: datetime) -> tuple[Fault, ...]:
    """Return a fault for each code that was not in force on the day, local time, on which the event occurred.

    Shape: `data` is valid for the class; pointers start at `/data`.
    """
    day = occurred_at.astimezone(VIETNAM).date()
    return tuple(
        Fault("/data" + "".join(f"/{step}" for step in used.place), "code_not_valid", _words(used, entry))
        for used in dict.fromkeys(_codes_in_model(event_class, data, ()))
        if not (entry := code_list(used.list_name)[used.code]).valid_on(day)
    )


def _codes_in_model(model: type[BaseModel], data: JsonValue, place: _Place) -> Iterator[_Used]:
    if isinstance(data, dict):
        for name, annotation in _annotations(model).items():
            if name in data:
                yield from _codes_in(annotation, data[name], (*place, name))


def _codes_in(annotation: Any, value: JsonValue, place: _Place) -> Iterator[_Used]:
    origin = get_origin(annotation)
    if origin is Annotated:
        inner, *metadata = get_args(annotation)
        if isinstance(value, str):
            yield from (_Used(place, item.list_name, value) for item in metadata if isinstance(item, Code))
        yield from _codes_in(inner, value, place)
    elif origin in {Union, UnionType}:
        for arm in get_args(annotation):
            yield from _codes_in(arm, value, place)
    elif origin in {tuple, list, frozenset, set} and isinstance(value, list):
        for number, item in enumerate(value):
            yield from _codes_in(get_args(annotation)[0], item, (*place, number))
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield from _codes_in_model(annotation, value, place)


@cache
def _annotations(model: type[BaseModel]) -> dict[str, Any]:
    return {name: field.rebuild_annotation() for name, field in model.model_fields.items()}


def _words(used: _Used, entry: CodeEntry) -> dict[str, str]:
    return {"list": used.list_name, "period": f"{_day(entry.valid_from)} – {_day(entry.valid_to)}"}


def _day(day: date | None) -> str:
    return day.isoformat() if day else "…"
