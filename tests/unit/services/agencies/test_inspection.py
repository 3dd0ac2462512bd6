"""What a door refuses, and that it says where, which rule, and never the value."""

import json
from dataclasses import dataclass
from datetime import datetime

import pytest

from events.parties import Agency
from infra.web.problems import Problem, Refused
from services.agencies.inspection import Inspected, Inspector
from tests.controls.bad_input import BAD_INPUT, CANARY, CLOCK, UNIT, BadInput, changed, good, with_attribute
from tests.controls.examples import AGENCY_TYPES, example_unit


@dataclass
class StoppedClock:
    simulated: bool = True

    def __init__(self, moment: str = CLOCK) -> None:
        self._moment = moment

    def now(self) -> datetime:
        return datetime.fromisoformat(self._moment)


INSPECTOR = Inspector(Agency.POLICE, StoppedClock())


def inspect(sent: bytes, unit: str = UNIT) -> Inspected | Problem:
    try:
        return INSPECTOR.inspect(sent, unit)
    except Refused as refused:
        return refused.problem


@pytest.mark.parametrize("bad", BAD_INPUT, ids=lambda bad: bad.name)
def test_bad_input(bad: BadInput) -> None:
    problem = inspect(bad.sent)
    assert isinstance(problem, Problem)
    assert (problem.code, problem.status) == (bad.problem, bad.status)
    assert [(fault.pointer, fault.code) for fault in problem.faults] == bad.faults


@pytest.mark.parametrize("bad", BAD_INPUT, ids=lambda bad: bad.name)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_no_problem_quotes_what_was_sent(bad: BadInput, language: str) -> None:
    problem = inspect(bad.sent)
    assert isinstance(problem, Problem)
    text = json.dumps(problem.document("vi" if language == "vi" else "en"), ensure_ascii=False)
    assert CANARY not in text
    assert "{" + "}" not in text


@pytest.mark.parametrize("type_", AGENCY_TYPES)
def test_every_example_passes_at_its_own_door(type_: str) -> None:
    agency = Agency.SOCIAL_WORK if type_.startswith("privacy") else Agency(type_.partition(".")[0])
    after_all_of_it = StoppedClock("2026-05-01T00:00:00+07:00")
    inspected = Inspector(agency, after_all_of_it).inspect(good(type_), example_unit(type_))
    assert type_ == inspected.event.TYPE


def test_close_type_is_suggested() -> None:
    problem = inspect(with_attribute("type", "police.report_recieved.v1"))
    assert isinstance(problem, Problem)
    assert "(police.report_received.v1?)" in str(problem.document("en"))


def test_close_field_is_suggested() -> None:
    problem = inspect(changed(lambda event: event["data"].update(child_nane="x")))
    assert isinstance(problem, Problem)
    assert "(child_name?)" in str(problem.document("en"))


def test_five_minutes_ahead_are_allowed() -> None:
    assert isinstance(inspect(with_attribute("time", "2026-04-07T08:05:00+07:00")), Inspected)


@pytest.mark.parametrize(
    "again",
    [
        good()[:-1] + b" \n}",
        json.dumps(json.loads(good()), indent=4, sort_keys=False).encode(),
        with_attribute("traceparent", "00-" + "a" * 32 + "-" + "b" * 16 + "-01"),
        changed(lambda event: event["data"].pop("child_birth_date")),
    ],
)
def test_same_content_in_other_bytes(again: bytes) -> None:
    first, second = inspect(good()), inspect(again)
    assert isinstance(first, Inspected)
    assert isinstance(second, Inspected)
    assert first.content() == second.content()


@pytest.mark.parametrize(
    "other",
    [
        with_attribute("subject", "R-102"),
        with_attribute("time", "2026-04-06T21:10:01+07:00"),
        with_attribute("correlationid", "C-1"),
        changed(lambda event: event["data"].update(concern="LO-NGAI KHAC")),
        changed(lambda event: event["data"].update(child_name=None)),
    ],
)
def test_other_content(other: bytes) -> None:
    first, second = inspect(good()), inspect(other)
    assert isinstance(first, Inspected)
    assert isinstance(second, Inspected)
    assert first.content() != second.content()
