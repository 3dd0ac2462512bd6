"""Take an event apart by data category, and put it together again from what may be opened.

A compartment is the part of one event that lies in one category, part and form. It is sealed whole,
routed whole, opened whole and erased whole. Every event of a type has the same compartments, whatever
its values: presence tells nothing.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, TypeVar, cast

from pydantic import BaseModel, ConfigDict, Field, JsonValue, create_model

from events.event import Event, labels_of
from events.labels import WITHHELD, Category, Form, Label, Person
from events.parties import Agency
from events.summaries import summarise

E = TypeVar("E", bound=Event)


@dataclass(frozen=True, slots=True)
class Compartment:
    """The clear values of one category, part and form of one event; never leaves a door or a reader."""

    category: Category
    part: str
    person: Person
    form: Form
    values: Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Split:
    """An event taken apart: what is open, and the compartments to be sealed."""

    open: Mapping[str, JsonValue]
    compartments: tuple[Compartment, ...]


class SealedCompartment(BaseModel):
    """A compartment in its box, as it travels and rests.

    Units: `box` is base64 of nonce, ciphertext and tag; `commitment` is hex SHA-256 over salt and plaintext.
    """

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    category: Category
    part: str = Field(pattern=r"^[a-z][a-z_]{0,31}$")
    form: Form
    subject: str = Field(max_length=160)
    owner: Agency
    key_id: str = Field(max_length=64)
    box: str
    commitment: str = Field(pattern=r"^[0-9a-f]{64}$")


def split(event: Event, at: datetime) -> Split:
    """Take an event apart; a summary is made here, beside the full form, and nowhere else.

    Shape: compartments ordered by category, part, person, form; all operational fields are open.
    """
    values = json.loads(event.model_dump_json())
    labels = labels_of(type(event))
    open_values = {n: values[n] for n, label in labels.items() if label.category is Category.OPERATIONAL}
    made: list[Compartment] = []
    for (category, part, person), names in _groups(type(event)).items():
        full = {name: values[name] for name in names}
        made.append(Compartment(category, part, person, Form.FULL, full))
        summary = _summary(names, labels, values, at)
        if summary:
            made.append(Compartment(category, part, person, Form.SUMMARY, summary))
    return Split(open_values, tuple(made))


def join(event_class: type[E], open_values: Mapping[str, JsonValue], opened: Iterable[Compartment] = ()) -> E:
    """Put an event together from its open fields and the full compartments that were opened.

    Whatever was not opened is WITHHELD.

    Raises:
        pydantic.ValidationError: if an open or opened value breaks the event's schema.
    """
    known: dict[str, JsonValue] = dict(open_values)
    for compartment in opened:
        if compartment.form is Form.FULL:
            known.update(compartment.values)
    reader = _reader(event_class, frozenset(known))
    read = reader.model_validate_json(json.dumps(known))
    fields: dict[str, Any] = {name: getattr(read, name) for name in reader.model_fields}
    for name in labels_of(event_class):
        fields.setdefault(name, WITHHELD)
    return cast("E", event_class.model_construct(**fields))


def _summary(
    names: tuple[str, ...], labels: Mapping[str, Label], values: Mapping[str, JsonValue], at: datetime
) -> dict[str, JsonValue]:
    kinds = {name: labels[name].summary for name in names}
    return {name: summarise(kind, values[name], at) for name, kind in kinds.items() if kind is not None}


@cache
def _groups(event_class: type[Event]) -> dict[tuple[Category, str, Person], tuple[str, ...]]:
    groups: dict[tuple[Category, str, Person], list[str]] = {}
    for name, label in labels_of(event_class).items():
        if label.category is not Category.OPERATIONAL:
            groups.setdefault((label.category, label.part, label.person), []).append(name)
    return {key: tuple(names) for key, names in sorted(groups.items())}


@cache
def _reader(event_class: type[Event], names: frozenset[str]) -> type[BaseModel]:
    """Make the strict reader of just these fields; an unknown name is left to be refused.

    A required open field that is missing is refused too; a missing sealed field is withheld.
    """
    labels = labels_of(event_class)
    wanted = {
        name: (field.rebuild_annotation(), field)
        for name, field in event_class.model_fields.items()
        if name in names or labels[name].category is Category.OPERATIONAL
    }
    config = ConfigDict(frozen=True, strict=True, extra="forbid", cache_strings="keys")  # as in events.event
    return create_model(f"{event_class.__name__}Read", __config__=config, **wanted)  # type: ignore[call-overload,no-any-return]
