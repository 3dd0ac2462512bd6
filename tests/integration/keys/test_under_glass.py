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
from tests.fixtures.glass_houses import OTHER_POLICE, GlassHouse, move_into_glass
from tests.fixtures.houses import Houses
from tests.fixtures.keys import key_client

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
