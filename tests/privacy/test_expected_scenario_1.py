"""Scenario 1, folded and read: each audience sees what section D, read by hand, says it sees."""

import json
import tomllib
from base64 import b64decode
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from events.labels import Category
from events.parties import Audience, Duty
from projections.disclosure.agreement import Level
from projections.disclosure.packaged import packaged_agreement
from projections.facts import choose, present
from projections.rebuild import rebuild
from projections.sight import Reader
from tests.privacy.scenario_streams import case_streams

EXPECTED: dict[str, Any] = tomllib.loads(
    Path(__file__).with_name("expected_scenario_1.toml").read_text(encoding="utf-8")
)
READINGS = [(step, reader) for step in (21, 26) for reader in EXPECTED["readers"]]


@pytest.mark.parametrize(("step", "reader"), READINGS)
def test_who_sees_what(step: int, reader: str) -> None:
    expected = EXPECTED[f"after_{step}"][reader]
    facts = facts_of(reader, step)
    levels = {category: strongest(facts, category) for category in expected}
    assert levels == expected


@pytest.mark.parametrize(("step", "reader"), READINGS)
def test_nothing_of_other_categories_is_told(step: int, reader: str) -> None:
    assert {str(fact["category"]) for fact in facts_of(reader, step)} <= EXPECTED[f"after_{step}"][reader].keys()


def test_only_the_auditor_sees_the_age_that_was_corrected() -> None:
    ages = {reader: birth_facts(reader) for reader in EXPECTED["readers"]}
    assert [(fact["values"]["child_birth_date"], fact["corrected"]) for fact in ages["auditor"]] == [
        (9, True),
        (10, False),
    ]
    for reader in ages.keys() - {"auditor"}:
        assert [fact["corrected"] for fact in ages[reader]] == [False], reader


def birth_facts(reader: str) -> list[dict[str, Any]]:
    """Return what is told of the birth date by the unit that stated and corrected it."""
    return [
        fact for fact in facts_of(reader, 21) if fact["part"] == "birth" and fact["from"] == "child_protection_00340"
    ]


def facts_of(name: str, step: int) -> list[dict[str, Any]]:
    told = EXPECTED["readers"][name]
    audience = Audience(told["audience"])
    reader = Reader(audience, frozenset(Duty(duty) for duty in told["duties"]), told["unit"])
    agreement = packaged_agreement()
    rebuilt = [rebuild(audience, events, agreement) for events in case_streams(step).values()]
    files = [one.file for one in rebuilt if one.file]
    entries = [entry for one in rebuilt for entry in one.entries]
    choice = choose(files, entries, reader, agreement, datetime(2026, 7, 3, tzinfo=UTC))
    return present(choice, [json.loads(b64decode(box.box)) for _, box in choice.boxes])


def strongest(facts: list[dict[str, Any]], category: str) -> str:
    levels = [Level(str(fact["level"])) for fact in facts if fact["category"] == Category(category).value]
    return max(levels, key=lambda level: level.rank, default=Level.NONE).value
