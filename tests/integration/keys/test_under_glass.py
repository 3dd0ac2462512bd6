"""Under a broken glass the key service releases the keys of its case alone, to who broke it, while it stands."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from events.labels import Category, Form
from events.parties import Agency
from infra.crypto.data_keys import Asking, KeyPlace, NoKey, WantedKey
from infra.keys.service_keys import door_name
from infra.postgres.roles import KEY_SERVICE
from projections.glass import NEVER
from tests.fixtures.glass_houses import OTHER_POLICE, STORY, GlassHouse, move_into_glass
from tests.fixtures.houses import Houses
from tests.fixtures.keys import key_client
from tests.privacy.scenario_streams import STREAMS

ELSEWHERE = KeyPlace(Agency.HEALTH, "hospital_h1/BA-KHAC#child", Category.CHILD_IDENTITY, "main", Form.FULL)
OPEN = frozenset({"case_open"})


@pytest.fixture
async def house(houses: Houses, tmp_path: Path) -> AsyncIterator[GlassHouse]:
    async with AsyncExitStack() as stack:
        yield await move_into_glass(houses, tmp_path, stack)


async def given(house: GlassHouse, asking: Asking, key_id: str, stated: frozenset[str] = frozenset()) -> bytes | NoKey:
    client = key_client(house.house.keys, house.house.directory, "reader.police")
    try:
        wanted = WantedKey(key_id, stated)
        return (await client.release(asking, [wanted]))[wanted]
    finally:
        await client.close()


def key_of(house: GlassHouse, category: Category) -> str:
    with psycopg.connect(house.house.databases.keys(KEY_SERVICE)) as connection:
        query = "select key_id from keys.data_keys where category = %s and form = 'full' order by key_id limit 1"
        [[found]] = connection.execute(query, [category.value]).fetchall()
    return str(found)


async def test_the_keys_of_its_case_to_who_broke_it_while_it_stands(house: GlassHouse) -> None:
    own = key_of(house, Category.CHILD_IDENTITY)
    elsewhere = key_client(house.house.keys, house.house.directory, door_name(Agency.HEALTH))
    other = (await elsewhere.data_keys([ELSEWHERE]))[ELSEWHERE].key_id
    await elsewhere.close()
    house.clock.pass_by(hours=-2)
    past = UUID((await house.break_glass(OTHER_POLICE)).json()["glass"])
    house.clock.pass_by(hours=2)
    glass = UUID((await house.break_glass(OTHER_POLICE)).json()["glass"])
    reader = Asking(house.token(OTHER_POLICE), "emergency", glass)
    assert isinstance(await given(house, reader, own), bytes)
    assert await given(house, reader, other, OPEN) == "not_released"
    assert isinstance(await given(house, replace(reader, glass=None), other, OPEN), bytes)
    colleague = replace(reader, token=house.token(OTHER_POLICE, "NGUOI-KHAC"))
    for one in (replace(reader, glass=past), replace(reader, glass=UUID(int=7)), colleague):
        assert await given(house, one, own, OPEN) == "not_released"
    for category in NEVER & {Category.INVESTIGATION, Category.FORENSIC_EVIDENCE}:
        assert isinstance(await given(house, replace(reader, glass=None), key_of(house, category), OPEN), bytes)
        assert await given(house, reader, key_of(house, category), OPEN) == "not_released"


async def test_no_key_of_a_report_that_was_linked_once_the_glass_was_broken(house: GlassHouse) -> None:
    door = key_client(house.house.keys, house.house.directory, door_name(Agency.HEALTH))
    key = (await door.data_keys([ELSEWHERE]))[ELSEWHERE].key_id
    await door.close()
    report = STREAMS[STORY.reports[-1]]
    unit, _, reference = ELSEWHERE.subject.partition("#")[0].partition("/")
    house.alter(f"insert into case_record.reference_index values ('{unit}', '{reference}', '{report}', 'report')")
    with house.not_yet_linked(report):
        before = UUID((await house.break_glass(OTHER_POLICE)).json()["glass"])
    anew = UUID((await house.break_glass(OTHER_POLICE)).json()["glass"])
    reader = Asking(house.token(OTHER_POLICE), "emergency", before)
    assert await given(house, reader, key, OPEN) == "not_released"
    assert isinstance(await given(house, replace(reader, glass=anew), key, OPEN), bytes)
