"""What a reader's role learns of a receipt: shown only when all that was recorded with it is in the views."""

from collections.abc import AsyncIterator

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from events.parties import Audience
from infra.embedded.databases import Databases
from infra.postgres.case_store import Batch, CaseStore
from infra.postgres.pool import open_pool
from infra.postgres.roles import PROJECTOR, reader_role
from infra.postgres.view_reader import ViewReader
from tests.fixtures.accepted import accept, decide
from tests.fixtures.case_batches import chained, stream_of

POLICE, OTHER_POLICE, HOSPITAL, COORDINATION = (
    "commune_police_00340",
    "investigation_police_01",
    "hospital_h1",
    "coordination_01",
)


@pytest.fixture
async def reader(databases: Databases) -> AsyncIterator[ViewReader]:
    pool = await open_pool(databases.main(reader_role(Audience.POLICE)), max_size=1)
    yield ViewReader(pool, Audience.POLICE)
    await pool.close()


def projected(databases: Databases, number: int, version: int) -> None:
    statement = (
        "insert into projector.streams (stream, version, routing) values (%s, %s, '{}')"
        " on conflict (stream) do update set version = excluded.version"
    )
    with psycopg.connect(databases.main(PROJECTOR)) as connection:
        connection.execute(statement, [stream_of(number), version])


async def test_what_nobody_accepted_is_unknown(reader: ViewReader, databases: Databases) -> None:
    accept(databases, POLICE, 1)
    assert await reader.receipt_state(POLICE, 2) == "unknown"
    assert await reader.receipt_state(OTHER_POLICE, 1) == "unknown"
    assert await reader.receipt_state("nobody", 1) == "unknown"


async def test_what_another_agency_accepted_is_unknown(reader: ViewReader, databases: Databases) -> None:
    accept(databases, HOSPITAL, 1)
    assert await reader.receipt_state(HOSPITAL, 1) == "unknown"


async def test_accepted_is_pending_and_rejected_needs_no_waiting(reader: ViewReader, databases: Databases) -> None:
    accept(databases, POLICE, 1)
    assert await reader.receipt_state(POLICE, 1) == "pending"
    decide(databases, POLICE, 1, recorded_as=None, reason="no_authority")
    assert await reader.receipt_state(POLICE, 1) == "shown"


async def test_everything_recorded_with_it_counts_and_nothing_else(
    reader: ViewReader, databases: Databases, store: CaseStore
) -> None:
    """A statement in one stream and its consequence in another; before and after it other people's events."""
    accept(databases, POLICE, 1)
    store.append(Batch(events=chained(stream_of(1), 1)))
    store.append(Batch(events=(*chained(stream_of(2), 2), *chained(stream_of(3), 1))))
    store.append(Batch(events=chained(stream_of(4), 1)))
    decide(databases, POLICE, 1, recorded_as=(stream_of(2), 1))
    assert await reader.receipt_state(POLICE, 1) == "pending"
    projected(databases, 2, 1)
    projected(databases, 3, 1)
    assert await reader.receipt_state(POLICE, 1) == "pending"
    projected(databases, 2, 2)
    assert await reader.receipt_state(POLICE, 1) == "shown"


async def test_what_waits_for_a_person_keeps_nobody_waiting(
    reader: ViewReader, databases: Databases, store: CaseStore
) -> None:
    accept(databases, POLICE, 1)
    store.append(Batch(events=chained(stream_of(1), 1)))
    decide(databases, POLICE, 1, recorded_as=(stream_of(1), 1))
    with psycopg.connect(databases.main(PROJECTOR)) as connection:
        values = [stream_of(1), "fault"]
        connection.execute("insert into projector.quarantine (stream, version, reason) values (%s, 1, %s)", values)
    assert await reader.receipt_state(POLICE, 1) == "shown"


@pytest.mark.parametrize("audience", [Audience.COORDINATOR, Audience.AUDITOR])
async def test_each_audience_asks_of_its_own_agency(databases: Databases, audience: Audience) -> None:
    accept(databases, COORDINATION, 1)
    accept(databases, POLICE, 1)
    pool = await open_pool(databases.main(reader_role(audience)), max_size=1)
    view = ViewReader(pool, audience)
    own = "pending" if audience is Audience.COORDINATOR else "unknown"
    assert [await view.receipt_state(unit, 1) for unit in (COORDINATION, POLICE)] == [own, "unknown"]
    await pool.close()


def test_a_reader_has_no_other_way_in(databases: Databases) -> None:
    role = reader_role(Audience.POLICE)
    for query in (
        "select * from door_police.journal",
        "select * from case_record.inbox",
        "select view_health.receipt_state('hospital_h1', 1)",
    ):
        with psycopg.connect(databases.main(role)) as connection, pytest.raises(InsufficientPrivilege):
            connection.execute(query.encode())
