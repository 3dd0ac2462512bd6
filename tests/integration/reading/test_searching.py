"""Searching: who may read a child's name finds its case by it, and whoever may not finds what nobody would find."""

from base64 import b64encode
from collections.abc import Iterable
from typing import Any

import httpx
import psycopg
import pytest

from events.parties import Agency, Audience, Duty
from infra.crypto.likeness_keys import LikenessKeys, search_recipient
from infra.postgres.roles import AUDIENCES, CASE_RECORD, KEY_SERVICE, OWNER, PROJECTOR, door_role, reader_role
from infra.postgres.view_reader import Holder
from tests.integration.reading.house import House

NAME, BORN = "TRE-EM 7Q2-C55", "2016-09-02"  # as the case manager's opening has them
NOBODY = {"name": "TRE-EM KHONG-CO", "birth_date": BORN}
PURPOSES = {Audience.COORDINATOR: "coordination"}

POLICE_UNIT = Holder("commune_police_00340", frozenset({"commune_police_00340"}))


async def search(
    house: House, unit: str, sought: dict[str, Any], *, duties: Iterable[Duty] = (), audience: Audience | None = None
) -> httpx.Response:
    desk = await house.desk(audience or Audience.POLICE)
    headers = {
        "Authorization": house.pass_of(unit, duties=duties),
        "X-Purpose": PURPOSES.get(desk.audience, "case_work"),
    }
    return await (await house.client(desk)).post("/v1/search", json=sought, headers=headers)


