"""What is not well is told with what to do first; a case in quarantine by opaque id and codes alone."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO
from uuid import UUID

import pytest
from rich.console import Console

from infra.postgres.quarantine import HeldStream, Reason
from services.cli.health import Health, ProcessHealth
from services.cli.status import _status_table, say_health

HELD = HeldStream(UUID(int=7), 5, Reason.FAULT, datetime(2026, 4, 6, 12, tzinfo=UTC), 9)
WELL = Health(
    clock="real",
    broker="embedded",
    processes=(ProcessHealth("relay", 11, 0, ready=True, memory_mb=50.0),),
    lag={"views": 2},
    age_s={"views": 3.4},
    quarantine=(),
)


@pytest.fixture(params=[40, 80, 200])
def shown(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Callable[[Health], str]:
    """What a person reads, however wide the terminal."""

    def show(health: Health) -> str:
        written = StringIO()
        monkeypatch.setattr("services.cli.output.console", Console(width=request.param, file=written))
        say_health(health)
        return written.getvalue()

    return show


def test_lag_alone_is_no_illness() -> None:
    assert (WELL.well, WELL.mend) == (True, None)


def test_lag_is_told_with_its_age() -> None:
    written = StringIO()
    Console(width=80, file=written).print(_status_table(WELL))
    assert "oldest 3 s" in written.getvalue()


def test_a_case_in_quarantine_is_told_with_its_mend(shown: Callable[[Health], str]) -> None:
    sick = replace(WELL, quarantine=(HELD,))
    assert sick.well is False
    assert sick.mend is not None
    assert "chungtay retry --all" in sick.mend
    assert json.loads(json.dumps(sick.told()))["quarantine"] == [
        {
            "stream": str(HELD.stream),
            "version": 5,
            "reason": "fault",
            "since": "2026-04-06T12:00:00+00:00",
            "waiting": 9,
        }
    ]
    for word in (str(HELD.stream), "version 5", "fault", "2026-04-06T12:00:00"):
        assert word in shown(sick)


def test_who_dies_again_and_again_comes_first() -> None:
    dying = ProcessHealth("relay", None, 4, ready=False, memory_mb=0.0, problem="relay died 4 times in a row: see …")
    assert replace(WELL, quarantine=(HELD,), processes=(dying,)).mend == dying.problem
