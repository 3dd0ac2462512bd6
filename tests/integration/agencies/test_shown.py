"""A door tells whether a recorded event of its own can be seen in the views, and no more."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from events.parties import Agency
from infra.embedded.databases import Databases
from infra.postgres.case_store import Batch, CaseStore
from infra.postgres.deliveries import Deliveries, Outcome
from infra.postgres.pool import open_pool
from infra.postgres.roles import OWNER
from tests.controls.bad_input import good
from tests.fixtures.case_batches import MOMENT, recorded_message
from tests.fixtures.doors import publish

SCENE = "police.scene_attended.v1"
UNIT = "commune_police_00340"
CASE = UUID(int=55)
ANOTHERS = "hotline_111"


@pytest.fixture
async def recorded(police: httpx.AsyncClient, databases: Databases, store: CaseStore) -> str:
    """An event of ours, version 3 of a case, whose door knows that it is recorded; version 2 is another agency's."""
    await publish(police, good(SCENE, id="E-1"))
    mine = replace(recorded_message(1), source=UNIT, id="E-1", agency="police", stream=CASE, version=3)
    store.append(Batch(inbox=(mine, replace(recorded_message(2), source=ANOTHERS, stream=CASE, version=2))))
    pool = await open_pool(databases.main("door_police"), autocommit=True)
    await Deliveries(pool, Agency.POLICE).settle([Outcome(UNIT, "E-1", "recorded", None, "TRE-EM-0001", MOMENT)], [])
    await pool.close()
    return "E-1"


def as_owner(databases: Databases, statement: str, *values: Any) -> None:
    with psycopg.connect(databases.main(OWNER), autocommit=True) as connection:
        connection.execute(statement.encode(), values)


def projected(databases: Databases, version: int) -> None:
    as_owner(databases, "insert into projector.streams values (%s, %s, '{}')", CASE, version)


def held(databases: Databases, version: int) -> None:
    as_owner(databases, "insert into projector.quarantine values (%s, %s, 'unreadable')", CASE, version)


async def status(police: httpx.AsyncClient, id_: str) -> Any:
    return (await police.get(f"/v1/events?source={UNIT}&id={id_}")).json()


async def test_recorded_and_not_in_the_views_yet(police: httpx.AsyncClient, recorded: str) -> None:
    told = await status(police, recorded)
    assert (told["status"], told["shown"], told["problem"]) == ("recorded", False, None)


async def test_recorded_and_shown(police: httpx.AsyncClient, recorded: str, databases: Databases) -> None:
    projected(databases, 3)
    told = await status(police, recorded)
    assert (told["shown"], told["problem"]) == (True, None)


async def test_a_case_in_quarantine_is_told_without_why(
    police: httpx.AsyncClient, recorded: str, databases: Databases
) -> None:
    projected(databases, 1)
    held(databases, 2)
    answer = await police.get(f"/v1/events?source={UNIT}&id={recorded}")
    told = answer.json()
    assert (told["status"], told["case"], told["shown"]) == ("recorded", "TRE-EM-0001", False)
    assert told["problem"]["type"] == "/problems/recorded_not_shown"
    assert "unreadable" not in answer.text
    assert str(CASE) not in answer.text


async def test_what_was_shown_before_the_quarantine_stays_shown(
    police: httpx.AsyncClient, recorded: str, databases: Databases
) -> None:
    projected(databases, 3)
    held(databases, 4)
    told = await status(police, recorded)
    assert (told["shown"], told["problem"]) == (True, None)


def test_a_door_reads_of_its_own_agency_alone(databases: Databases, recorded: str) -> None:
    with psycopg.connect(databases.main("door_police"), autocommit=True) as connection:
        assert connection.execute("select source, id from door_police.shown").fetchall() == [(UNIT, recorded)]
        for theirs in ("door_social_work.shown", "case_record.inbox", "projector.quarantine", "projector.streams"):
            with pytest.raises(InsufficientPrivilege):
                connection.execute(f"select * from {theirs}".encode())
