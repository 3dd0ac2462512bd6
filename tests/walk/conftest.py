"""A whole platform on which the scenario was played, once for the run; and empty ones for those who break things."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from services.cli.desk import Desk, told
from services.cli.passes import issue
from services.cli.reading import AUDITOR, PURPOSE
from tests.fixtures.workers import group_of
from tests.walk.platforms import Platform


@dataclass(frozen=True)
class Played:
    """A platform that still runs after the demo, what the demo told, and the words that stand in its sealed texts."""

    platform: Platform
    result: dict[str, Any]
    planted: list[dict[str, str]]
    pages: dict[str, dict[str, list[Any]]]  # after step -> reader -> answers

    @property
    def case(self) -> str:
        """What the auditor calls case C-55."""
        return str(self.result["cases"]["C-55"])

    def history(self, **asked: str) -> Any:
        """Return what the auditor is answered of the case, asked over HTTP."""
        token = issue(self.platform.data_dir, AUDITOR)
        auditor = Desk(self.platform.endpoints()["audit"], token, purpose=PURPOSE)
        return told(auditor.get(f"/v1/cases/{self.case}/history", asked))


_shared: dict[str, Platform] = {}  # by the group of tests that share it


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """Stop what a group shared after its last test: even an idle platform takes a third of a processor."""
    group = group_of(item.nodeid)
    if nextitem is None or group_of(nextitem.nodeid) != group:
        _stop(group)


def _stop(group: str) -> None:
    if group in _shared:
        _shared.pop(group).run("down")


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    _shared["played"] = platform = Platform(tmp_path_factory.mktemp("played"))
    canaries = platform.data_dir / "canaries.json"
    try:
        result = platform.told("demo", "--canaries", str(canaries))
        words = json.loads(canaries.read_bytes())
        canaries.unlink()
        yield Played(platform, result, words["planted"], words["pages"])
    finally:
        _stop("played")


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """A platform of real time, on which agencies publish what they like."""
    _shared["running"] = made = Platform(tmp_path_factory.mktemp("first"))
    made.told("up", "--detach")
    yield made
    _stop("running")


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    """A data dir with nothing in it; whatever the test starts there is stopped."""
    made = Platform(tmp_path / "data")
    yield made
    made.run("down")
