"""Data keys: one a place, only of one's own, and readers learn nothing but the wrapped key they ask for."""

import asyncio
from collections.abc import AsyncIterator

import psycopg
import pytest

from events.labels import Category, Form
from events.parties import Agency
from infra.crypto.data_keys import KeyPlace, WrappedKey
from infra.embedded.databases import Databases
from infra.postgres.key_store import KeyStore
from infra.postgres.pool import open_pool

PLACE = KeyPlace(Agency.POLICE, "commune_police_00340/R-1#child", Category.INVESTIGATION, "main", Form.FULL)
SUMMARY = KeyPlace(Agency.POLICE, "commune_police_00340/R-1#child", Category.INVESTIGATION, "main", Form.SUMMARY)


@pytest.fixture
async def store(databases: Databases) -> AsyncIterator[KeyStore]:
    pool = await open_pool(databases.keys("door_police"))
    yield KeyStore(pool)
    await pool.close()


@pytest.fixture
async def reader(databases: Databases) -> AsyncIterator[KeyStore]:
    pool = await open_pool(databases.keys("reader_health"))
    yield KeyStore(pool)
    await pool.close()


async def test_first_key_of_a_place_stays(store: KeyStore) -> None:
    first = WrappedKey("k1", PLACE, b"first")
    assert await store.at([PLACE]) == {}
    assert await store.keep([first]) == {PLACE: first}
    assert await store.keep([WrappedKey("k2", PLACE, b"second")]) == {PLACE: first}


async def test_many_that_keep_the_same_places_agree(store: KeyStore) -> None:
    def made(number: int) -> list[WrappedKey]:
        both = [WrappedKey(f"k{number}", PLACE, b"x"), WrappedKey(f"s{number}", SUMMARY, b"x")]
        return both if number % 2 else both[::-1]

    kept = await asyncio.gather(*(store.keep(made(number)) for number in range(20)))
    assert all(answer == kept[0] for answer in kept)


async def test_reader_gets_a_key_by_its_id(store: KeyStore, reader: KeyStore) -> None:
    await store.keep([WrappedKey("k1", PLACE, b"first")])
    assert await reader.by_id(["k1", "nowhere"]) == {"k1": b"first"}


async def test_destroyed_key_is_gone_and_the_place_free(
    databases: Databases, store: KeyStore, reader: KeyStore
) -> None:
    await store.keep([WrappedKey("k1", PLACE, b"first")])
    async with await psycopg.AsyncConnection.connect(databases.keys("chungtay_owner")) as owner:
        await owner.execute("update keys.data_keys set wrapped = null, destroyed_at = now()")
    assert await reader.by_id(["k1"]) == {"k1": None}
    assert await store.at([PLACE]) == {}
    assert (await store.keep([WrappedKey("k2", PLACE, b"second")]))[PLACE].key_id == "k2"


async def test_door_keeps_only_keys_of_its_own(store: KeyStore) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        await store.keep([WrappedKey("k1", KeyPlace(Agency.HEALTH, *_rest(PLACE)), b"x")])


async def test_door_does_not_see_anothers_keys(databases: Databases, store: KeyStore) -> None:
    await store.keep([WrappedKey("k1", PLACE, b"first")])
    pool = await open_pool(databases.keys("door_health"))
    assert await KeyStore(pool).by_id(["k1"]) == {}
    await pool.close()


async def test_nobody_changes_a_key(databases: Databases) -> None:
    for role in ("door_police", "reader_police"):
        for statement in ("update keys.data_keys set wrapped = ''", "delete from keys.data_keys"):
            async with await psycopg.AsyncConnection.connect(databases.keys(role)) as connection:
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    await connection.execute(statement.encode())


async def test_reader_cannot_learn_whom_keys_are_for(databases: Databases) -> None:
    async with await psycopg.AsyncConnection.connect(databases.keys("reader_health")) as connection:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            await connection.execute("select subject from keys.data_keys")


async def test_those_between_cannot_even_connect(databases: Databases) -> None:
    for role in ("case_record", "relay", "projector", "operator"):
        with pytest.raises(psycopg.OperationalError):
            await psycopg.AsyncConnection.connect(databases.keys(role))


def _rest(place: KeyPlace) -> tuple[str, Category, str, Form]:
    return place.subject, place.category, place.part, place.form
