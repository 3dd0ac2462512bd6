"""A batch falls into the very bytes of its items."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.web.problems import Refused
from services.agencies.batches import MAX_BATCH_EVENTS, events_as_sent

items = st.lists(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
        max_leaves=5,
    ).map(lambda value: json.dumps(value, ensure_ascii=False).encode()),
    max_size=5,
)
space = st.text(" \t\r\n", max_size=3).map(str.encode)


@given(items, space)
def test_items_come_out_as_they_were_sent(sent: list[bytes], blank: bytes) -> None:
    body = blank + b"[" + blank + (blank + b"," + blank).join(sent) + blank + b"]" + blank
    assert events_as_sent(body) == sent


@given(st.binary(max_size=30))
def test_any_bytes_are_split_or_refused(body: bytes) -> None:
    with suppress(Refused):
        events_as_sent(body)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"[" * 100_000, "too_deep"),
        (b"[" + b"1" * 5_000 + b"]", "not_json"),
        (b"[1", "not_json"),
        (b"[1,", "not_json"),
        (b"[,1]", "not_json"),
        (b"[1]]", "not_json"),
        (b"\xef\xbb\xbf[1]", "byte_order_mark"),
        (b'["\xff"]', "not_utf8"),
    ],
)
def test_broken_arrays(body: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        events_as_sent(body)
    assert refused.value.problem.code == code


def test_too_many() -> None:
    with pytest.raises(Refused) as refused:
        events_as_sent(b"[" + b",".join([b"1"] * (MAX_BATCH_EVENTS + 1)) + b"]")
    assert refused.value.problem.code == "too_many"
