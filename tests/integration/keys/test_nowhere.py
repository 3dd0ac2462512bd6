"""Once a person's keys are destroyed, what they sealed is nowhere: not in a rebuilt view, nor in an older backup."""

import asyncio
import subprocess
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest

from events.labels import Category, Form, Person
from events.parties import Agency, Audience
from infra.crypto.data_keys import KeyPlace
from infra.embedded.databases import Databases
from infra.embedded.postgres_process import PROGRAMS
from infra.keys.service_keys import door_name
from infra.postgres.erasures import ErasureBook
from infra.postgres.migrate import apply, scripts
from infra.postgres.pool import open_pool
from infra.postgres.roles import AUDIENCES, KEY_SERVICE, OWNER, PROJECTOR
from infra.postgres.view_rebuild import ViewRebuild
from projections.disclosure.packaged import packaged_agreement
from services.projector.rebuilding import Rebuilding
from tests.fixtures.databases import DatabasesServer
from tests.fixtures.houses import Houses
from tests.fixtures.keys import key_client, running_key_service
from tests.integration.keys.test_erasing import READERS, carried_out, state, told, values
from tests.integration.reading.auditing import ask, auditors, history
from tests.integration.reading.house import House
from tests.integration.reading.test_searching import BORN, NAME, found, search
from tests.privacy.scenario_streams import case_streams
from tests.waiting import eventually

VIEWS = tuple(f"view_{audience}.likeness" for audience in AUDIENCES)  # by what those in a view are found
SOUGHT = {"name": NAME, "birth_date": BORN}
LEAD = "child_protection_00340"


@pytest.fixture
async def house(houses: Houses, tmp_path: Path) -> AsyncIterator[House]:
    async with AsyncExitStack() as stack:
        yield await houses.move_into("in full work", case_streams(21), tmp_path, stack)


async def test_it_is_in_no_answer_no_history_no_rebuilt_view_and_no_older_backup(
    house: House, databases_server: DatabasesServer, tmp_path: Path
) -> None:
    assert all(values(facts) for facts in (await told(house)).values())
    backup = backed_up(house.databases, tmp_path)
    await carried_out(house, await state(house, authority="court", persons=tuple(Person)))
    await nothing_is_told(house)
    assert categories_with_keys(house.databases) == {"access_log"}  # who erased, and why
    await the_auditor_finds_nothing_either_and_every_chain_holds(house)
    await asyncio.to_thread(rebuild_every_view, house.databases)
    await nothing_is_told(house)
    assert count_marks(house.databases) == 0
    with restored(backup, house.databases, databases_server) as older:
        assert count_marks(older) > 0  # it is as it was, until a key service is started on it
        with running_key_service(older, house.directory) as keys:
            eventually(lambda: count_marks(older) == 0)
            restarted = replace(house, databases=older, keys=keys)
            await nothing_is_told(restarted)
            assert found(await search(restarted, "commune_police_00340", SOUGHT)) == []


async def test_read_models_that_come_back_from_a_backup_find_nobody_again_who_was_erased(house: House) -> None:
    before = {table: rows(house.databases, table) for table in VIEWS}
    await carried_out(house, await state(house, authority="court", persons=tuple(Person)))
    assert count_marks(house.databases) == 0
    put_back(house.databases, before)
    assert found(await search(house, "commune_police_00340", SOUGHT)) == ["C-55-3"]
    with running_key_service(house.databases, house.directory):
        eventually(lambda: count_marks(house.databases) == 0)
    assert found(await search(house, "commune_police_00340", SOUGHT)) == []


async def test_who_is_named_anew_after_an_erasure_is_found_by_that_and_by_nothing_that_was_told_before(
    house: House,
) -> None:
    before = {table: rows(house.databases, table) for table in VIEWS}
    await carried_out(house, await state(house, authority="court", persons=tuple(Person)))
    anew = await keys_drawn_anew(house)
    put_back(house.databases, before)
    told_under(house.databases, anew, Audience.CASE_MANAGER)
    kept = count(house.databases, [f"view_{Audience.CASE_MANAGER}.likeness"])
    with running_key_service(house.databases, house.directory):
        eventually(lambda: count_marks(house.databases) == kept > 0)
    assert found(await search(house, LEAD, SOUGHT, audience=Audience.CASE_MANAGER)) == ["C-55-1"]
    assert found(await search(house, "commune_police_00340", SOUGHT)) == []


async def test_a_child_is_found_until_its_name_goes(house: House) -> None:
    assert found(await search(house, "commune_police_00340", SOUGHT)) == ["C-55-3"]
    assert count_marks(house.databases) > 0
    await carried_out(house, await state(house, authority="data_subject", parts=("image", "alias")))
    assert found(await search(house, "commune_police_00340", SOUGHT)) == ["C-55-3"]


async def test_what_was_written_down_to_go_is_found_by_no_mark_whatever_the_rules_have_become(house: House) -> None:
    pool = await open_pool(house.databases.keys(KEY_SERVICE), autocommit=True)
    house.stack.push_async_callback(pool.close)
    names = keys_of_names(house.databases)
    assert await ErasureBook(pool).begin(LEAD, "ERASE-1", names, []) == names  # then the service died
    by_todays = await state(house, authority="data_subject", categories=(Category.INVESTIGATION,))  # all of it is kept
    assert await carried_out(house, by_todays) == len(names)
    assert count_marks(house.databases) == 0


