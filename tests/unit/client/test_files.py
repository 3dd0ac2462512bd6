"""Events are read one by one from whatever series they come in, however it is cut into pieces."""

import json
from io import BytesIO
from itertools import islice, repeat

import pytest
from chungtay_client import files
from chungtay_client.files import NotEventsError, events_in
from hypothesis import given, settings
from hypothesis import strategies as st

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=4,
)
_EVENTS = st.lists(st.dictionaries(st.text(), _JSON), min_size=1, max_size=5)


class Dripping(BytesIO):
    """Gives a few bytes at a time, as a pipe may."""

    def __init__(self, text: bytes, at_a_time: int) -> None:
        super().__init__(text)
        self._at_a_time = at_a_time

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(min(self._at_a_time, size or 0))


@settings(max_examples=40, deadline=None)
@given(events=_EVENTS, form=st.sampled_from(["lines", "array", "pretty"]), at_a_time=st.integers(1, 7))
def test_every_series_gives_its_events(events: list[object], form: str, at_a_time: int) -> None:
    each = [json.dumps(one, ensure_ascii=False, indent=1 if form == "pretty" else None) for one in events]
    text = "[" + " ,\n".join(each) + "]\n" if form == "array" else "\n".join(each) + "\n"
    assert list(events_in(Dripping(text.encode(), at_a_time))) == [one.encode() for one in each]


@pytest.mark.parametrize(
    ("text", "before", "number"),
    [
        (b"", 0, 1),
        (b'{"a":', 0, 1),
        (b'{"a":"\\', 0, 1),
        (b'[{"a":1},]', 1, 2),
        (b'[{"a":1}', 0, 1),
        (b"[,{}]", 0, 1),
        (b'{"a":1} x', 1, 2),
        (b'[{"a":1}] [', 1, 2),
        (b"42", 0, 1),
    ],
)
def test_a_broken_series_names_where(text: bytes, before: int, number: int) -> None:
    reading = events_in(BytesIO(text))
    assert len(list(islice(reading, before))) == before
    with pytest.raises(NotEventsError) as caught:
        next(reading)
    assert caught.value.number == number


def test_an_empty_array_holds_nothing_and_a_byte_order_mark_is_none() -> None:
    assert list(events_in(BytesIO(b" [ ]\n"))) == []
    assert list(events_in(BytesIO(b'\xef\xbb\xbf{"a":1}\r\n'))) == [b'{"a":1}']


def test_no_more_is_held_than_one_event(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_MOST_BYTES", 100)
    assert len(list(events_in(BytesIO(b"".join(repeat(b'{"a":1}\n', 10_000)))))) == 10_000
    with pytest.raises(NotEventsError, match="item 1: too large"):
        list(events_in(BytesIO(b'{"a":"' + b"b" * 100 + b'"}')))