def found(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [one["case"] for one in answer.json()["found"]]


async def test_the_police_find_the_case_by_their_own_name_of_it(a_case_in_full_work: House) -> None:
    for name in (NAME, "tre-em 7q2 c55", "C55-7Q2 TRẺ EM", "  Tré-ẽm   7Q2-C55 "):
        answer = await search(a_case_in_full_work, "commune_police_00340", {"name": name, "birth_date": BORN})
        assert answer.json() == {"found": [{"case": "C-55-3"}]}, name
    turned = {"name": NAME, "birth_date": "2016-02-09"}
    assert found(await search(a_case_in_full_work, "commune_police_00340", turned)) == ["C-55-3"]
    await what_was_marked_before_a_rotation_is_still_found(a_case_in_full_work)


async def what_was_marked_before_a_rotation_is_still_found(a_case_in_full_work: House) -> None:
    house = a_case_in_full_work
    file = house.likeness[search_recipient(Audience.POLICE)]
    LikenessKeys.read(file).rotated().write(file)
    sought = {"name": NAME, "birth_date": BORN}
    assert found(await search(house, "commune_police_00340", sought)) == ["C-55-3"]


async def test_the_name_that_the_agreement_gives_is_the_name_that_finds(a_case_in_full_work: House) -> None:
    """Each audience with what it may be told in full; whoever is told less finds nothing."""
    sought = {"name": NAME, "birth_date": BORN}
    cases: list[tuple[Audience, str, tuple[Duty, ...], bool]] = [
        (Audience.HEALTH, "hospital_h1", (), True),
        (Audience.EDUCATION, "school_s1", (Duty.OWN_PUPIL,), True),
        (Audience.EDUCATION, "school_s1", (), False),
        (Audience.CASE_MANAGER, "child_protection_00340", (), True),
        (Audience.COMMITTEE, "committee_00340", (Duty.CHAIR,), True),
        (Audience.COMMITTEE, "committee_00340", (), False),
        (Audience.HOTLINE, "hotline_111", (), False),
        (Audience.POLICE, "investigation_police_01", (), True),
    ]
    for audience, unit, duties, finds in cases:
        answer = await search(a_case_in_full_work, unit, sought, duties=duties, audience=audience)
        assert bool(found(answer)) == finds, (audience, duties)
    await not_for_you_and_nobody_are_one_answer(a_case_in_full_work)
    await the_coordinator_knows_no_child_by_name(a_case_in_full_work)


async def not_for_you_and_nobody_are_one_answer(house: House) -> None:
    sought = {"name": NAME, "birth_date": BORN}
    answers = [
        await search(house, "school_s2", sought, duties=[Duty.OWN_PUPIL], audience=Audience.EDUCATION),
        await search(house, "school_s1", sought, audience=Audience.EDUCATION),
        await search(house, "commune_police_00340", NOBODY),
        await search(house, "commune_police_00340", {"name": NAME, "birth_date": "2015-09-02"}),
    ]
    assert {(answer.status_code, answer.content) for answer in answers} == {(200, b'{"found":[]}')}
    assert len({tuple(sorted(answer.headers.items())) for answer in answers}) == 1


async def test_a_closed_case_is_found_by_whom_it_is_still_told(a_closed_case: House) -> None:
    sought = {"name": NAME, "birth_date": BORN}
    manager = await search(a_closed_case, "child_protection_00340", sought, audience=Audience.CASE_MANAGER)
    assert found(manager)
    assert found(await search(a_closed_case, "commune_police_00340", sought)) == []


async def the_coordinator_knows_no_child_by_name(house: House) -> None:
    assert (await house.desk(Audience.COORDINATOR)).likeness is None
    sought = {"name": NAME, "birth_date": BORN}
    assert found(await search(house, "coordination_01", sought, audience=Audience.COORDINATOR)) == []


async def test_every_search_leaves_an_entry_that_does_not_say_what_was_sought(a_case_in_full_work: House) -> None:
    house = a_case_in_full_work
    await search(house, "commune_police_00340", {"name": NAME, "birth_date": BORN})
    await search(house, "commune_police_00340", NOBODY)
    query = "select route, kind, cardinality(streams), rules, categories from view_police.access_log order by id"
    with psycopg.connect(house.databases.main(OWNER)) as connection:
        entries = connection.execute(query.encode()).fetchall()
        everything = str(connection.execute("select log::text from view_police.access_log log").fetchall())
    hit, miss = entries
    assert hit[:2] == miss[:2] == ("/v1/search", "search")
    assert hit[2] > 0
    assert hit[3:] == (["D01-police"], ["child_identity"])
    assert miss[2:] == (0, [], [])
    assert "TRE-EM" not in everything
    assert BORN not in everything


async def test_marks_are_of_use_to_their_own_audience_alone(a_case_in_full_work: House) -> None:
    """By comparing what lies in two views, by searching one with marks of the other, or by the roles of others."""
    house = a_case_in_full_work
    held = {audience: marks_of(house, audience) for audience in AUDIENCES}
    for nobody in (Audience.COORDINATOR, Audience.AUDITOR):
        assert held.pop(nobody) == set()
    assert all(held.values())
    assert len(set.union(*held.values())) == sum(map(len, held.values()))
    desk = await house.desk(Audience.POLICE)
    assert await desk.views.alike(POLICE_UNIT, [*held[Audience.HEALTH]], 10) == []
    assert len(await desk.views.alike(POLICE_UNIT, [*held[Audience.POLICE]], 10)) > 0
    nobody_of_the_record(house, held[Audience.POLICE])
    only_its_own_reader_and_its_own_door(house)
    await forgetting_a_reference_ends_its_marks_everywhere(house)


def nobody_of_the_record(house: House, marks: set[bytes]) -> None:
    with psycopg.connect(house.databases.main(OWNER)) as connection:
        whole = str(connection.execute("select convert_from(state, 'UTF8') from case_record.events").fetchall())
    assert len(whole) > 1000
    assert [mark for mark in marks if mark.hex() in whole or b64encode(mark).decode() in whole] == []


def only_its_own_reader_and_its_own_door(house: House) -> None:
    others = [
        (reader_role(Audience.HEALTH), "view_police"),
        (reader_role(Audience.AUDITOR), "view_police"),
        (reader_role(Audience.POLICE), "door_police"),
        (PROJECTOR, "door_police"),
        (PROJECTOR, "view_police"),
        (CASE_RECORD, "door_police"),
        (door_role(Agency.HEALTH), "door_police"),
        (door_role(Agency.POLICE), "view_police"),
    ]
    for role, schema in others:
        with (
            psycopg.connect(house.databases.main(role)) as connection,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            connection.execute(f"select marks from {schema}.likeness".encode())


async def forgetting_a_reference_ends_its_marks_everywhere(house: House) -> None:
    with psycopg.connect(house.databases.keys(OWNER)) as connection:
        names = "subject = 'child_protection_00340/R-101#child' and category = 'child_identity' and part = 'main'"
        keys = [key_id for [key_id] in connection.execute(f"select key_id from keys.data_keys where {names}".encode())]
    with psycopg.connect(house.databases.main(KEY_SERVICE)) as connection:
        connection.execute("select door_social_work.forget_likeness('child_protection_00340', 'R-101', %s)", [keys])
    sought = {"name": NAME, "birth_date": BORN}
    assert found(await search(house, "commune_police_00340", sought)) == []
    assert found(await search(house, "child_protection_00340", sought, audience=Audience.CASE_MANAGER)) == []
    assert marks_of(house, Audience.POLICE)  # what others said of the child is theirs to erase


def marks_of(house: House, audience: Audience) -> set[bytes]:
    with psycopg.connect(house.databases.main(OWNER)) as connection:
        rows = connection.execute(f"select unnest(marks) from view_{audience}.likeness".encode()).fetchall()
    return {bytes(mark) for (mark,) in rows}
