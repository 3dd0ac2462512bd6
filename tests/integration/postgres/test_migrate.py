"""The schema is applied once; doing it again changes nothing; an applied file never changes."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import psycopg
import pytest

from infra.embedded.databases import Databases
from infra.postgres.migrate import AppliedFileChangedError, RoleMissingError, Script, apply, migrate, scripts
from infra.postgres.roles import AGENCIES, AUDIENCES, OWNER
from tests.fixtures.databases import DatabasesServer

CATALOGUE = """
select 'class', oid::text, relname, relfilenode::text, relacl::text, xmin::text from pg_class
where relnamespace >= 16384
union all select 'schema', oid::text, nspname, '', nspacl::text, xmin::text from pg_namespace
union all select 'file', '', file, sha256, applied_at::text, xmin::text from migration.applied
"""


@pytest.fixture
def empty_databases(databases_server: DatabasesServer) -> Iterator[Databases]:
    made = replace(databases_server.template, main_name="empty", keys_name="empty_keys")
    databases_server.server.administer(
        f"create database {made.main_name} owner {OWNER}; create database {made.keys_name} owner {OWNER};"
    )
    yield made
    databases_server.drop(made)


def catalogue(dsn: str) -> set[tuple[str, ...]]:
    with psycopg.connect(dsn) as connection:
        return set(connection.execute(CATALOGUE).fetchall())


def test_migrating_twice_changes_nothing(databases: Databases) -> None:
    owners = databases.main(OWNER), databases.keys(OWNER)
    before = [catalogue(dsn) for dsn in owners]
    migrate(*owners, {})
    assert [catalogue(dsn) for dsn in owners] == before


def test_an_applied_file_that_changed_is_refused_before_anything_is_done(databases: Databases) -> None:
    with psycopg.connect(databases.main(OWNER)) as connection:
        connection.execute("update migration.applied set sha256 = 'other' where file = '40_relay.sql'")
        connection.execute("delete from migration.applied where file = '30_case_record.sql'")
    with pytest.raises(AppliedFileChangedError, match=r"40_relay\.sql"):
        migrate(databases.main(OWNER), databases.keys(OWNER), {})


def test_two_migrations_at_once_wait_for_each_other(empty_databases: Databases) -> None:
    owners = empty_databases.main(OWNER), empty_databases.keys(OWNER)
    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(migrate, *owners, {}) for _ in range(2)]:
            done.result(timeout=60)
    assert catalogue(owners[0])


def test_a_file_that_fails_leaves_nothing_of_itself(empty_databases: Databases) -> None:
    good = Script("01_good.sql", "create table public.good (id int)", always=False)
    bad = Script("02_bad.sql", "create table public.bad (id int); select 1/0", always=False)
    with psycopg.connect(empty_databases.main(OWNER), autocommit=True) as connection:
        with pytest.raises(psycopg.errors.DivisionByZero):
            apply(connection, [good, bad])
        left = connection.execute("select relname from pg_class where relname in ('good', 'bad')").fetchall()
        applied = connection.execute("select file from migration.applied").fetchall()
    assert left == [("good",)]
    assert applied == [("01_good.sql",)]


def test_a_missing_role_without_a_password_is_told(databases_server: DatabasesServer, databases: Databases) -> None:
    databases_server.server.administer("alter role operator rename to operator_away")
    try:
        with pytest.raises(RoleMissingError, match="operator"):
            migrate(databases.main(OWNER), databases.keys(OWNER), {})
    finally:
        databases_server.server.administer("alter role operator_away rename to operator")
        migrate(databases.main(OWNER), databases.keys(OWNER), databases.passwords)


def test_a_file_runs_once_for_each_agency_and_audience() -> None:
    names = [script.name for script in scripts("schema")]
    assert [name for name in names if name.startswith("10_schemas.each_agency")] == [
        f"10_schemas.each_agency.sql[{agency}]" for agency in AGENCIES
    ]
    assert f"10_schemas.each_audience.sql[{AUDIENCES[0]}]" in names
    assert not [script for script in scripts("schema") if "{agency}" in script.text or "{audience}" in script.text]
