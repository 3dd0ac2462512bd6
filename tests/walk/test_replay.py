"""What the school could see at a moment, told by the auditor's replay from the register alone."""

from typing import Any

import pytest

from tests.walk.conftest import Played

pytestmark = [pytest.mark.walk, pytest.mark.timeout(300)]

MERGE = ("2026-04-07T07:59:00+07:00", "2026-04-07T08:21:00+07:00")
SEPARATION = ("2026-04-06T23:29:00+07:00", "2026-04-06T23:31:00+07:00")
CORRECTION = ("2026-04-09T15:59:00+07:00", "2026-04-09T16:01:00+07:00")


def as_school(played: Played, known_at: str) -> Any:
    return played.history(audience="education", duty="own_pupil", known_at=known_at)


def facts(history: Any, category: str) -> list[dict[str, Any]]:
    return [fact for fact in history["facts"] if fact["category"] == category]


def test_before_it_was_invited_the_school_saw_nothing(played: Played) -> None:
    for moment in (*SEPARATION, MERGE[0]):
        history = as_school(played, moment)
        assert history["entries"] == []
        assert history["facts"] == []


def test_once_invited_it_sees_the_merged_reports(played: Played) -> None:
    history = as_school(played, MERGE[1])
    units = {fact["from"] for fact in facts(history, "child_identity")}
    assert {"hotline_111", "commune_police_00340"} <= units


def test_of_the_separation_it_never_learns_the_shelter(played: Played) -> None:
    located = facts(as_school(played, MERGE[1]), "contact_location")
    assert located
    assert {fact["level"] for fact in located if fact["part"] == "shelter"} <= {"withheld", "exists"}


def test_after_the_correction_the_first_birth_date_is_withheld(played: Played) -> None:
    before, after = (facts(as_school(played, moment), "child_identity") for moment in CORRECTION)
    [first] = births(before)
    assert (first["level"], first["corrected"]) == ("full", False)
    wrong, right = births(after)
    assert (wrong["occurred_at"], wrong["level"], wrong["corrected"]) == (first["occurred_at"], "withheld", True)
    assert (right["level"], right["corrected"]) == ("full", False)


def births(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [fact for fact in found if fact["part"] == "birth" and fact["from"] == "child_protection_00340"]


def test_without_a_moment_the_replay_is_the_view(played: Played) -> None:
    for audience in ("police", "health", "education", "case_manager", "committee", "hotline", "coordinator", "auditor"):
        assert played.history(audience=audience)["equals_view"] is True


def test_the_command_asks_the_same(played: Played) -> None:
    command = ["replay", played.case, "--as", "education", "--duty", "own_pupil", "--known-at", CORRECTION[1]]
    assert played.platform.told(*command) == as_school(played, CORRECTION[1])
    assert "social_work.fact_corrected" in played.platform.run(*command).stdout
