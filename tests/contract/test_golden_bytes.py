"""The bytes of every event and version stay what they were, and nothing else is read."""

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import JsonValue, ValidationError

from events.codec import canonical, from_bytes, read_event, read_submitted, to_bytes
from events.compartments import Compartment
from events.envelope import RecordedEvent, SealedEvent
from events.event import labels_of
from events.labels import Category, Form, Person
from events.registry import EVENT_CLASSES, event_class
from events.upcasts import newest_type
from tests.contract.golden_bytes import GOLDEN, golden_files, read_boxes, recorded, sealed
from tests.controls.examples import AGENCY_TYPES, example_event, submitted

_MADE = dict(golden_files())
_ON_DISK = sorted(path.name for path in GOLDEN.glob("*.json"))
# What an older version did not say, as it is read.
LATER_FIELDS: dict[str, dict[str, JsonValue]] = {
    "police.interview_held.v1": {"ending": "not_stated"},
    "privacy.consent_recorded.v1": {
        "child_age_band": "unknown",
        "representative_entitled": None,
        "standing": "not_stated",
    },
}
_WRONG: list[JsonValue] = [{"wrong": "type"}]

type_of_every = pytest.mark.parametrize("type_", EVENT_CLASSES)
every_golden_file = pytest.mark.parametrize("name", _ON_DISK)


def test_every_type_has_golden_bytes() -> None:
    assert sorted(_MADE) == _ON_DISK, "write the missing ones: python -m tests.contract.golden_bytes"


@every_golden_file
def test_bytes_stay_what_they_were(name: str) -> None:
    assert _MADE[name] == (GOLDEN / name).read_bytes()


@every_golden_file
def test_writing_what_was_read_gives_the_same_bytes(name: str) -> None:
    raw = (GOLDEN / name).read_bytes().strip()
    assert to_bytes(from_bytes(_model(name), raw)) == raw


@type_of_every
def test_recorded_bytes_are_read_as_the_newest_event(type_: str) -> None:
    stored = from_bytes(RecordedEvent, (GOLDEN / f"{type_}.json").read_bytes())
    opened = tuple(
        Compartment(box.category, box.part, Person.CHILD, box.form, json.loads(clear))
        for box, clear in zip(stored.data.sealed, read_boxes(stored.data), strict=True)
    )
    newest = newest_type(type_)
    assert read_event(stored, opened) == event_class(newest).model_validate(
        example_event(type_).model_dump() | LATER_FIELDS.get(type_, {})
    )


@every_golden_file
@pytest.mark.parametrize("place", [(), ("data",)])
def test_an_unknown_field_is_refused(name: str, place: tuple[str, ...]) -> None:
    _refused(name, lambda found: _at(found, place).update({"unknown_field": 1}))


@every_golden_file
def test_a_missing_field_is_refused(name: str) -> None:
    for field in ("id", "source", "type", "time", "subject", "recordedtime", "sequence", "data"):
        _refused(name, lambda found, field=field: found.pop(field))


@every_golden_file
def test_a_field_of_the_wrong_type_is_refused(name: str) -> None:
    content: dict[str, Any] = json.loads((GOLDEN / name).read_bytes())
    for field in content:
        _refused(name, lambda found, field=field: found.update({field: _WRONG}))


@pytest.mark.parametrize("type_", [type_ for type_ in EVENT_CLASSES if event_class(type_).model_fields])
def test_an_open_value_that_breaks_the_type_is_refused(type_: str) -> None:
    stored = recorded(type_)
    for field in stored.data.open:
        with pytest.raises(ValidationError):
            read_event(_with_open(stored, stored.data.open | {field: _WRONG}))
        if event_class(type_).model_fields[field].is_required():
            with pytest.raises(ValidationError):
                read_event(_with_open(stored, {k: v for k, v in stored.data.open.items() if k != field}))


@type_of_every
def test_an_unknown_open_field_is_refused(type_: str) -> None:
    stored = recorded(type_)
    with pytest.raises(ValidationError):
        read_event(_with_open(stored, stored.data.open | {"unknown_field": 1}))


@pytest.mark.parametrize("type_", AGENCY_TYPES)
def test_an_unknown_sealed_field_is_refused(type_: str) -> None:
    opened = Compartment(Category.CASE_PLAN, "main", Person.CHILD, Form.FULL, {"unknown_field": 1})
    with pytest.raises(ValidationError):
        read_event(sealed(type_), (opened,))


@pytest.mark.parametrize("type_", AGENCY_TYPES)
def test_submitted_data_are_read_strictly(type_: str) -> None:
    data = submitted(type_).data
    fields = event_class(type_).model_fields
    refused: list[dict[str, JsonValue]] = [data | {"unknown_field": 1}]
    refused += [data | {field: _WRONG} for field in data]
    refused += [{k: v for k, v in data.items() if k != field} for field in data if fields[field].is_required()]
    for broken in refused:
        with pytest.raises(ValidationError):
            read_submitted(submitted(type_).model_copy(update={"data": broken}))


@pytest.mark.parametrize("type_", AGENCY_TYPES)
def test_withheld_cannot_be_forged(type_: str) -> None:
    data = submitted(type_).data
    for field, label in labels_of(event_class(type_)).items():
        if label.category is not Category.OPERATIONAL:
            forgeries: tuple[JsonValue, ...] = ({}, "WITHHELD")
            for forged in forgeries:
                _not_withheld(type_, data | {field: forged}, field)


def _not_withheld(type_: str, data: dict[str, JsonValue], field: str) -> None:
    try:
        read = read_submitted(submitted(type_).model_copy(update={"data": data}))
    except ValidationError:
        return
    assert getattr(read, field) == data[field]


def _model(name: str) -> type[SealedEvent | RecordedEvent]:
    return SealedEvent if name.endswith(".sealed.json") else RecordedEvent


def _refused(name: str, breaking: Any) -> None:
    content = json.loads(Path(GOLDEN / name).read_bytes())
    breaking(content)
    with pytest.raises(ValidationError):
        from_bytes(_model(name), canonical(content))


def _at(content: dict[str, Any], place: tuple[str, ...]) -> dict[str, Any]:
    for step in place:
        content = content[step]
    return content


def _with_open(stored: RecordedEvent, values: dict[str, JsonValue]) -> RecordedEvent:
    return stored.model_copy(update={"data": stored.data.model_copy(update={"open": values})})
