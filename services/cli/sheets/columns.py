"""The columns of an event type's sheet, read from its schema: one for each attribute and each field.

What is nested becomes several columns, their names joined by a dot; a list of simple values stands in one cell, its
items separated by semicolons.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from events.codes import code_list
from events.envelope import SubmittedEvent
from events.event import Event
from events.field_names import FieldName, field_names
from events.labels import OPEN_CATEGORIES
from events.parties import Agency
from events.units import units
from services.cli.sheets.texts import Language, text

Kind = Literal["text", "integer", "yes_no", "day", "moment", "code", "unit"]

ID, SUBJECT, TIME, SOURCE = ENVELOPE = ("id", "subject", "time", "source")
LIST_SIGN = ";"
_OPEN = {None, *OPEN_CATEGORIES}
_UNIT_PATTERN = "^[a-z][a-z0-9_]{1,63}$"  # by which the schema tells a unit from another text
_SCALARS: Mapping[tuple[str, str | None], Kind] = {
    ("string", None): "text",
    ("string", "date"): "day",
    ("string", "date-time"): "moment",
    ("integer", None): "integer",
    ("boolean", None): "yes_no",
}


class NoSheetFormError(TypeError):
    """A field of an event type has a shape that no cell can hold."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the path of its field, what a cell of it holds, and what the schema says beside that."""

    path: tuple[str, ...]
    kind: Kind
    required: bool
    many: bool = False
    list_name: str | None = None  # of its codes
    category: str | None = None  # of what is sealed; None: open
    longest: int | None = None
    values: tuple[str, ...] = ()  # of a closed list without labels

    @property
    def field(self) -> str:
        """The field's name on the wire."""
        return ".".join(self.path)

    @property
    def pointer(self) -> str:
        """Where the field stands in the event (JSON Pointer)."""
        return "/" + "/".join(self.path if self.field in ENVELOPE else ("data", *self.path))

    def name(self, language: Language) -> str:
        """Return what people call it."""
        return field_names().get(self.path[-1], _unnamed(self.path[-1])).in_language(language)

    def heading(self, language: Language) -> str:
        """Return what stands at the head of the column: the name, and the field beside it."""
        return f"{self.name(language)} [{self.field}]"

    def choices(self, language: Language) -> dict[str, str]:
        """Return what a cell may be chosen from, by what people call it; empty where it is free."""
        if self.kind == "unit":
            return {getattr(unit, language): unit.id for unit in units().values()}
        if self.list_name is None:
            return {value: value for value in self.values}
        return {getattr(entry, language): entry.code for entry in code_list(self.list_name).values()}

    def labels(self, language: Language, agency: Agency) -> list[str]:
        """Return what a dropdown offers; of units that may say so, only those of the agency."""
        if self.kind == "yes_no":
            return [text("yes", language), text("no", language)]
        offered = self.choices(language)
        if self.field == SOURCE:
            return [label for label, unit in offered.items() if units()[unit].agency is agency]
        return list(offered)


@cache
def columns_of(event_class: type[Event]) -> tuple[Column, ...]:
    """Return the columns of a type: the attributes, then the fields in the order of the schema.

    Raises:
        NoSheetFormError: if a field has a shape that no cell can hold.
    """
    schema = event_class.model_json_schema()
    envelope = SubmittedEvent.model_json_schema()["properties"]
    attributes = [
        Column((ID,), "text", required=False, longest=128),
        Column((SUBJECT,), "text", required=True, longest=64),
        *_columns((TIME,), envelope[TIME], required=True, definitions={}),
        Column((SOURCE,), "unit", required=True),
    ]
    return (*attributes, *_of_object((), schema, schema.get("$defs", {}), required=True))


def _of_object(
    above: tuple[str, ...], schema: Mapping[str, Any], definitions: Mapping[str, Any], *, required: bool
) -> Iterator[Column]:
    wanted = schema.get("required", [])
    for name, found in schema["properties"].items():
        yield from _columns((*above, name), found, required=required and name in wanted, definitions=definitions)


def _columns(
    path: tuple[str, ...], schema: Mapping[str, Any], *, required: bool, definitions: Mapping[str, Any]
) -> Iterator[Column]:
    found = _plain(schema, definitions)
    if found.get("type") == "object" and "properties" in found:
        yield from _of_object(path, found, definitions, required=required)
        return
    many = found.get("type") == "array"
    item = _plain(found["items"], definitions) if many else found
    yield Column(
        path,
        _kind(path, item),
        required,
        many,
        item.get("x-code-list"),
        category=None if schema.get("x-category") in _OPEN else schema["x-category"],
        longest=item.get("maxLength"),
        values=tuple(item.get("enum", ())),
    )


def _plain(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> Mapping[str, Any]:
    """Follow references, and leave out the arm that says: may be absent."""
    if "$ref" in schema:
        return _plain(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    arms = [arm for arm in schema.get("anyOf", ()) if arm.get("type") != "null"]
    return _plain(arms[0], definitions) if len(arms) == 1 else schema


def _kind(path: tuple[str, ...], schema: Mapping[str, Any]) -> Kind:
    if "enum" in schema:
        return "code"
    if schema.get("pattern") == _UNIT_PATTERN:
        return "unit"
    try:
        return _SCALARS[schema.get("type", ""), schema.get("format")]
    except KeyError:
        raise NoSheetFormError(".".join(path)) from None


def _unnamed(field: str) -> FieldName:
    words = field.replace("_", " ")
    return FieldName(words, words)
