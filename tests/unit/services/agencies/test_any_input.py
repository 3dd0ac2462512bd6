"""Whatever is sent, a door takes it or refuses it: it never breaks, and what it takes can be sealed."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from events.compartments import split
from events.parties import Agency
from infra.web.problems import Problem, Refused
from services.agencies.inspection import Inspected, Inspector
from tests.controls.bad_input import CLOCK, UNIT, good

TYPES = ("police.report_received.v1", "police.interview_held.v1", "police.crime_report_transferred.v1")
GOOD = [json.loads(good(type_)) for type_ in TYPES]
EDGES = [
    "",
    " ",
    "\u0000",
    "9999-12-31T23:59:59Z",
    "0001-01-01",
    "2026-02-29",
    "null",
    "1e400",
    "a" * 5000,
    "\u202e",
    "Ự",
]

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(EDGES),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@dataclass
class StoppedClock:
    simulated: bool = True

    def now(self) -> datetime:
        return datetime.fromisoformat(CLOCK)


INSPECTOR = Inspector(Agency.POLICE, StoppedClock())


def whole(problem: Problem) -> Problem:
    assert problem.document("vi").keys() == problem.document("en").keys()
    return problem


def taken_or_refused(sent: bytes) -> Inspected | Problem:
    try:
        inspected = INSPECTOR.inspect(sent, UNIT)
    except Refused as refused:
        return whole(refused.problem)
    assert inspected.content()
    assert split(inspected.event, inspected.submitted.time).compartments
    return inspected


@given(st.sampled_from(GOOD), st.data())
def test_one_value_replaced(event: dict[str, Any], data: st.DataObject) -> None:
    where = data.draw(st.sampled_from([event, event["data"]]))
    name = data.draw(st.sampled_from(sorted(where)) | st.text(max_size=8))
    changed = {**event, "data": dict(event["data"])}
    (changed if where is event else changed["data"])[name] = data.draw(values)
    taken_or_refused(json.dumps(changed).encode())


@given(values)
def test_any_json(value: JsonValue) -> None:
    taken_or_refused(json.dumps(value).encode())


@given(st.binary(max_size=200))
def test_any_bytes(sent: bytes) -> None:
    assert isinstance(taken_or_refused(sent), Problem)


@given(st.sampled_from(GOOD), st.data())
def test_one_byte_replaced(event: dict[str, Any], data: st.DataObject) -> None:
    sent = bytearray(json.dumps(event).encode())
    sent[data.draw(st.integers(0, len(sent) - 1))] = data.draw(st.integers(0, 255))
    taken_or_refused(bytes(sent))
