"""The database wall: each audience's reader reaches its own schema and no other, read off pg_catalog and tried."""

import psycopg
import pytest

from events.parties import Audience
from infra.embedded.databases import Databases
from infra.postgres.roles import AUDIENCES, OWNER, reader_role

_TABLES = ("case_files", "entries", "case_references", "likeness", "access_log")
_AGREEMENT = ("agreement", "versions", "SELECT")  # what every reader applies
# Who may break glass seals why, and what is sealed is kept under the barrier of erasures.
_BARRIER = ("erasure", "carried_out", "SELECT")
_BREAKS_GLASS = {Audience.POLICE, Audience.HEALTH, Audience.CASE_MANAGER}

_RIGHTS = """\
select table_schema, table_name, privilege_type
from information_schema.role_table_grants
where grantee = %s"""


def rights(databases: Databases, role: str) -> set[tuple[str, str, str]]:
    with psycopg.connect(databases.main(OWNER)) as connection:
        return set(connection.execute(_RIGHTS, [role]).fetchall())


@pytest.mark.parametrize("audience", [audience for audience in AUDIENCES if audience is not Audience.AUDITOR])
def test_a_reader_has_rights_in_its_own_schema_alone(databases: Databases, audience: Audience) -> None:
    view = f"view_{audience}"
    besides = {_BARRIER} if audience in _BREAKS_GLASS else set()
    assert rights(databases, f"reader_{audience}") - besides == {
        (view, "case_files", "SELECT"),
        (view, "entries", "SELECT"),
        (view, "case_references", "SELECT"),
        (view, "likeness", "SELECT"),
        (view, "access_log", "INSERT"),
        _AGREEMENT,
    }
    assert besides <= rights(databases, f"reader_{audience}")


def test_the_auditor_reads_the_register_and_every_log_and_of_the_views_its_own(databases: Databases) -> None:
    logs = {(f"view_{audience}", "access_log", "SELECT") for audience in AUDIENCES}
    register = {("case_record", table, "SELECT") for table in ("events_without_boxes", "links", "inbox", "shown")}
    own = {("view_auditor", table, "SELECT") for table in ("case_files", "entries", "case_references", "likeness")}
    more = {("view_auditor", "access_log", "INSERT"), _AGREEMENT}
    assert rights(databases, "reader_auditor") == logs | register | own | more


@pytest.mark.parametrize("table", _TABLES)
def test_the_police_cannot_read_the_view_of_health(databases: Databases, table: str) -> None:
    with (
        psycopg.connect(databases.main("reader_police")) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(f"select * from view_health.{table}")


@pytest.mark.parametrize("audience", AUDIENCES)
def test_no_reader_reaches_the_schema_of_another(databases: Databases, audience: Audience) -> None:
    with psycopg.connect(databases.main(reader_role(audience)), autocommit=True) as connection:
        for other in AUDIENCES:
            if other != audience:
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(f"select * from view_{other}.entries")


@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("statement", ["update {t} set at = now()", "delete from {t}", "truncate {t}"])
def test_what_was_looked_at_cannot_be_unwritten(databases: Databases, audience: Audience, statement: str) -> None:
    with (
        psycopg.connect(databases.main(reader_role(audience))) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(statement.format(t=f"view_{audience}.access_log").encode())


def test_readers_reach_no_door_and_no_projector(databases: Databases) -> None:
    with psycopg.connect(databases.main(OWNER)) as connection:
        found = connection.execute(
            "select r.rolname, n.nspname from pg_roles r, pg_namespace n"
            " where r.rolname like 'reader\\_%' and (n.nspname like 'door\\_%' or n.nspname in ('projector', 'relay'))"
            " and has_schema_privilege(r.rolname, n.nspname, 'usage')"
        ).fetchall()
    assert found == []
