"""Each wall alone: with all others taken away by a patch, what is left lets nobody past section D, cell by cell."""

from pathlib import Path

import pytest

from events.parties import Audience
from infra.postgres.roles import AUDIENCES
from tests.privacy.expectations import READERS
from tests.privacy.walls.builds import PATCHES, attack, build
from tests.privacy.walls.cells import CATEGORIES, Tried

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def keys_alone(tmp_path_factory: pytest.TempPathFactory) -> list[Tried]:
    return attack("keys", tmp_path_factory.mktemp("walls") / "tree")


@pytest.fixture(scope="module")
def database_alone(tmp_path_factory: pytest.TempPathFactory) -> list[Tried]:
    return attack("database", tmp_path_factory.mktemp("walls") / "tree")


@pytest.mark.parametrize("patch", PATCHES.values())
def test_a_patch_still_fits(patch: str, tmp_path: Path) -> None:
    with build(tmp_path / "tree", patch):
        pass


def test_where_everything_is_routed_and_shown_the_keys_hold(keys_alone: list[Tried]) -> None:
    assert {(one.row, one.column) for one in keys_alone} == {(row, name) for row in CATEGORIES for name in READERS}
    assert [one for one in keys_alone if one.is_beyond] == []


def test_the_keys_give_what_is_agreed(keys_alone: list[Tried]) -> None:
    """All but codes that lie in no box, and figures, which nobody reads yet."""
    short = {(one.row, one.column) for one in keys_alone if one.way == "open" and one.came != one.most}
    assert short == {
        ("investigation", "coordinator"),
        ("investigation", "auditor"),
        ("interview_schedule", "coordinator"),
        ("statistics", "statistics"),
    }


def test_where_the_keys_are_given_away_the_views_hold(database_alone: list[Tried]) -> None:
    views = [one for one in database_alone if one.way == "views"]
    assert {(one.row, one.column) for one in views} == {(row, name) for row in CATEGORIES for name in Audience}
    assert [one for one in views if one.is_beyond] == []
    assert {one.column for one in views if one.came != "N"} == set(AUDIENCES)  # whoever has a view read its own


def test_where_the_keys_are_given_away_the_register_has_no_box_for_anybody(database_alone: list[Tried]) -> None:
    """The auditor's role reads the register too; the attack makes sure that it did."""
    register = [one for one in database_alone if one.way == "register"]
    assert {(one.row, one.column) for one in register} == {(row, name) for row in CATEGORIES for name in Audience}
    assert [one for one in register if one.came != "N"] == []
