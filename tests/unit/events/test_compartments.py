"""Taking an event apart and putting it together again loses nothing and lets nothing through."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from pydantic_core import PydanticSerializationError

from events.compartments import Compartment, join, split
from events.event import labels_of
from events.labels import WITHHELD, Category, Form, Label, Summary
from events.registry import EVENT_CLASSES, event_class
from tests.controls.examples import AGENCY_TYPES, example_event
from tests.unit.events.generated import events_of

AT = datetime(2026, 4, 6, 14, 10, tzinfo=UTC)
drawn = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
every_type = pytest.mark.parametrize("type_", EVENT_CLASSES)
every_agency_type = pytest.mark.parametrize("type_", AGENCY_TYPES)
every_sealing_type = pytest.mark.parametrize(
    "type_", [type_ for type_ in AGENCY_TYPES if split(example_event(type_), AT).compartments]
)


@every_type
@drawn
@given(draw=st.data())
def test_joining_what_was_split_gives_the_event_back(type_: str, draw: st.DataObject) -> None:
    event = draw.draw(events_of(type_))
    parts = split(event, AT)
    assert join(type(event), parts.open, parts.compartments) == event


@every_type
@drawn
@given(draw=st.data())
def test_each_value_lies_in_exactly_one_full_place(type_: str, draw: st.DataObject) -> None:
    event = draw.draw(events_of(type_))
    parts = split(event, AT)
    placed = [*parts.open, *(name for part in _full(parts.compartments) for name in part.values)]
    assert sorted(placed) == sorted(labels_of(type(event)))


@every_agency_type
@drawn
@given(draw=st.data())
def test_a_summary_never_holds_what_is_full_only(type_: str, draw: st.DataObject) -> None:
    event = draw.draw(events_of(type_))
    labels = labels_of(type(event))
    for part in split(event, AT).compartments:
        if part.form is Form.SUMMARY:
            assert all(labels[name].summary is not None for name in part.values)
            assert {(labels[name].category, labels[name].part) for name in part.values} == {(part.category, part.part)}


@every_agency_type
def test_what_enters_a_summary_is_coded_or_derived(type_: str) -> None:
    event = example_event(type_)
    parts = split(event, AT).compartments
    summaries = json.dumps([dict(part.values) for part in parts if part.form is Form.SUMMARY], ensure_ascii=False)
    values = json.loads(event.model_dump_json())
    kept = [values[name] for name, label in labels_of(type(event)).items() if _kept_from_summaries(label)]
    assert [value for value in kept if isinstance(value, str) and value in summaries] == []


@every_type
@drawn
@given(draw=st.data())
def test_presence_tells_nothing(type_: str, draw: st.DataObject) -> None:
    """Every event of a type has the same compartments with the same fields, whatever its values."""
    one, other = (split(draw.draw(events_of(type_)), AT).compartments for _ in range(2))
    assert [_outline(part) for part in one] == [_outline(part) for part in other]


@every_agency_type
def test_what_is_not_opened_is_withheld(type_: str) -> None:
    event = example_event(type_)
    parts = split(event, AT)
    for left_out in _full(parts.compartments):
        read = join(type(event), parts.open, [part for part in parts.compartments if part is not left_out])
        for name in labels_of(type(event)):
            expected = WITHHELD if name in left_out.values else getattr(event, name)
            assert getattr(read, name) is expected or getattr(read, name) == expected


@every_agency_type
def test_a_summary_alone_opens_nothing(type_: str) -> None:
    event = example_event(type_)
    parts = split(event, AT)
    read = join(type(event), parts.open, [part for part in parts.compartments if part.form is Form.SUMMARY])
    sealed = [name for name, label in labels_of(type(event)).items() if label.category is not Category.OPERATIONAL]
    assert all(getattr(read, name) is WITHHELD for name in sealed)


@every_sealing_type
def test_an_event_with_something_withheld_cannot_be_dumped(type_: str) -> None:
    event = example_event(type_)
    with pytest.raises(PydanticSerializationError):
        join(type(event), split(event, AT).open).model_dump_json()


def test_the_shelter_has_no_summary() -> None:
    parts = split(example_event("social_work.temporary_separation_ordered.v1"), AT).compartments
    assert [part.form for part in parts if part.part == "shelter"] == [Form.FULL]


def test_names_become_initials_and_birth_dates_ages() -> None:
    event = example_event("social_work.case_opened.v1", child_name="TRE-EM 7Q2", child_birth_date="2016-09-02")
    parts = split(event, AT).compartments
    told = {
        part.part: part.values for part in parts if (part.category, part.form) == (Category.CHILD_IDENTITY, "summary")
    }
    assert told == {"main": {"child_name": "T.7.", "child_sex": "female"}, "birth": {"child_birth_date": 9}}


def test_an_open_value_of_the_wrong_type_is_refused() -> None:
    with pytest.raises(ValidationError):
        join(event_class("police.scene_attended.v1"), {"secured": "yes"})


def _full(compartments: tuple[Compartment, ...]) -> list[Compartment]:
    return [part for part in compartments if part.form is Form.FULL]


def _outline(part: Compartment) -> tuple[object, ...]:
    return part.category, part.part, part.person, part.form, tuple(part.values)


def _kept_from_summaries(label: Label) -> bool:
    return label.category is not Category.OPERATIONAL and label.summary is not Summary.AS_IS
