"""X-After: a reader waits for what its unit published, within bounds, and learns nothing of anybody else's."""

import asyncio
from dataclasses import replace

import httpx

from events.parties import Audience
from tests.fixtures.accepted import accept, decide
from tests.integration.reading.house import House

UNIT, NEIGHBOUR = "commune_police_00340", "investigation_police_01"
PATH = "/v1/cases/C-55-3"


async def police(house: House, patience_s: float = 0.2) -> httpx.AsyncClient:
    return await house.client(replace(await house.desk(Audience.POLICE), patience_s=patience_s))


async def read(house: House, client: httpx.AsyncClient, after: str, path: str = PATH) -> httpx.Response:
    asked = {"Authorization": house.pass_of(UNIT), "X-Purpose": "case_work", "Accept-Language": "en"}
    return await client.get(path, headers={**asked, "X-After": after})


def stated(house: House) -> None:
    """Receipt 1 stands for the first event of a stream, which is in the views."""
    accept(house.databases, UNIT, 1)
    decide(house.databases, UNIT, 1, recorded_as=(next(iter(house.streams)), 1))


async def test_what_is_shown_is_answered_at_once(a_case_in_full_work: House) -> None:
    stated(a_case_in_full_work)
    client = await police(a_case_in_full_work)
    for path in (PATH, "/v1/cases", f"{PATH}/timeline"):
        assert (await read(a_case_in_full_work, client, f"{UNIT}/1", path)).status_code == 200


async def test_a_reader_waits_and_then_is_answered(a_case_in_full_work: House) -> None:
    house = a_case_in_full_work
    client = await police(house, patience_s=30)
    accept(house.databases, UNIT, 1)
    asking = asyncio.create_task(read(house, client, f"{UNIT}/1"))
    done, _ = await asyncio.wait([asking], timeout=0.3)
    assert not done
    decide(house.databases, UNIT, 1, recorded_as=(next(iter(house.streams)), 1))
    assert (await asking).status_code == 200


async def test_but_not_for_ever(a_case_in_full_work: House) -> None:
    accept(a_case_in_full_work.databases, UNIT, 1)
    client = await police(a_case_in_full_work)
    answer = await read(a_case_in_full_work, client, f"{UNIT}/1")
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/not_seen_yet")
    assert answer.headers["retry-after"] == "1"


async def test_unknown_and_not_yours_are_one_answer(a_case_in_full_work: House) -> None:
    house = a_case_in_full_work
    accept(house.databases, NEIGHBOUR, 1)
    accept(house.databases, "hospital_h1", 1)
    client = await police(house)
    answers = [
        await read(house, client, after) for after in (f"{UNIT}/7", f"{NEIGHBOUR}/1", "hospital_h1/1", "nobody/1")
    ]
    assert {(answer.status_code, answer.content) for answer in answers} == {(404, answers[0].content)}
    assert answers[0].json()["type"] == "/problems/no_such_receipt"


async def test_several_are_all_waited_for(a_case_in_full_work: House) -> None:
    stated(a_case_in_full_work)
    accept(a_case_in_full_work.databases, UNIT, 2)
    client = await police(a_case_in_full_work)
    answer = await read(a_case_in_full_work, client, f"{UNIT}/1, {UNIT}/2")
    assert answer.json()["type"] == "/problems/not_seen_yet"


async def test_what_is_no_receipt_is_refused(a_case_in_full_work: House) -> None:
    client = await police(a_case_in_full_work)
    for after in ("", "7", f"{UNIT}/0", f"{UNIT}/-1", f"{UNIT}/1x", f"{UNIT}/{'9' * 30}", ",".join([f"{UNIT}/1"] * 21)):
        answer = await read(a_case_in_full_work, client, after)
        told = answer.json()
        assert (answer.status_code, told["type"]) == (400, "/problems/bad_parameter"), after
        assert told["errors"][0]["pointer"] == "/header/x-after"


async def test_who_may_not_read_waits_for_nothing(a_case_in_full_work: House) -> None:
    client = await police(a_case_in_full_work)
    answer = await client.get(PATH, headers={"X-After": f"{UNIT}/1", "X-Purpose": "case_work"})
    assert answer.status_code == 401
