"""One canonical form; what comes from outside is read strictly."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from events.codec import NotStrictJsonError, canonical, read_event, read_strictly, read_submitted
from events.envelope import SealedContents, SealedEvent
from events.registry import UnknownTypeError
from tests.controls.examples import submitted

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(_JSON)
def test_canonical_bytes_are_stable_and_lossless(value: JsonValue) -> None:
    raw = canonical(value)
    assert read_strictly(raw) == value
    assert canonical(read_strictly(raw)) == raw


@given(st.dictionaries(st.text(), st.integers(-(2**53) + 1, 2**53 - 1), min_size=2))
def test_the_order_of_keys_does_not_matter(value: dict[str, int]) -> None:
    assert canonical(dict(reversed(value.items()))) == canonical(dict(value))


def test_the_form_has_sorted_keys_no_spaces_and_utf_8() -> None:
    assert canonical({"b": [1, None], "a": "trẻ"}) == '{"a":"trẻ","b":[1,null]}'.encode()


@pytest.mark.parametrize(
    "raw",
    [
        b'{"a":1,"a":2}',
        b'{"a":{"b":1,"b":1}}',
        b'{"a":NaN}',
        b'{"a":Infinity}',
        b'{"a":-Infinity}',
        b'{"a":1',
        b"",
        b'{"a":"\xff"}',
        "﻿{}".encode(),
        b"[" * 100_000,
    ],
    ids=[
        "repeated",
        "repeated-within",
        "nan",
        "infinity",
        "minus-infinity",
        "cut",
        "empty",
        "not-utf-8",
        "bom",
        "deep",
    ],
)
def test_json_that_is_not_strict_is_refused(raw: bytes) -> None:
    with pytest.raises(NotStrictJsonError):
        read_strictly(raw)


def test_a_refusal_never_tells_the_value() -> None:
    with pytest.raises(NotStrictJsonError) as refused:
        read_strictly(b'{"child_name":"BI-MAT-1"')
    assert "BI-MAT-1" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_an_unknown_type_is_refused() -> None:
    with pytest.raises(UnknownTypeError):
        read_submitted(submitted("police.scene_attended.v1", type="police.scene_imagined.v1"))


def test_an_unknown_stored_type_is_refused() -> None:
    example = submitted("police.scene_attended.v1", type="police.scene_imagined.v1")
    attributes = json.loads(example.model_dump_json(exclude={"data"}))
    raw = {**attributes, "recordedtime": attributes["time"], "sequence": 1, "data": {"open": {}, "sealed": []}}
    with pytest.raises(UnknownTypeError):
        read_event(SealedEvent.model_validate_json(json.dumps(raw)))


def test_contents_without_boxes_are_wholly_open() -> None:
    assert SealedContents(open={}).sealed == ()
