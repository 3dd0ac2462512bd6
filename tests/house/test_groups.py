"""Tests that share something costly run one after the other, in one process or in many."""

from itertools import groupby

import pytest

from tests.fixtures.workers import LONGEST, group_of, together
from tests.house.sources import python_files, relative


def test_what_takes_long_begins_who_shares_stands_together_and_nobody_else_is_moved() -> None:
    one, other, played = "tests/walk/test_client.py::a", "tests/walk/test_outbox.py::b", "tests/walk/test_demo.py::c"
    alone, between = ["tests/unit/test_x.py::d", "tests/unit/test_x.py::e"], "tests/unit/test_y.py::f"
    collected = [alone[0], one, between, played, other, alone[1]]
    ordered = [played, alone[0], one, other, between, alone[1]]
    assert [collected[place] for place in together(collected)] == ordered


def test_no_group_of_this_run_is_torn(request: pytest.FixtureRequest) -> None:
    collected = [group_of(item.nodeid) for item in request.session.items]
    shared = [group for group, _ in groupby(collected) if not group.endswith(".py")]
    assert len(shared) == len(set(shared))


def test_what_takes_long_is_there() -> None:
    assert set(LONGEST) <= {group_of(relative(file)) for file in python_files("tests")}
