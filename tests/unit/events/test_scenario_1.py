"""Scenario 1 is data: valid against every event's class, in order, and naming only what exists by then."""

import json
import tomllib
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict, JsonValue

from events.codes import code_list
from events.event import labels_of
from events.labels import Category
from events.registry import event_class
from events.summaries import age_in_years
from events.units import unit, units
from tests.controls.examples import AGENCY_TYPES

_FILE = Path(__file__).parents[2] / "scenarios" / "scenario_1.toml"
_OPENING = {"social_work.report_received.v1", "police.report_received.v1", "social_work.case_opened.v1"}
_TASK_MAKING = {"social_work.plan_task_assigned.v1", "social_work.service_referred.v1"}
_GIVING = {
    "social_work.report_forwarded.v1": "to_unit",
    "police.report_forwarded.v1": "to_unit",
    "police.crime_report_transferred.v1": "to_unit",
    "social_work.agency_invited.v1": "unit",
}


class Told(BaseModel):
    """An event of the scenario with the step it stands in."""

    model_config = ConfigDict(frozen=True)

    step: int
    at: datetime
    id_label: str
    unit: str
    type: str
    subject: str
    data: dict[str, JsonValue]

    @property
    def shown(self) -> str:
        """The display name of what it is about."""
        return self.subject.removeprefix("@:")


def _told(scenario: dict[str, Any]) -> Iterator[Told]:
    for step in scenario["steps"]:
        for event in step["events"]:
            yield Told(**{"at": step["at"]} | event, step=step["number"])


SCENARIO = tomllib.loads(_FILE.read_text(encoding="utf-8"))
TOLD = tuple(_told(SCENARIO))
_LABELS = [told.id_label for told in TOLD]

every_event = pytest.mark.parametrize("told", TOLD, ids=_LABELS)


def test_it_has_the_27_steps_in_both_languages() -> None:
    assert [step["number"] for step in SCENARIO["steps"]] == list(range(1, 28))
    assert all(step["events"] and step["title_vi"] and step["title_en"] for step in SCENARIO["steps"])
    assert SCENARIO["title_vi"]
    assert SCENARIO["title_en"]


def test_time_never_runs_backwards() -> None:
    assert all(earlier.at <= later.at for earlier, later in pairwise(TOLD))
    steps = [step["at"] for step in SCENARIO["steps"]]
    assert all(earlier < later for earlier, later in pairwise(steps))
    assert all(told.at.utcoffset() == steps[0].utcoffset() for told in TOLD)


def test_labels_are_unique() -> None:
    assert [label for label, count in Counter(_LABELS).items() if count > 1] == []


@every_event
def test_data_are_valid(told: Told) -> None:
    data = {name: _plain(value) for name, value in told.data.items()}
    event_class(told.type).model_validate_json(json.dumps(data))


@every_event
def test_the_unit_may_assert_it(told: Told) -> None:
    assert unit(told.unit).agency in event_class(told.type).BY
    assert {str(told.data[field]) for field in ("to_unit", "unit") if field in told.data} <= units().keys()


@every_event
def test_placeholders_name_what_exists_by_then(told: Told) -> None:
    earlier = {one.id_label: one for one in TOLD[: TOLD.index(told)]}
    for value in told.data.values():
        kind, _, name = value.partition(":") if isinstance(value, str) else ("", "", "")
        if kind == "@id":
            assert earlier[name].unit == told.unit
        if kind == "@task":
            assert earlier[name].type in _TASK_MAKING
        if kind == "@ref":
            assert _knows(told.unit, name, earlier.values())


@every_event
def test_the_unit_knows_its_subject(told: Told) -> None:
    earlier = TOLD[: TOLD.index(told)]
    chosen = {(one.unit, one.subject) for one in earlier if one.type in _OPENING}
    if told.type in _OPENING:
        assert (told.unit, told.subject) not in chosen
        assert not told.subject.startswith("@")
    elif told.subject.startswith("@:"):
        assert (told.unit, told.shown) not in chosen
        assert _knows(told.unit, told.shown, earlier)
    else:
        assert (told.unit, told.subject) in chosen


def test_every_type_of_it_is_an_agencys() -> None:
    assert {told.type for told in TOLD} <= set(AGENCY_TYPES)


def test_every_category_is_exercised_before_closure() -> None:
    before = [told for told in TOLD if told.step < 26]
    exercised = {label.category for told in before for name, label in _labels(told) if name in told.data}
    possible = {label.category for type_ in AGENCY_TYPES for label in labels_of(event_class(type_)).values()}
    assert possible - exercised == {Category.ACCESS_LOG}  # nothing goes where it should not


def test_every_sealed_text_is_told_from_every_other() -> None:
    texts = [text for told in TOLD for text in _sealed_texts(told)]
    assert len(texts) > 70
    assert [(a, b) for i, a in enumerate(texts) for j, b in enumerate(texts) if i != j and a in b] == []


def test_the_corrected_birth_date_makes_the_child_a_year_older() -> None:
    told = {one.id_label: one for one in TOLD}
    opened, corrected = told["case_opened"], told["birth_date_corrected"]
    born = [date.fromisoformat(str(one.data["child_birth_date"])) for one in (opened, corrected)]
    assert [age_in_years(day, corrected.at.date()) for day in born] == [9, 10]


def test_codes_of_the_scenario_may_be_used_on_their_day() -> None:
    channels = code_list("report_channel")
    assert all(channels[str(t.data["channel"])].valid_on(t.at.date()) for t in TOLD if "channel" in t.data)


def _plain(value: JsonValue) -> JsonValue:
    return "REFERENCE-1" if isinstance(value, str) and value.startswith("@") else value


def _knows(unit_id: str, shown: str, earlier: Any) -> bool:
    """A unit knows what it chose, what it was given, and the case of a report that it knows."""
    given = {(one.data[_GIVING[one.type]], one.shown) for one in earlier if one.type in _GIVING}
    chosen = {(one.unit, one.subject) for one in earlier if one.type in _OPENING}
    known = given | chosen
    cases = {one.subject: str(one.data["report"]).removeprefix("@ref:") for one in earlier if "case_opened" in one.type}
    return (unit_id, shown) in known or (unit_id, cases.get(shown)) in known


def _labels(told: Told) -> Iterator[tuple[str, Any]]:
    yield from labels_of(event_class(told.type)).items()


def _sealed_texts(told: Told) -> Iterator[str]:
    for name, label in _labels(told):
        value = told.data.get(name)
        if label.category is not Category.OPERATIONAL and isinstance(value, str) and not _coded(told.type, name):
            yield value


def _coded(type_: str, name: str) -> bool:
    schema = json.dumps(event_class(type_).model_json_schema()["properties"][name])
    return any(mark in schema for mark in ('"enum"', '"format"', '"pattern"'))
