"""Pauses grow, differ, end somewhere, and obey the door."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from chungtay_client.retries import Backoff, seconds_of


@pytest.mark.parametrize(("failures", "least", "most"), [(1, 0.5, 1), (2, 1, 2), (3, 2, 4), (9, 4, 8), (10_000, 4, 8)])
def test_pauses_grow_to_a_bound(failures: int, least: float, most: float) -> None:
    pauses = {Backoff(first_s=1, most_s=8).pause(failures) for _ in range(50)}
    assert least <= min(pauses) < max(pauses) <= most


def test_never_sooner_than_asked() -> None:
    assert all(60 <= Backoff(first_s=1, most_s=8).pause(1, 60) <= 61 for _ in range(50))


def test_retry_after_is_seconds_or_a_date() -> None:
    assert (seconds_of("7"), seconds_of(None), seconds_of("soon"), seconds_of("-1")) == (7.0, None, None, None)
    coming = format_datetime(datetime.now(UTC) + timedelta(seconds=100), usegmt=True)  # noqa: TID251 - as the agency's clock
    assert 90 < (seconds_of(coming) or 0) <= 100
    assert seconds_of("Wed, 21 Oct 2015 07:28:00 GMT") == 0
