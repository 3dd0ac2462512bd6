"""What everybody may do in both databases is what one reviewed file says: no right more, and none less."""

from collections.abc import Iterator

import psycopg
import pytest

from infra.embedded.databases import Databases
from infra.postgres.roles import OWNER
from tests.fixtures.databases import DatabasesServer
from tests.integration.postgres.grants import EXPECTED, read_back, told


@pytest.fixture(scope="module")
def databases(databases_server: DatabasesServer) -> Iterator[Databases]:
    """One pair for the whole page: whatever its tests change is rolled back."""
    made = databases_server.copy()
    yield made
    databases_server.drop(made)


def test_every_right_is_expected_and_every_expected_right_is_there(databases: Databases) -> None:
    """Write the file anew by `python -m tests.integration.postgres.grants --write`, and read what differs."""
    with psycopg.connect(databases.main(OWNER)) as register, psycopg.connect(databases.keys(OWNER)) as keys:
        found = told(read_back(register), read_back(keys))
    assert found.splitlines() == EXPECTED.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize(
    "change",
    [
        "grant select on view_health.entries to reader_police",
        "grant select (told) on view_health.entries to reader_police",
        "grant usage on schema view_health to reader_police",
        "grant insert on view_police.access_log to reader_police with grant option",
        "grant usage on sequence view_police.access_log_id_seq to reader_police",
        "revoke insert on view_police.access_log from reader_police",
        "grant select on case_record.events to public",
        "create function view_police.told() returns int language sql as 'select 1'",
        "alter default privileges in schema view_police grant select on tables to reader_health",
        "do $$ begin execute format('grant connect on database %I to public', current_database()); end $$",
        "drop policy a_reader_is_given_its_cases on view_police.case_files",
        "create policy anybody on view_police.case_files for select to reader_police using (true)",
        "alter table view_police.entries disable row level security",
    ],
)
def test_a_change_of_any_kind_is_noticed(databases: Databases, change: str) -> None:
    with psycopg.connect(databases.main(OWNER)) as connection:
        before = read_back(connection)
        connection.execute(change.encode())
        assert read_back(connection) != before
        connection.rollback()


def test_whose_role_is_widened_is_noticed(databases_server: DatabasesServer, databases: Databases) -> None:
    """Roles belong to the whole server: the change is undone at once."""
    with psycopg.connect(databases.main(OWNER)) as connection:
        before = read_back(connection)
        databases_server.server.administer("grant reader_health to reader_police; alter role reader_police bypassrls;")
        try:
            more = set(read_back(connection)) - set(before)
        finally:
            databases_server.server.administer(
                "revoke reader_health from reader_police; alter role reader_police nobypassrls;"
            )
        assert more == {"reader_police: member of reader_health", "reader_police: logs in, sees every row"}
        assert read_back(connection) == before
