"""A part that does not come up is tried again, ever less often, and told of; a look that fails ends everything."""

import json
from itertools import pairwise
from pathlib import Path
from typing import NoReturn

import pytest

from infra.embedded.faults import CannotStartError
from services.cli.options import Options
from services.cli.supervise import Supervisor


@pytest.fixture
def supervisor(tmp_path: Path) -> Supervisor:
    """A supervisor that has started nothing."""
    options = Options(data_dir=tmp_path)
    options.place.prepare()
    return Supervisor(options)


class Part:
    """A part that is dead, and comes up when it may."""

    def __init__(self) -> None:
        self.alive = False
        self.may = False
        self.starts = 0

    def is_alive(self) -> bool:
        return self.alive

    def start(self) -> None:
        self.starts += 1
        if not self.may:
            raise CannotStartError("no room")
        self.alive = True


def told(supervisor: Supervisor) -> str | None:
    state = json.loads(supervisor._place.state.read_bytes())
    problem: str | None = state["problem"]
    return problem


def test_the_pauses_grow_and_the_mend_is_told(supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr("services.cli.supervise.time.monotonic", lambda: now[0])
    part, tried = Part(), []
    for _ in range(400):
        before = part.starts
        supervisor._look_after_part("broker", part.is_alive, part.start)
        if part.starts > before:
            tried.append(now[0])
        now[0] += 0.1
    pauses = [round(later - earlier, 1) for earlier, later in pairwise(tried)]
    assert pauses == pytest.approx([0.5, 1.0, 2.0, 4.0, 8.0, 10.0, 10.0], abs=0.11)
    assert told(supervisor) == "The broker does not come up and is tried again: no room"
    part.may, now[0] = True, now[0] + 10
    supervisor._look_after_part("broker", part.is_alive, part.start)
    assert told(supervisor) is None


def test_a_look_that_fails_ends_everything(supervisor: Supervisor, capfd: pytest.CaptureFixture[str]) -> None:
    def fails() -> NoReturn:
        raise ZeroDivisionError

    supervisor._look_after_parts = fails  # type: ignore[method-assign]
    supervisor._look_after_all()
    assert supervisor.stopped.is_set()
    assert supervisor._phase == "failed"
    assert "ZeroDivisionError" in capfd.readouterr().err
