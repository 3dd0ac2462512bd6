"""A glass broken on a case with reports, or on a report: what of which is shown, and what their histories tell."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from infra.postgres.roles import AUDIENCES
from tests.fixtures.glass_houses import BREAKER, CASE, LEAD, OTHER_POLICE, STORY, GlassHouse, move_into_glass
from tests.fixtures.houses import Houses
from tests.privacy.scenario_streams import STREAMS

AUDITOR = "inspectorate_01"
LINKED, LATER = (STREAMS[report] for report in STORY.reports)
REPORT = "R-102-1"  # what the lead unit calls the later one
TOLD = "select originator_id, count(*) from case_record.events where topic = 'privacy.glass_broken.v1' group by 1"


@pytest.fixture
async def house(houses: Houses, tmp_path: Path) -> AsyncIterator[GlassHouse]:
    async with AsyncExitStack() as stack:
        yield await move_into_glass(houses, tmp_path, stack)


async def test_hours_on_a_report_count_for_the_case_that_it_became_part_of(house: GlassHouse) -> None:
    for _ in range(12):
        assert (await house.break_glass(OTHER_POLICE)).status_code == 200
        house.clock.pass_by(minutes=60)
    house.alter(f"update glass.attempts set stream = '{LINKED}'")  # as when it stood by itself
    assert (await house.break_glass(OTHER_POLICE)).json()["type"] == "/problems/glass_spent"


@pytest.mark.parametrize("unit", [OTHER_POLICE, "commune_police_00340"])  # whose own report it is
async def test_what_a_report_says_that_is_linked_later_is_shown_once_the_glass_is_broken_anew(
    house: GlassHouse, unit: str
) -> None:
    with house.not_yet_linked(LATER):
        before = (await house.break_glass(unit)).json()["glass"]
    anew = (await house.break_glass(unit)).json()["glass"]
    shown = [(await house.ask(unit, "GET", f"/v1/break-glass/{glass}")).text for glass in (before, anew)]
    assert ["R102" in text for text in shown] == [False, True]
    assert house.record() == 2
    assert dict(house.rows(TOLD)) == {CASE: 2, LINKED: 2, LATER: 1}


async def test_a_glass_that_was_broken_on_a_report_is_told_in_the_case_that_it_became_part_of(
    house: GlassHouse,
) -> None:
    with house.not_yet_linked(LATER):
        assert (await house.break_glass(BREAKER, reference=REPORT)).status_code == 200
        assert house.record() == 1
    await house.break_glass(OTHER_POLICE)
    assert house.record() == 1
    await house.project()
    for unit, case in ((LEAD, "C-55-1"), (AUDITOR, "C-55-auditor")):
        lines = (await house.ask(unit, "GET", f"/v1/cases/{case}/timeline")).json()["entries"]
        told = [line["open"]["audience"] for line in lines if line["type"] == "privacy.glass_broken.v1"]
        assert sorted(told) == ["health", "police"]  # the other once, though three histories tell of it


async def test_what_the_view_had_not_linked_yet_is_told_once_in_each_history(house: GlassHouse) -> None:
    for audience in AUDIENCES:
        house.alter(f"update view_{audience}.case_files set root = null where stream = '{LATER}'")
    assert (await house.break_glass(BREAKER, reference=REPORT)).status_code == 200
    assert house.record() == 1
    assert dict(house.rows(TOLD)) == {LATER: 1}


async def test_until_the_case_itself_is_in_the_view_its_reports_are_not_shown(house: GlassHouse) -> None:
    glass = (await house.break_glass()).json()["glass"]
    house.record()
    await house.project([LINKED, LATER])
    waiting = [await house.ask(BREAKER, "GET", f"/v1/break-glass/{path}") for path in (glass, f"{glass}/timeline")]
    assert {(one.status_code, one.json()["type"]) for one in waiting} == {(503, "/problems/glass_not_shown_yet")}
    await house.project([CASE])
    assert (await house.ask(BREAKER, "GET", f"/v1/break-glass/{glass}")).status_code == 200
