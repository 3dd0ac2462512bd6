"""One cell of the agreement is broken: what speaks of it turns red, and nothing else does.

Here every broken agreement is asked its own row and its own column; `make privacy` asks it the whole table.
"""

import pytest

from events.labels import Category
from events.parties import Audience
from projections.disclosure.packaged import packaged_agreement
from tests.privacy.broken_cells import CELLS, broken
from tests.privacy.expectations import Expectation, expectations, red_cells

ALL = tuple(expectations())


def test_unbroken_every_expectation_is_met() -> None:
    assert red_cells(packaged_agreement(), ALL) == frozenset()


def test_every_cell_can_be_broken_and_is_expected_something_of() -> None:
    assert len(CELLS) == 20 * 9
    assert {one.cell for one in ALL} == set(CELLS)


@pytest.mark.parametrize(("category", "audience"), CELLS)
def test_one_broken_cell_turns_its_own_expectations_red(category: Category, audience: Audience) -> None:
    asked = [one for one in ALL if _is_near(one, category, audience)]
    found = [red_cells(one.agreement, asked) for one in broken(packaged_agreement(), category, audience)]
    assert found
    assert set(found) == {frozenset({(category, audience)})}


def _is_near(one: Expectation, category: Category, audience: Audience) -> bool:
    if one.cell == (category, audience):
        return True
    return not one.situation.closed and (category in one.cell or audience in one.cell)
