"""Everything a door refuses, one example of each kind: what is sent, and what the problem says."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pydantic import JsonValue

from events.codec import to_bytes
from tests.controls.examples import example_data, submitted

TYPE = "police.report_received.v1"
SHORT = (",", ":")
UNIT = "commune_police_00340"
NOT_YET = "2026-04-07T08:05:01+07:00"  # five minutes and a second after the clock of these tests
CLOCK = "2026-04-07T08:00:00+07:00"
TRANSFER = "police.crime_report_transferred.v1"
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


def changed_text(old: bytes, new: bytes) -> bytes:
    """Return an event with some of its bytes replaced: what no JSON library would write."""
    sent = json.dumps(
        json.loads(good()) | {"data": example_data(TYPE) | {"child_age_estimate": None}}, separators=SHORT
    )
    assert old in sent.encode()
    return sent.encode().replace(old, new)


def without(name: str) -> bytes:
    return changed(lambda event: event.pop(name))


def without_data(name: str) -> bytes:
    return changed(lambda event: event["data"].pop(name))


_NOT_JSON: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "not_json"),
    "no JSON": (b"{", "not_json"),
    "something behind it": (good() + b" x", "not_json"),
    "two events in a row": (good() + b"\n" + good(), "not_json"),
    "not UTF-8": (b'{"id": "\xff"}', "not_utf8"),
    "UTF-16": (good().decode().encode("utf-16"), "not_utf8"),
    "half a character": (b'{"id": "\\ud800"}', "not_utf8"),
    "byte order mark": (b"\xef\xbb\xbf" + good(), "byte_order_mark"),
    "raw control character in a text": (good().replace(b"LO-NGAI", b"LO\x00NGAI"), "not_json"),
    "repeated key": (good()[:-1] + b',"id":"' + CANARY.encode() + b'"}', "duplicate_key"),
    "repeated key by another spelling": (good()[:-1] + b',"\\u0069d":"x"}', "duplicate_key"),
    "NaN": (b'{"id": NaN}', "not_a_number"),
    "minus infinity": (b'{"id": -Infinity}', "not_a_number"),
    "number that overflows": (b'{"id": 1e999}', "number_out_of_range"),
    "minus zero": (changed_text(b'"child_age_estimate":null', b'"child_age_estimate":-0'), "number_out_of_range"),
    "minus zero as a fraction": (b'{"id": -0.0}', "number_out_of_range"),
    "integer past 2^53": (b'{"id": 9007199254740993}', "number_out_of_range"),
    "endless number": (b"1" * 5000, "number_out_of_range"),
    "too deep": (b'{"data":' + b"[" * 40 + b"]" * 40 + b"}", "too_deep"),
    "endlessly deep": (b"[" * 100_000, "too_deep"),
    "too many array items": (b'{"data":[' + b"1," * 20_000 + b"1]}", "too_many_values"),
    "too many keys": (json.dumps({f"k{n}": 1 for n in range(20_000)}).encode(), "too_many_values"),
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
    "received in a year to come": (with_data("received_at", NOT_YET), [("/data/received_at", "in_future")]),
    "name of spaces": (with_data("child_name", "   "), [("/data/child_name", "blank")]),
    "born in the year 1": (with_data("child_birth_date", "0001-01-01"), [("/data/child_birth_date", "out_of_reach")]),
    "born the day after": (with_data("child_birth_date", "2026-04-07"), [("/data/child_birth_date", "born_later")]),
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
    "dataschema from elsewhere": (
        with_attribute("dataschema", f"https://{CANARY}.example/schema"),
        [("/dataschema", "dataschema")],
    ),
    "dataschema of another type": (
        with_attribute("dataschema", "/v1/schemas/police.scene_attended.v1"),
        [("/dataschema", "dataschema")],
    ),
    "id too long": (with_attribute("id", "x" * 129), [("/id", "pattern")]),
    "subject too long": (with_attribute("subject", "R" * 65), [("/subject", "pattern")]),
    "type too long": (with_attribute("type", "a." * 100_000), [("/type", "too_long"), ("/type", "unknown_type")]),
    "other content type inside": (with_attribute("datacontenttype", "text/xml"), [("/datacontenttype", "one_of")]),
    "data in base64": (
        changed(lambda event: event.update(data_base64="e30=") or event.pop("data")),
        [("/data", "missing"), ("", "unknown_field")],
    ),
    "unit that is none": (
        changed(lambda event: event["data"].update(to_unit="investigation_police_10"), TRANSFER),
        [("/data/to_unit", "unknown_unit")],
    ),
    "number as a fraction": (with_data("child_age_estimate", 7.5), [("/data/child_age_estimate", "type")]),
    "number below zero": (with_data("child_age_estimate", -1), [("/data/child_age_estimate", "at_least")]),
    "true for a number": (with_data("child_age_estimate", True), [("/data/child_age_estimate", "type")]),
    "NUL in a narrative": (with_data("concern", CANARY + "\x00"), [("/data/concern", "control_characters")]),
    "escape sequence in a narrative": (with_data("concern", "\x1b[2J"), [("/data/concern", "control_characters")]),
    "line break in a name": (with_data("child_name", "TRE-EM\n01"), [("/data/child_name", "control_characters")]),
    "zero-width space in a name": (
        with_data("child_name", "TRE\u200bEM"),
        [("/data/child_name", "invisible_characters")],
    ),
    "direction turned in a name": (
        with_data("child_name", "\u202eME-ERT"),
        [("/data/child_name", "invisible_characters")],
    ),
    "direction turned in a narrative": (with_data("concern", "a\u2066b"), [("/data/concern", "invisible_characters")]),
    "hidden tags in a narrative": (with_data("concern", "a\U000e0041"), [("/data/concern", "invisible_characters")]),
    "non-breaking space in a name": (
        with_data("child_name", "TRE-EM\u00a001"),
        [("/data/child_name", "invisible_characters")],
    ),
    "replacement sign in a name": (with_data("child_name", "TR\ufffd"), [("/data/child_name", "broken_characters")]),
    "private character in a name": (with_data("child_name", "TR\ue000"), [("/data/child_name", "broken_characters")]),
    "no character": (with_data("concern", "a\uffff"), [("/data/concern", "broken_characters")]),
    "Cyrillic letter in a name": (with_data("child_name", "TR\u0415-EM"), [("/data/child_name", "look_alike")]),
    "Cyrillic word in a name": (with_data("child_name", "TRE \u0415\u041c"), [("/data/child_name", "look_alike")]),
    "Greek letter in a name": (with_data("child_name", "TR\u0395"), [("/data/child_name", "look_alike")]),
    "eth for the Vietnamese letter": (with_data("child_name", "\u00d0AO"), [("/data/child_name", "look_alike")]),
    "full-width letters in a name": (with_data("child_name", "\uff34RE"), [("/data/child_name", "look_alike")]),
    "several at once": (
        changed(lambda event: event.update(id="", time=CANARY, data={**event["data"], "channel": CANARY})),
        [("/id", "pattern"), ("/time", "moment"), ("/data/channel", "unknown_code")],
    ),
}

BAD_INPUT: list[BadInput] = [
    *(BadInput(name, sent, code, 400) for name, (sent, code) in _NOT_JSON.items()),
    *(BadInput(name, sent, "bad_event", 422, faults) for name, (sent, faults) in _BAD_EVENTS.items()),
    BadInput("too large", with_data("concern", "x" * 1_100_000), "too_large", 413),
    BadInput("another unit", with_attribute("source", "investigation_police_01"), "not_your_unit", 403),
    BadInput("another agency's unit", with_attribute("source", "hospital_h1"), "not_your_unit", 403),
    BadInput("a unit that is none", with_attribute("source", CANARY), "not_your_unit", 403),
    BadInput("another agency's type", with_attribute("type", "health.service_accepted.v1"), "not_yours_to_assert", 403),
    BadInput("the case record's type", with_attribute("type", "case.case_closed.v1"), "not_yours_to_assert", 403),
]
