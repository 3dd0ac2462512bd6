"""Each role reaches what it needs and nothing else, read back from the catalogue and tried."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from infra.embedded.databases import Databases
from infra.postgres.case_store import Batch, CaseStore
from infra.postgres.roles import (
    AGREEMENT_KEEPER,
    CASE_RECORD,
    KEY_SERVICE,
    OWNER,
    READERS,
    RELAY,
    SERVICE_ROLES,
    VERIFIER,
)
from tests.fixtures.case_batches import chained, recorded_message, reference_to, stream_of
from tests.fixtures.databases import DatabasesServer

ADDED_ONLY = ("events", "links", "inbox", "reference_index", "store_identity")
CHANGES = ("update case_record.{} set {} = {}", "delete from case_record.{}", "truncate case_record.{}")
FIRST_COLUMN = {
    "events": "topic",
    "links": "digest",
    "inbox": "status",
    "reference_index": "kind",
    "store_identity": "simulated",
}
[EVENT] = chained(stream_of(1), 1)
GRANTS = """
select c.relname, case a.grantee when 0 then 'public' else a.grantee::regrole::text end, a.privilege_type
from pg_class c join pg_namespace n on n.oid = c.relnamespace
cross join aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) a
where n.nspname = %s and c.relkind in ('r', 'v', 'm', 'p', 'S') and a.grantee <> c.relowner
"""


@pytest.fixture(scope="module")
def databases(databases_server: DatabasesServer) -> Iterator[Databases]:
    """One pair for the whole page: its tests change nothing that lasts."""
    made = databases_server.copy()
    yield made
    databases_server.drop(made)


@pytest.fixture(scope="module")
def recorded(databases: Databases) -> Iterator[CaseStore]:
    """A register with one row in every table that is only added to."""
    store = CaseStore(databases.main(CASE_RECORD), simulated=False)
    store.append(Batch(events=(EVENT,), inbox=(recorded_message(1),), references=(reference_to(EVENT.stream),)))
    yield store
    store.close()


def grants(databases: Databases, schema: str) -> set[tuple[str, str, str]]:
    with psycopg.connect(databases.main(OWNER)) as connection:
        return set(connection.execute(GRANTS, [schema]).fetchall())


@pytest.mark.parametrize("role", SERVICE_ROLES)
def test_every_role_connects_to_the_register(databases: Databases, role: str) -> None:
    with psycopg.connect(databases.main(role)) as connection:
        assert connection.execute("select current_user").fetchone() == (role,)


@pytest.mark.parametrize("role", SERVICE_ROLES)
def test_only_the_key_service_connects_to_the_keys(databases: Databases, role: str) -> None:
    if role == KEY_SERVICE:
        psycopg.connect(databases.keys(role)).close()
        return
    with pytest.raises(psycopg.OperationalError, match="does not have CONNECT privilege"):
        psycopg.connect(databases.keys(role))


def test_the_history_is_added_to_by_the_case_record_alone(databases: Databases) -> None:
    found = grants(databases, "case_record")
    for table in ADDED_ONLY:
        assert {grant for grant in found if grant[0] == table and grant[2] != "SELECT"} == {
            (table, CASE_RECORD, "INSERT")
        }


def test_who_may_read_the_history(databases: Databases) -> None:
    readers = {(table, role) for table, role, right in grants(databases, "case_record") if right == "SELECT"}
    assert {role for table, role in readers if table == "events"} == {
        CASE_RECORD,
        RELAY,
        "projector",
    }
    assert {role for table, role in readers if table == "events_without_boxes"} == {"reader_auditor"}
    assert {role for table, role in readers if table == "inbox"} == {CASE_RECORD, "reader_auditor"}
    assert {role for table, role in readers if table in {"reference_index", "waiting"}} == {CASE_RECORD}


def test_the_agreement_is_added_to_by_the_case_record_and_read_by_who_applies_it(databases: Databases) -> None:
    found = grants(databases, "agreement")
    versions = {(role, right) for table, role, right in found if table == "versions"}
    assert {grant for grant in versions if grant[1] != "SELECT"} == {(CASE_RECORD, "INSERT")}
    assert {role for role, right in versions if right == "SELECT"} == {
        AGREEMENT_KEEPER,
        CASE_RECORD,
        KEY_SERVICE,
        "projector",
        *READERS,
    }


def test_nothing_is_granted_to_everyone(databases: Databases) -> None:
    with psycopg.connect(databases.main(OWNER)) as connection:
        schemas = [row[0] for row in connection.execute("select nspname from pg_namespace where nspname !~ '^pg_'")]
        assert connection.execute("select has_schema_privilege('public', 'public', 'usage')").fetchone() == (False,)
    schemas.remove("information_schema")
    assert not [grant for schema in schemas for grant in grants(databases, schema) if grant[1] == "public"]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("table", ADDED_ONLY)
def test_the_case_record_cannot_change_what_it_recorded(
    databases: Databases, recorded: CaseStore, table: str, change: str
) -> None:
    column = FIRST_COLUMN[table]
    with psycopg.connect(databases.main(CASE_RECORD)) as connection, pytest.raises(InsufficientPrivilege):
        connection.execute(change.format(table, column, column).encode())
    assert recorded.load([EVENT.stream])[EVENT.stream] == [EVENT]


@pytest.mark.parametrize(
    "attempt",
    [
        "alter table case_record.events disable trigger all",
        "drop table case_record.events",
        "create table case_record.other (id int)",
        "create table public.other (id int)",
        "create temporary table other (id int)",
        "create role other",
        "set role chungtay_owner",
        "insert into case_record.events values (gen_random_uuid(), 1, 'x', '', 1)",
    ],
)
@pytest.mark.parametrize("role", [CASE_RECORD, RELAY, VERIFIER, "operator", "reader_auditor"])
def test_no_service_makes_itself_stronger(databases: Databases, role: str, attempt: str) -> None:
    with (
        psycopg.connect(databases.main(role)) as connection,
        pytest.raises((InsufficientPrivilege, psycopg.errors.GeneratedAlways)),
    ):
        connection.execute(attempt.encode())


@pytest.mark.parametrize(
    ("role", "table"),
    [(CASE_RECORD, "events"), (RELAY, "events"), ("reader_auditor", "events_without_boxes"), (VERIFIER, "links")],
)
def test_no_service_gives_a_right_away(databases: Databases, role: str, table: str) -> None:
    """PostgreSQL only warns when somebody grants a right that he has but may not pass on."""
    before = grants(databases, "case_record")
    with psycopg.connect(databases.main(role)) as connection:
        connection.execute(f"grant insert, select on case_record.{table} to operator".encode())
    assert grants(databases, "case_record") == before
