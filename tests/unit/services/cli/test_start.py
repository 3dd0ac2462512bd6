from datetime import UTC, datetime
from pathlib import Path

import pytest

from infra.processes import own_mark
from services.cli.data_dir import DataDir
from services.cli.start import refuse_mixed_clocks, refuse_running
from services.cli.state import State, read_state
from services.cli.stops import Stop

LONG_AGO = datetime(2026, 4, 6, 14, 10, tzinfo=UTC)


@pytest.fixture
def place(tmp_path: Path) -> DataDir:
    made = DataDir(tmp_path)
    made.prepare()
    (tmp_path / "postgres").mkdir()
    return made


def state(pid: int, started: float) -> State:
    return State(pid=pid, started=started, phase="running", broker="embedded", clock="real", ephemeral=False)


def test_real_data_take_no_simulated_time(place: DataDir) -> None:
    with pytest.raises(Stop, match="data of the real clock"):
        refuse_mixed_clocks(place, LONG_AGO)


def test_simulated_data_take_no_real_time(place: DataDir) -> None:
    place.clock.write_text(LONG_AGO.isoformat())
    with pytest.raises(Stop, match="simulated time: add --clock simulated"):
        refuse_mixed_clocks(place, None)


def test_each_kind_goes_on_with_its_own_clock(place: DataDir) -> None:
    refuse_mixed_clocks(place, None)
    place.clock.write_text(LONG_AGO.isoformat())
    refuse_mixed_clocks(place, LONG_AGO)


def test_a_running_platform_is_not_started_twice(place: DataDir) -> None:
    own = own_mark()
    state(own.pid, own.started).save(place.state)
    with pytest.raises(Stop, match=f"already runs .*process {own.pid}.*`chungtay down --data-dir {place.root}`"):
        refuse_running(place)


def test_a_platform_that_died_may_be_started_again(place: DataDir) -> None:
    state(own_mark().pid, started=0.0).save(place.state)
    refuse_running(place)


def test_a_state_of_another_version_is_no_state(place: DataDir) -> None:
    place.state.write_text('{"pid": "from the future"}')
    assert read_state(place.state) is None
