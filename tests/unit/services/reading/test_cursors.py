"""Cursors come back as they were written; whatever else is sent is refused."""

from base64 import urlsafe_b64encode
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.postgres.view_reader import After
from infra.web.problems import Refused
from services.audit.access import read_access_cursor
from services.reading.cursors import decode_cursor, encode_cursor, read_cursor, write_cursor

MOMENTS = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(MOMENTS, st.text(st.characters(exclude_characters="\x00", codec="utf-8"), max_size=20))
def test_a_cursor_comes_back(at: datetime, reference: str) -> None:
    assert read_cursor(write_cursor(After(at, reference))) == After(at, reference)


def test_no_cursor_is_the_first_page() -> None:
    assert (read_cursor(None), read_access_cursor(None)) == (None, None)


@given(st.text(max_size=40))
def test_what_is_none_of_ours_is_refused_and_not_echoed(text: str) -> None:
    try:
        decode_cursor(text)
    except ValueError:
        for read in (read_cursor, read_access_cursor):
            with pytest.raises(Refused) as refused:
                read(text)
            assert refused.value.problem.code == "bad_parameter"


@pytest.mark.parametrize("parts", [["2026-04-06"], ["yesterday", "A"], ["2026-04-06T00:00:00+00:00", "nobody", "1"]])
def test_other_parts_are_refused(parts: list[str]) -> None:
    for read in (read_cursor, read_access_cursor):
        with pytest.raises(Refused):
            read(encode_cursor(*parts))


@pytest.mark.parametrize(
    "parts",
    [
        ["0001-01-01T00:00:00+14:00", "A"],
        ["9999-12-31T23:59:59-14:00", "A"],
        ["2026-04-06T00:00:00", "A"],
        ["2026-04-06T00:00:00+00:00", "\x00"],
        ["2026-04-06T00:00:00+00:00", "police", "9" * 30],
        ["2026-04-06T00:00:00+00:00", "police", "-1"],
    ],
)
def test_a_forged_cursor_never_reaches_the_database(parts: list[str]) -> None:
    for read in (read_cursor, read_access_cursor):
        with pytest.raises(Refused):
            read(encode_cursor(*parts))


def test_an_endless_cursor_is_not_unfolded() -> None:
    for text in (urlsafe_b64encode(b"[" * 9_000).decode(), "A" * 16_000):
        with pytest.raises(ValueError, match="not a cursor"):
            decode_cursor(text)