async def keys_drawn_anew(house: House) -> dict[str, str]:
    """Have doors draw keys where the names lay, as whoever speaks of the child again; return them by those before."""
    with psycopg.connect(house.databases.keys(OWNER)) as connection:
        gone = connection.execute(
            "select key_id, owner, subject from keys.data_keys"
            " where category = 'child_identity' and part = 'main' and form = 'full' and destroyed_at is not null"
        ).fetchall()
    drawn = {}
    for key_id, owner, subject in gone:
        door = key_client(house.keys, house.directory, door_name(Agency(owner)))
        place = KeyPlace(Agency(owner), subject, Category.CHILD_IDENTITY, "main", Form.FULL)
        drawn[key_id] = (await door.data_keys([place]))[place].key_id
        await door.close()
    return drawn


def keys_of_names(databases: Databases) -> tuple[str, ...]:
    with psycopg.connect(databases.keys(OWNER)) as connection:
        query = "select key_id from keys.data_keys where category = 'child_identity' and part = 'main'"
        return tuple(key_id for [key_id] in connection.execute(query).fetchall())


def told_under(databases: Databases, keys: Mapping[str, str], audience: Audience) -> None:
    """Make it as if what an audience was told had been sealed under other keys; by those before."""
    with psycopg.connect(databases.main(OWNER)) as connection:
        for before, anew in keys.items():
            change = f"update view_{audience}.entries set told = replace(told::text, %s, %s)::jsonb"
            connection.execute(change.encode(), [before, anew])


def rows(databases: Databases, table: str) -> list[Any]:
    with psycopg.connect(databases.main(OWNER)) as connection:
        return connection.execute(f"select * from {table}".encode()).fetchall()


def put_back(databases: Databases, before: Mapping[str, list[Any]]) -> None:
    with psycopg.connect(databases.main(OWNER)) as connection:
        for table, kept in before.items():
            put = f"insert into {table} values (%s, %s, %s)"
            connection.cursor().executemany(put.encode(), kept)


async def nothing_is_told(house: House) -> None:
    answers = await told(house)
    assert all(answers.values())  # the facts are there, and cannot be opened
    assert [values(facts) for facts in answers.values()] == [set()] * len(READERS)


async def the_auditor_finds_nothing_either_and_every_chain_holds(house: House) -> None:
    for audience in READERS:
        facts = (await history(house, audience=audience.value))["facts"]
        assert facts
        assert {category for category, _, _ in values(facts)} <= {"access_log"}
    assert (await ask(house, await auditors(house), "/v1/verify")).json()["holds"] is True


def rebuild_every_view(databases: Databases) -> None:
    """Empty the views, and fold them from the register again."""
    with psycopg.connect(databases.main(OWNER)) as connection:
        for audience in AUDIENCES:
            connection.execute(f"delete from view_{audience}.entries".encode())
    store = ViewRebuild(databases.main(PROJECTOR), AUDIENCES)
    try:
        rebuilt = Rebuilding(store, AUDIENCES, packaged_agreement, lambda _, __: None).swap()
    finally:
        store.close()
    assert rebuilt.differing["entry"] > 0


def categories_with_keys(databases: Databases) -> set[str]:
    with psycopg.connect(databases.keys(OWNER)) as connection:
        rows = connection.execute("select distinct category from keys.data_keys where wrapped is not null").fetchall()
    return {category for [category] in rows}


def count_marks(databases: Databases) -> int:
    return count(databases, [*VIEWS, *(f"door_{agency}.likeness" for agency in Agency)])


def count(databases: Databases, tables: Sequence[str]) -> int:
    with psycopg.connect(databases.main(OWNER)) as connection:
        counts = [connection.execute(f"select count(*) from {table}".encode()).fetchall() for table in tables]
    return sum(number for [[number]] in counts)


def backed_up(databases: Databases, directory: Path) -> Path:
    """Return a backup of the register with every read model, as an operator makes it."""
    file = directory / "backup"
    subprocess.run([PROGRAMS / "pg_dump", "-Fc", "-f", file, databases.main(OWNER)], check=True)
    return file


@contextmanager
def restored(backup: Path, databases: Databases, server: DatabasesServer) -> Iterator[Databases]:
    """Give what a backup held, in a database of its own, beside the key database of today."""
    older = replace(databases, main_name=f"{databases.main_name}_restored")
    server.server.administer(f"create database {older.main_name} template template0 owner {OWNER}")
    try:
        subprocess.run([PROGRAMS / "pg_restore", "-d", older.main(OWNER), backup], check=True)
        with psycopg.connect(older.main(OWNER), autocommit=True) as connection:  # the right to connect is not in it
            apply(connection, [script for script in scripts("schema") if script.always])
        yield older
    finally:
        server.server.administer(f"drop database {older.main_name} with (force)")
