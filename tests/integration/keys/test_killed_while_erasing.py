"""The key service is killed between an erasure's record and its end: nobody reads it meanwhile, and it is done once."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest

from infra.embedded.databases import Databases
from infra.postgres.locks import AdvisoryLock
from infra.postgres.roles import OWNER
from tests.integration.keys.key_service_process import KeyServiceProcess
from tests.integration.keys.test_erasing import carried_out, state, told, values
from tests.integration.reading.house import House, build_house, endings_of
from tests.waiting import eventually

GOING = {  # of what social work said; what the police did is kept
    ("child_identity", "image"),
    ("risk_assessment", "remark"),
}


@pytest.fixture
async def house(databases: Databases, tmp_path: Path) -> AsyncIterator[House]:
    """A case in full work, whose key service has ended."""
    async with AsyncExitStack() as until_built:
        built = await build_house(databases, tmp_path, until_built, step=21)
    async with AsyncExitStack() as stack:
        yield replace(built, stack=stack, endings=await endings_of(databases, stack))


async def test_it_is_done_once_and_nobody_reads_it_meanwhile(house: House) -> None:
    running = KeyServiceProcess.start(house.directory, house.databases)
    house.stack.callback(running.kill)
    house = replace(house, keys=running.url)
    before = in_clear(await told(house))
    with a_door_that_commits(house.databases) as door:
        event = await state(house, authority="data_subject", parts=("image", "remark"))
        eventually(lambda: erasures(house.databases) == [(False,)])  # written down; it waits for the door
        running.kill()
        running.start_again()
        meanwhile = in_clear(await told(house))
        assert {(category, part) for category, part, _ in before - meanwhile} == GOING
        assert living(house.databases) > 0
        door.rollback()
    destroyed = await carried_out(house, event)
    assert destroyed > 0
    assert in_clear(await told(house)) == meanwhile
    assert erasures(house.databases) == [(True,)]
    assert (living(house.databases), gone(house.databases)) == (0, destroyed)


def a_door_that_commits(databases: Databases) -> psycopg.Connection[Any]:
    """Hold what a door holds from its look at the number of erasures to its commit."""
    connection = psycopg.connect(databases.main(OWNER))
    connection.execute("set idle_in_transaction_session_timeout = 0")
    connection.execute("select pg_advisory_xact_lock_shared(%s)", [AdvisoryLock.ERASURE.value])
    return connection


def in_clear(answers: dict[Any, list[Any]]) -> set[tuple[str, str, str]]:
    return {value for facts in answers.values() for value in values(facts)}


def erasures(databases: Databases) -> list[Any]:
    return _rows(databases, "select done_at is not null from keys.erasures")


def living(databases: Databases) -> int:
    """Count the keys that were written down to go and can still be unwrapped."""
    [[count]] = _rows(databases, f"select count(*) from keys.data_keys {_CONDEMNED} and wrapped is not null")
    return int(count)


def gone(databases: Databases) -> int:
    [[count]] = _rows(databases, "select count(*) from keys.data_keys where wrapped is null")
    return int(count)


_CONDEMNED = "where key_id = any(select unnest(condemned) from keys.erasures)"


def _rows(databases: Databases, query: str) -> list[Any]:
    with psycopg.connect(databases.keys(OWNER)) as connection:
        return connection.execute(query.encode()).fetchall()
