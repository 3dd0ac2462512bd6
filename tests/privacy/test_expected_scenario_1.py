"""Scenario 1, folded and read: each audience sees what section D, read by hand, says it sees."""

from typing import Any

import pytest

from tests.privacy.reading import expected, facts_of, strongest
from tests.privacy.scenario_streams import FIRST

EXPECTED = expected(FIRST)
READINGS = [(step, reader) for step in (21, 26) for reader in EXPECTED["readers"]]


@pytest.mark.parametrize(("step", "reader"), READINGS)
def test_who_sees_what(step: int, reader: str) -> None:
    wanted = EXPECTED[f"after_{step}"][reader]
    facts = facts_of(reader, step, FIRST)
    levels = {category: strongest(facts, category) for category in wanted}
    assert levels == wanted


@pytest.mark.parametrize(("step", "reader"), READINGS)
def test_nothing_of_other_categories_is_told(step: int, reader: str) -> None:
    assert {str(fact["category"]) for fact in facts_of(reader, step, FIRST)} <= EXPECTED[f"after_{step}"][reader].keys()


def test_only_the_auditor_sees_the_age_that_was_corrected() -> None:
    ages = {reader: birth_facts(reader) for reader in EXPECTED["readers"]}
    assert [(fact["values"]["age"], fact["corrected"]) for fact in ages["auditor"]] == [
        (9, True),
        (10, False),
    ]
    for reader in ages.keys() - {"auditor"}:
        assert [fact["corrected"] for fact in ages[reader]] == [False], reader


def birth_facts(reader: str) -> list[dict[str, Any]]:
    """Return what is told of the birth date by the unit that stated and corrected it."""
    return [
        fact
        for fact in facts_of(reader, 21, FIRST)
        if fact["part"] == "birth" and fact["from"] == "child_protection_00340"
    ]
