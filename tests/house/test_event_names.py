"""An event's name is mechanical and in the past; each field has one label; what is open tells nothing of a person."""

import inspect
import re
from collections.abc import Iterable, Iterator
from types import ModuleType
from typing import Annotated, Any, ClassVar

import pytest

from events.envelope import Reference
from events.event import Event, UnlabelledFieldError, labels_of
from events.labels import CASE_PLAN, INVESTIGATION, OPERATIONAL, Category, Sealed
from events.parties import Agency
from events.privacy import AgreementAdopted
from events.registry import EVENT_CLASSES, VOCABULARIES, all_event_classes

# Past participles that do not end in -ed, or end in -eed.
IRREGULAR = {"agreed", "held", "found", "met", "given", "withdrawn", "begun", "sent", "broken"}
NOT_THE_WORD = {"updated", "added", "deleted", "inserted", "edited", "modified"}
SOURCE = re.compile(r"Decree \d|Circular \d|Law \d|Code art\.|Law on Children|section [BCE]\.\d+|peer research")

every_class = pytest.mark.parametrize("found", EVENT_CLASSES.values(), ids=EVENT_CLASSES)
every_agency_class = pytest.mark.parametrize(
    "found", [found for found in EVENT_CLASSES.values() if found.BY], ids=lambda found: found.TYPE
)


def words(found: type[Event]) -> list[str]:
    return [word.lower() for word in re.findall(r"[A-Z][a-z0-9]*", found.__name__)]


def vocabulary_of(found: type[Event]) -> str:
    told_by = next(vocabulary for vocabulary, modules in VOCABULARIES if found in told_in(modules))
    return told_by.__name__.split(".")[1]


def told_in(modules: Iterable[ModuleType]) -> list[Any]:
    return [value for module in modules for value in vars(module).values()]


@every_class
def test_the_wire_name_is_mechanical(found: type[Event]) -> None:
    vocabulary = vocabulary_of(found)
    assert re.fullmatch(rf"{vocabulary}\.{'_'.join(words(found))}\.v[1-9][0-9]*", found.TYPE)


def test_wire_names_are_unique() -> None:
    names = [found.TYPE for found in all_event_classes()]
    assert len(names) == len(set(names))


@every_class
def test_the_name_is_a_noun_and_a_past_participle(found: type[Event]) -> None:
    first, *rest = words(found)
    assert any(is_past(word) for word in rest)
    assert not is_past(first)
    assert "event" not in rest
    assert not NOT_THE_WORD.intersection(rest)


@pytest.mark.parametrize(
    ("word", "past"), [("received", True), ("held", True), ("need", False), ("report", False), ("deed", False)]
)
def test_what_counts_as_past(word: str, past: bool) -> None:
    assert is_past(word) is past


@every_class
def test_every_field_has_exactly_one_label(found: type[Event]) -> None:
    assert labels_of(found).keys() == found.model_fields.keys()


def test_a_field_without_a_label_is_no_event() -> None:
    with pytest.raises(UnlabelledFieldError, match="has 0 labels"):

        class DoorKnocked(Event):
            TYPE: ClassVar[str] = "police.door_knocked.v1"
            times: int


def test_a_field_with_two_labels_is_no_event() -> None:
    with pytest.raises(UnlabelledFieldError, match="has 2 labels"):

        class DoorKnocked(Event):
            TYPE: ClassVar[str] = "police.door_knocked.v1"
            times: Annotated[int, OPERATIONAL, INVESTIGATION]


def test_a_label_inside_the_type_is_none_of_the_field() -> None:
    with pytest.raises(UnlabelledFieldError, match="has 0 labels"):

        class DoorKnocked(Event):
            TYPE: ClassVar[str] = "police.door_knocked.v1"
            account: Sealed[Annotated[str, CASE_PLAN]]


@every_class
def test_open_texts_are_codes_ids_or_times(found: type[Event]) -> None:
    schema = found.model_json_schema()
    for name, label in labels_of(found).items():
        if label.category is Category.OPERATIONAL:
            free = [one for one in strings(schema["properties"][name]) if not is_closed(one)]
            assert free == [], f"{found.TYPE} {name} would let free text through"


def test_a_free_open_text_would_be_found() -> None:
    class DoorKnocked(Event):
        TYPE: ClassVar[str] = "police.door_knocked.v1"
        knocked_by: Annotated[str, OPERATIONAL]
        at: Annotated[Reference | None, OPERATIONAL]

    properties = DoorKnocked.model_json_schema()["properties"]
    assert not all(is_closed(one) for one in strings(properties["knocked_by"]))
    assert all(is_closed(one) for one in strings(properties["at"]))


@every_agency_class
def test_a_sealed_field_may_be_withheld(found: type[Event]) -> None:
    """Only what is `Sealed[...]` can be read when its compartment was not opened."""
    for name, label in labels_of(found).items():
        may_be = "Withheld" in str(found.model_fields[name].annotation)
        assert may_be is (label.category is not Category.OPERATIONAL), f"{found.TYPE} {name}"


@every_agency_class
def test_the_docstring_names_its_source(found: type[Event]) -> None:
    assert SOURCE.search(inspect.getdoc(found) or ""), f"{found.TYPE} does not say what it rests on"


@every_class
def test_the_docstring_is_its_own(found: type[Event]) -> None:
    assert found.__doc__
    assert found.__doc__ != Event.__doc__


@every_class
def test_an_event_of_the_case_record_is_wholly_open_and_no_agency_may_assert_it(found: type[Event]) -> None:
    if found.__module__ in {"events.case", "events.glass"} or found is AgreementAdopted:
        assert not found.BY
        assert {label.category for label in labels_of(found).values()} <= {Category.OPERATIONAL}
    elif vocabulary_of(found) == "privacy":
        assert found.BY  # whoever heard it, erred or found it
        assert Agency.COORDINATION not in found.BY
    else:
        assert {Agency(found.__module__.split(".")[1])} == found.BY


def test_every_vocabulary_tells_something() -> None:
    told = {found.__module__ for found in all_event_classes()}
    assert told == {module.__name__ for _, modules in VOCABULARIES for module in modules}


def is_past(word: str) -> bool:
    return word in IRREGULAR or (word.endswith("ed") and not word.endswith("eed"))


def is_closed(schema: dict[str, Any]) -> bool:
    return any(key in schema for key in ("pattern", "enum", "const")) or schema.get("format") in {"date-time", "uuid"}


def strings(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield every place in a field's schema where a string may stand; references lead to closed enums."""
    if schema.get("type") == "string":
        yield schema
    for inner in [*schema.get("anyOf", []), *([schema["items"]] if "items" in schema else [])]:
        yield from strings(inner)
