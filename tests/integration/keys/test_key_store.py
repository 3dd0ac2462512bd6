"""Data keys: one living key a place, and no other role than the key service's comes near them."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import psycopg
import pytest

from events.labels import Category, Form
from events.parties import Agency
from infra.crypto.data_keys import KeyPlace
from infra.embedded.databases import Databases
from infra.keys.key_encryption import Wrapped, slot_of
from infra.postgres.key_store import KeptKey, KeyStore, LivingKey, WrappedTooLate
from infra.postgres.key_versions import KeyVersions
from infra.postgres.pool import open_pool
from infra.postgres.roles import KEY_SERVICE

PLACE = KeyPlace(Agency.POLICE, "commune_police_00340/R-1#child", Category.INVESTIGATION, "main", Form.FULL)
SUMMARY = KeyPlace(Agency.POLICE, "commune_police_00340/R-1#child", Category.INVESTIGATION, "main", Form.SUMMARY)
FIRST = Wrapped(1, b"first")


@pytest.fixture
async def store(databases: Databases) -> AsyncIterator[KeyStore]:
    pool = await open_pool(databases.keys(KEY_SERVICE))
    await KeyVersions(pool).note({slot_of(place): (1, 2, 3) for place in (PLACE, SUMMARY)})
    yield KeyStore(pool)
    await pool.close()


async def test_first_key_of_a_place_stays(store: KeyStore) -> None:
    first = LivingKey("k1", PLACE, FIRST)
    assert await store.at([PLACE]) == {}
    assert await store.keep([("k1", PLACE, FIRST)]) == {PLACE: first}
    assert await store.keep([("k2", PLACE, Wrapped(2, b"second"))]) == {PLACE: first}


async def test_many_that_keep_the_same_places_agree(store: KeyStore) -> None:
    def made(number: int) -> list[tuple[str, KeyPlace, Wrapped]]:
        both = [(f"k{number}", PLACE, FIRST), (f"s{number}", SUMMARY, FIRST)]
        return both if number % 2 else both[::-1]

    kept = await asyncio.gather(*(store.keep(made(number)) for number in range(20)))
    assert all(answer == kept[0] for answer in kept)


async def test_a_key_is_found_by_its_id_with_its_place(store: KeyStore) -> None:
    await store.keep([("k1", PLACE, Wrapped(3, b"first"))])
    assert await store.by_id(["k1", "nowhere"]) == {"k1": KeptKey(PLACE, Wrapped(3, b"first"))}


async def test_destroyed_key_is_gone_and_the_place_free(databases: Databases, store: KeyStore) -> None:
    await store.keep([("k1", PLACE, FIRST)])
    async with await psycopg.AsyncConnection.connect(databases.keys("chungtay_owner")) as owner:
        await owner.execute(
            "update keys.data_keys set wrapped = null, kek_version = null, retired_at = now(), destroyed_at = now()"
        )
    assert await store.by_id(["k1"]) == {"k1": KeptKey(PLACE, None)}
    assert await store.at([PLACE]) == {}
    assert (await store.keep([("k2", PLACE, FIRST)]))[PLACE].key_id == "k2"


async def test_a_version_is_given_up_when_it_wraps_nothing_and_wraps_nothing_then(
    databases: Databases, store: KeyStore
) -> None:
    pool = await open_pool(databases.keys(KEY_SERVICE))
    versions = KeyVersions(pool)
    await store.keep([("k1", PLACE, FIRST)])
    assert not await versions.give_up([(slot_of(PLACE), 1), (slot_of(SUMMARY), 1)])
    [outdated] = await versions.outdated({slot_of(PLACE): 2}, 10)
    await versions.rewrap([(outdated, Wrapped(2, b"anew"))])
    await versions.rewrap([(outdated, Wrapped(3, b"too late"))])  # it is not as it was read any more
    assert (await store.by_id(["k1"]))["k1"].wrapped == Wrapped(2, b"anew")
    assert await versions.give_up([(slot_of(PLACE), 1)])
    with pytest.raises(WrappedTooLate):
        await store.keep([("k2", replace(PLACE, part="late"), FIRST)])
    await pool.close()


async def test_nobody_deletes_a_key_or_changes_whose_it_is(databases: Databases) -> None:
    for change in ("update {} set subject = ''", "delete from {}", "truncate {}"):
        async with await psycopg.AsyncConnection.connect(databases.keys(KEY_SERVICE)) as connection:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                await connection.execute(change.format("keys.data_keys").encode())
