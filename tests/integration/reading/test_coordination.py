"""The coordinator's joint view: what is due, and no more of the child than a pseudonym."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from events.parties import Audience
from services.coordination.app import wired
from tests.integration.reading.house import NOW, House, StandingClock, client_of

DEADLINES = "/v1/deadlines"


class LateClock(StandingClock):
    """Stands after the police were due."""

    def now(self) -> Any:
        return NOW + timedelta(days=30)


async def coordinators(house: House, clock: StandingClock | None = None) -> httpx.AsyncClient:
    app = wired(await house.desk(Audience.COORDINATOR, clock), house.tokens)
    return await house.stack.enter_async_context(client_of(app))


async def ask(house: House, client: httpx.AsyncClient, path: str, unit: str = "coordination_01") -> httpx.Response:
    return await client.get(path, headers={"Authorization": house.pass_of(unit), "X-Purpose": "coordination"})


class TestDenials:
    async def test_anonymous(self, a_case_in_full_work: House) -> None:
        client = await coordinators(a_case_in_full_work)
        assert (await client.get(DEADLINES, headers={"X-Purpose": "coordination"})).status_code == 401

    @pytest.mark.parametrize("unit", ["commune_police_00340", "inspectorate_01"])
    async def test_wrong_audience(self, a_case_in_full_work: House, unit: str) -> None:
        client = await coordinators(a_case_in_full_work)
        assert (await ask(a_case_in_full_work, client, DEADLINES, unit)).status_code == 404

    async def test_missing_purpose(self, a_case_in_full_work: House) -> None:
        client = await coordinators(a_case_in_full_work)
        token = a_case_in_full_work.pass_of("coordination_01")
        assert (await client.get(DEADLINES, headers={"Authorization": token})).status_code == 400


async def test_what_is_due_is_told_with_how_it_stands(a_case_in_full_work: House) -> None:
    client = await coordinators(a_case_in_full_work, LateClock())
    [line] = (await ask(a_case_in_full_work, client, f"{DEADLINES}?deadline=overdue")).json()["deadlines"]
    assert (line["case"], line["rule"], line["state"]) == ("C-55-coordinator", "crime_report_20d", "overdue")


async def test_nothing_is_overdue_before_its_time(a_case_in_full_work: House) -> None:
    client = await coordinators(a_case_in_full_work)
    page = (await ask(a_case_in_full_work, client, f"{DEADLINES}?deadline=overdue")).json()
    assert page == {"deadlines": [], "has_more": False, "after": None}


async def test_a_closed_case_is_not_due(a_closed_case: House) -> None:
    client = await coordinators(a_closed_case, LateClock())
    assert (await ask(a_closed_case, client, DEADLINES)).json()["deadlines"] == []
    [line] = (await ask(a_closed_case, client, "/v1/cases")).json()["cases"]
    assert (line["status"], line["deadlines"]) == ("closed", [])


async def test_the_joint_view_holds_no_name(a_case_in_full_work: House) -> None:
    client = await coordinators(a_case_in_full_work)
    for path in ("/v1/cases", "/v1/cases/C-55-coordinator", "/v1/cases/C-55-coordinator/timeline"):
        text = (await ask(a_case_in_full_work, client, path)).text
        for kept in ("TRE-EM", "T.", "NGUOI", "DIA-CHI", "LO-NGAI", "BAO-TIN"):
            assert kept not in text, path
