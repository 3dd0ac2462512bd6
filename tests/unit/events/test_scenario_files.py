"""A scenario is data: valid against every event's class, in order, and naming only what exists by then."""

import json
from collections import Counter
from itertools import pairwise

import pytest

from events.codes import code_list
from events.registry import event_class
from events.units import unit, units
from tests.controls.examples import AGENCY_TYPES
from tests.unit.events.scenario_told import OPENING, TASK_MAKING, Told, knows, plain, scenario, sealed_texts, told_in

STEPS = {1: 27, 2: 25}
TOLD = {number: told_in(number) for number in STEPS}
every_scenario = pytest.mark.parametrize("number", STEPS)
every_event = pytest.mark.parametrize(
    ("number", "told"),
    [pytest.param(number, told, id=f"{number}-{told.id_label}") for number, story in TOLD.items() for told in story],
)


@every_scenario
def test_it_has_all_its_steps_in_both_languages(number: int) -> None:
    found = scenario(number)
    assert [step["number"] for step in found["steps"]] == list(range(1, STEPS[number] + 1))
    assert all(step["events"] and step["title_vi"] and step["title_en"] for step in found["steps"])
    assert found["title_vi"]
    assert found["title_en"]


@every_scenario
def test_time_never_runs_backwards(number: int) -> None:
    assert all(earlier.at <= later.at for earlier, later in pairwise(TOLD[number]))
    steps = [step["at"] for step in scenario(number)["steps"]]
    assert all(earlier < later for earlier, later in pairwise(steps))
    assert all(told.at.utcoffset() == steps[0].utcoffset() for told in TOLD[number])


@every_scenario
def test_labels_are_unique(number: int) -> None:
    labels = [told.id_label for told in TOLD[number]]
    assert [label for label, count in Counter(labels).items() if count > 1] == []


@every_event
def test_data_are_valid(number: int, told: Told) -> None:
    assert number in STEPS
    data = {name: plain(value) for name, value in told.data.items()}
    event_class(told.type).model_validate_json(json.dumps(data))


@every_event
def test_the_unit_may_assert_it(number: int, told: Told) -> None:
    assert number in STEPS
    assert unit(told.unit).agency in event_class(told.type).BY
    assert {str(told.data[field]) for field in ("to_unit", "unit") if field in told.data} <= units().keys()


@every_event
def test_placeholders_name_what_exists_by_then(number: int, told: Told) -> None:
    earlier = {one.id_label: one for one in TOLD[number][: TOLD[number].index(told)]}
    for value in told.data.values():
        kind, _, name = value.partition(":") if isinstance(value, str) else ("", "", "")
        if kind == "@id":
            assert earlier[name].unit == told.unit
        if kind == "@task":
            assert earlier[name].type in TASK_MAKING
        if kind == "@ref":
            assert knows(told.unit, name, earlier.values())


@every_event
def test_the_unit_knows_its_subject(number: int, told: Told) -> None:
    earlier = TOLD[number][: TOLD[number].index(told)]
    chosen = {(one.unit, one.subject) for one in earlier if one.type in OPENING}
    if told.subject.startswith("@:"):
        assert (told.unit, told.shown) not in chosen
        assert knows(told.unit, told.shown, earlier)
    elif told.type in OPENING:
        assert (told.unit, told.subject) not in chosen
    else:
        assert (told.unit, told.subject) in chosen


@every_scenario
def test_every_type_of_it_is_an_agencys(number: int) -> None:
    assert {told.type for told in TOLD[number]} <= set(AGENCY_TYPES)


@every_scenario
def test_every_sealed_text_is_told_from_every_other(number: int) -> None:
    texts = [text for told in TOLD[number] for text in sealed_texts(told)]
    assert len(texts) > 70
    assert [(a, b) for i, a in enumerate(texts) for j, b in enumerate(texts) if i != j and a in b] == []


@every_scenario
def test_codes_of_the_scenario_may_be_used_on_their_day(number: int) -> None:
    channels = code_list("report_channel")
    assert all(channels[str(t.data["channel"])].valid_on(t.at.date()) for t in TOLD[number] if "channel" in t.data)
