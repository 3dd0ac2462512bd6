"""Scenario 2, folded and read: each audience sees what section D, read by hand, says it sees."""

import json

import pytest

from tests.privacy.reading import expected, facts_of, strongest
from tests.privacy.scenario_streams import SECOND

EXPECTED = expected(SECOND)
TOLD = [reader for reader in EXPECTED["readers"] if reader != "hotline"]  # the hotline takes no part
READINGS = [(step, reader) for step in (21, 24) for reader in EXPECTED["readers"]]


@pytest.mark.parametrize(("step", "reader"), READINGS)
def test_who_sees_what(step: int, reader: str) -> None:
    wanted = EXPECTED[f"after_{step}"][reader]
    facts = facts_of(reader, step, SECOND)
    assert {category: strongest(facts, category) for category in wanted} == wanted


@pytest.mark.parametrize(("step", "reader"), READINGS)
def test_nothing_of_other_categories_is_told(step: int, reader: str) -> None:
    told = {str(fact["category"]) for fact in facts_of(reader, step, SECOND)}
    assert told <= EXPECTED[f"after_{step}"][reader].keys()


@pytest.mark.parametrize("reader", sorted(EXPECTED["readers"].keys() - {"health"}))
def test_hiv_exists_for_nobody_but_who_treats(reader: str) -> None:
    """E.4, assertion 4, and E.2, step 8."""
    told = json.dumps([facts_of(reader, step, SECOND) for step in (8, 21, 24)])
    assert "hiv" not in told
    assert "GHI-CHU-DONG-8" not in told
    assert "DU-PHONG" not in told


@pytest.mark.parametrize("reader", ["education", "health"])
def test_the_removal_of_content_is_no_matter_of_school_and_hospital(reader: str) -> None:
    """E.2, step 13."""
    told = json.dumps(facts_of(reader, 13, SECOND))
    assert "removal" not in told


@pytest.mark.parametrize("reader", sorted(EXPECTED["readers"].keys() - {"police"}))
def test_only_the_police_see_the_evidence(reader: str) -> None:
    """E.2, step 5."""
    told = json.dumps(facts_of(reader, 5, SECOND))
    assert "DU-LIEU-LUU-KHO" not in told
    assert "3b1f5c8e" not in told


@pytest.mark.parametrize("reader", ["case_manager", "coordinator"])
def test_of_prosecution_and_trial_a_status_is_told(reader: str) -> None:
    """E.2, step 23: status only."""
    told = json.dumps(facts_of(reader, 23, SECOND))
    assert "CAO-TRANG" not in told
    assert "TOA-AN" not in told
    assert '"outcome": "prosecuted"' in told


@pytest.mark.parametrize("reader", TOLD)
def test_the_incident_tells_nothing_medical(reader: str) -> None:
    """E.2, step 17: the auditor sees the incident, no medical content."""
    incidents = [fact for fact in facts_of(reader, 17, SECOND) if fact["category"] == "access_log"]
    assert "KHAM-BENH" not in json.dumps(incidents)
    assert bool(incidents) == (reader in {"auditor", "case_manager", "coordinator", "health"})
