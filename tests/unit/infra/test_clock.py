"""One time for all processes; simulated time moves only forward."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from infra.clock import SimulatedClock, SystemClock, clock_from

MOMENT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def test_the_real_clock_tells_utc() -> None:
    clock = SystemClock()
    first = clock.now()
    assert first.utcoffset() == timedelta(0)
    assert clock.now() >= first
    assert not clock.simulated


def test_a_simulated_clock_tells_what_was_set(tmp_path: Path) -> None:
    clock = SimulatedClock(tmp_path / "clock")
    clock.set(MOMENT)
    assert clock.now() == MOMENT
    assert clock.simulated


def test_every_process_reads_the_same_simulated_time(tmp_path: Path) -> None:
    one, other = SimulatedClock(tmp_path / "clock"), SimulatedClock(tmp_path / "clock")
    one.set(MOMENT)
    other.set(MOMENT + timedelta(minutes=1))
    assert one.now() == MOMENT + timedelta(minutes=1)


def test_simulated_time_never_goes_back(tmp_path: Path) -> None:
    clock = SimulatedClock(tmp_path / "clock")
    clock.set(MOMENT)
    clock.set(MOMENT - timedelta(days=1))
    assert clock.now() == MOMENT


def test_simulated_time_is_told_in_utc(tmp_path: Path) -> None:
    clock = SimulatedClock(tmp_path / "clock")
    clock.set(datetime(2026, 3, 2, 15, 0, tzinfo=timezone(timedelta(hours=7))))
    assert clock.now() == MOMENT
    assert clock.now().utcoffset() == timedelta(0)


def test_simulated_time_must_be_set_before_it_is_read(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        SimulatedClock(tmp_path / "clock").now()


def test_a_process_takes_the_clock_of_its_settings(tmp_path: Path) -> None:
    assert isinstance(clock_from(None), SystemClock)
    assert isinstance(clock_from(tmp_path / "clock"), SimulatedClock)


def test_the_file_of_a_simulated_clock_is_for_its_owner_alone(tmp_path: Path) -> None:
    SimulatedClock(tmp_path / "clock").set(datetime(2026, 4, 6, tzinfo=UTC))
    assert (tmp_path / "clock").stat().st_mode & 0o077 == 0
