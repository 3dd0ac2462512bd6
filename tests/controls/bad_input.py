"""Everything a door refuses, one example of each kind: what is sent, and what the problem says."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pydantic import JsonValue

from events.codec import to_bytes
from tests.controls.examples import submitted

UNIT = "commune_police_00340"
NOT_YET = "2026-04-07T08:05:01+07:00"  # five minutes and a second after the clock of these tests
CLOCK = "2026-04-07T08:00:00+07:00"
CANARY = "TRE-EM-7Q2-KHONG-DUOC-LO"


@dataclass(frozen=True)
class BadInput:
    """What is sent; the problem's code and status; pointer and code of each fault."""

    name: str
    sent: bytes
    problem: str
    status: int = 422
    faults: list[tuple[str, str]] = field(default_factory=list)


def good(type_: str = "police.report_received.v1", **changes: Any) -> bytes:
    return to_bytes(submitted(type_, **changes))


def changed(change: Callable[[dict[str, Any]], None], type_: str = "police.report_received.v1") -> bytes:
    value: dict[str, Any] = json.loads(good(type_))
    change(value)
    return json.dumps(value).encode()


def with_attribute(name: str, value: JsonValue) -> bytes:
    return changed(lambda event: event.update({name: value}))


def with_data(name: str, value: JsonValue) -> bytes:
    return changed(lambda event: event["data"].update({name: value}))


def without(name: str) -> bytes:
    return changed(lambda event: event.pop(name))


def without_data(name: str) -> bytes:
    return changed(lambda event: event["data"].pop(name))


_NOT_JSON = {
    "empty": b"",
    "no JSON": b"{",
    "not UTF-8": b'{"id": "\xff"}',
    "half a character": b'{"id": "\\ud800"}',
    "repeated key": good()[:-1] + b',"id":"' + CANARY.encode() + b'"}',
    "NaN": b'{"id": NaN}',
    "infinity": b'{"id": 1e999}',
    "too deep": b'{"data":' + b"[" * 40 + b"]" * 40 + b"}",
    "endless number": b"1" * 5000,
}

_BAD_EVENTS: dict[str, tuple[bytes, list[tuple[str, str]]]] = {
    "an array": (b"[]", [("", "type")]),
    "no version of CloudEvents": (without("specversion"), [("/specversion", "missing")]),
    "another version of CloudEvents": (with_attribute("specversion", "0.3"), [("/specversion", "one_of")]),
    "no id": (without("id"), [("/id", "missing")]),
    "id with a space": (with_attribute("id", CANARY + " x"), [("/id", "pattern")]),
    "no source": (without("source"), [("/source", "missing")]),
    "no type": (without("type"), [("/type", "missing")]),
    "unknown type": (with_attribute("type", "police.report_recieved.v1"), [("/type", "unknown_type")]),
    "type is a number": (with_attribute("type", 7), [("/type", "type")]),
    "no subject": (without("subject"), [("/subject", "missing")]),
    "subject that is no reference": (with_attribute("subject", CANARY + "/.."), [("/subject", "pattern")]),
    "no time": (without("time"), [("/time", "missing")]),
    "time without offset": (with_attribute("time", "2026-04-06T21:10:00"), [("/time", "moment")]),
    "time that is none": (with_attribute("time", CANARY), [("/time", "moment")]),
    "time ahead of the clock": (with_attribute("time", NOT_YET), [("/time", "in_future")]),
    "time before anybody's": (with_attribute("time", "0001-01-01T00:00:00+14:00"), [("/time", "out_of_reach")]),
    "time at the end of time": (with_attribute("time", "9999-12-31T23:59:59-14:00"), [("/time", "in_future")]),
    "year 9999": (with_data("received_at", "9999-12-31T23:59:59Z"), [("/data/received_at", "out_of_reach")]),
    "born in the year 1": (with_data("child_birth_date", "0001-01-01"), [("/data/child_birth_date", "out_of_reach")]),
    "unknown attribute": (with_attribute(CANARY, 1), [("", "unknown_field")]),
    "recorded time set by the sender": (with_attribute("recordedtime", CLOCK), [("", "unknown_field")]),
    "no data": (without("data"), [("/data", "missing")]),
    "data is a text": (with_attribute("data", CANARY), [("/data", "type")]),
    "missing field": (without_data("reporter_type"), [("/data/reporter_type", "missing")]),
    "unknown field": (with_data(CANARY, 1), [("/data", "unknown_field")]),
    "text where a number belongs": (with_data("child_age_estimate", CANARY), [("/data/child_age_estimate", "type")]),
    "number out of bounds": (with_data("child_age_estimate", 77), [("/data/child_age_estimate", "at_most")]),
    "day that does not exist": (with_data("child_birth_date", "2015-02-30"), [("/data/child_birth_date", "day")]),
    "text too long": (with_data("child_name", CANARY * 20), [("/data/child_name", "too_long")]),
    "empty text": (with_data("concern", ""), [("/data/concern", "too_short")]),
    "unknown code": (with_data("channel", CANARY), [("/data/channel", "unknown_code")]),
    "unknown sealed code": (with_data("child_sex", CANARY), [("/data/child_sex", "unknown_code")]),
    "commune that is none": (with_data("child_commune", CANARY), [("/data/child_commune", "pattern")]),
    "several at once": (
        changed(lambda event: event.update(id="", time=CANARY, data={**event["data"], "channel": CANARY})),
        [("/id", "pattern"), ("/time", "moment"), ("/data/channel", "unknown_code")],
    ),
}

BAD_INPUT: list[BadInput] = [
    *(BadInput(name, sent, "not_json", 400) for name, sent in _NOT_JSON.items()),
    *(BadInput(name, sent, "bad_event", 422, faults) for name, (sent, faults) in _BAD_EVENTS.items()),
    BadInput("too large", with_data("concern", "x" * 1_100_000), "too_large", 413),
    BadInput("another unit", with_attribute("source", "investigation_police_01"), "not_your_unit", 403),
    BadInput("another agency's unit", with_attribute("source", "hospital_h1"), "not_your_unit", 403),
    BadInput("a unit that is none", with_attribute("source", CANARY), "not_your_unit", 403),
    BadInput("another agency's type", with_attribute("type", "health.service_accepted.v1"), "not_yours_to_assert", 403),
    BadInput("the case record's type", with_attribute("type", "case.case_closed.v1"), "not_yours_to_assert", 403),
]
