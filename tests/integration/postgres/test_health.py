"""The operator sees how much there is to do, and nothing of what it is."""

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from infra.embedded.databases import Databases
from infra.postgres.case_store import Batch, CaseStore
from infra.postgres.faults import DatabaseUnreachableError
from infra.postgres.health import Lag, lag
from infra.postgres.relay_position import RelayPosition, Sent
from infra.postgres.roles import AGENCIES, OPERATOR, OWNER, RELAY
from tests.fixtures.case_batches import chained, stream_of, waiting_message

NOTHING_UNANSWERED = {agency.value: 0 for agency in AGENCIES}
CONTENTS = """
select format('%I.%I', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'v', 'm', 'p') and n.nspname not in ('pg_catalog', 'information_schema', 'health')
"""


def test_an_empty_platform_has_nothing_to_do(databases: Databases) -> None:
    assert lag(databases.main(OPERATOR)) == Lag(0, 0, 0, 0, 0, 0, 0, None, None, NOTHING_UNANSWERED, None, 0)
    assert set(lag(databases.main(OPERATOR)).behind().values()) == {0}


async def test_what_is_recorded_and_not_sent_is_counted(databases: Databases, store: CaseStore) -> None:
    store.append(Batch(events=chained(stream_of(1), 5), waiting=(waiting_message(1),)))
    positions = await RelayPosition.open(databases.main(RELAY))
    await positions.save(Sent(2, "cluster-1"))
    await positions.close()
    found = lag(databases.main(OPERATOR))
    assert (found.recorded, found.relayed, found.projected) == (5, 2, 0)
    assert (found.not_relayed, found.not_projected, found.waiting, found.quarantined) == (3, 5, 1, 0)
    assert found.behind()["relay"] == 3
    assert set(found.ages_s()) == {"relay", "views"}
    assert all(0 <= age_s < 60 for age_s in found.ages_s().values())


def test_a_stream_in_quarantine_is_counted(databases: Databases) -> None:
    with psycopg.connect(databases.main("projector")) as connection:
        connection.execute(
            "insert into projector.quarantine (stream, version, reason) values (gen_random_uuid(), 1, 'fault')"
        )
    assert lag(databases.main(OPERATOR)).quarantined == 1


def test_the_operator_reads_no_contents(databases: Databases) -> None:
    with psycopg.connect(databases.main(OWNER)) as connection:
        tables = [row[0] for row in connection.execute(CONTENTS.encode())]
    assert len(tables) > 20
    for table in tables:
        with psycopg.connect(databases.main(OPERATOR)) as connection, pytest.raises(InsufficientPrivilege):
            connection.execute(f"select * from {table}".encode())


def test_an_absent_database_is_told_without_its_address(databases: Databases) -> None:
    with pytest.raises(DatabaseUnreachableError) as caught:
        lag(databases.main(OPERATOR).replace(databases.main_name, "nowhere"))
    assert str(caught.value) == "OperationalError"
