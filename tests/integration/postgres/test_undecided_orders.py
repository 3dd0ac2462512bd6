"""What undecided orders cost a read: counted in rows that are read of the register, not in time."""

from collections.abc import Iterator
from uuid import UUID

import psycopg
import pytest
from psycopg.types.json import Jsonb

from infra.embedded.databases import Databases
from infra.postgres.roles import OWNER

UNIT = "child_protection_00340"
CASE, REPORT = UUID(int=55), UUID(int=101)
_READ = (
    "select coalesce(sum(seq_tup_read + idx_tup_fetch), 0)::int from pg_stat_xact_user_tables"
    " where relid = 'case_record.events'::regclass"
)


@pytest.fixture
def register(databases: Databases) -> Iterator[psycopg.Connection]:
    """A case with one report, in a transaction that is not kept; the planner finds no table too small for an index."""
    with psycopg.connect(databases.main(OWNER)) as connection:
        connection.execute("set local enable_seqscan = off")
        record(connection, CASE, 1, "case.case_opened.v1", lead_unit=UNIT)
        record(connection, CASE, 2, "case.report_linked.v1", report=str(REPORT))
        record(connection, REPORT, 1, "case.report_linked.v1", case=str(CASE))
        names = "insert into case_record.reference_index values (%s, 'R-101', %s, 'report')"
        connection.execute(names, [UNIT, REPORT])
        yield connection
        connection.rollback()


def record(register: psycopg.Connection, stream: UUID, version: int, type_: str, **told: str) -> None:
    register.execute(
        "insert into case_record.events (originator_id, originator_version, topic, state)"
        " values (%s, %s, %s, convert_to(%s::text, 'UTF8'))",
        [stream, version, type_, Jsonb({"data": {"open": told}})],
    )


def order(register: psycopg.Connection, number: int) -> None:
    """Order that it be sealed from everybody but another unit each time."""
    register.execute(
        "insert into sealing.orders values (%s, %s, 'R-101', %s, now())",
        [UNIT, f"order-{number}", [f"unit_{number}"]],
    )


def rows_read(register: psycopg.Connection) -> int:
    """Return how many rows of the history were read to say what is hidden from a stranger: the case and its report."""
    [[before]] = register.execute(_READ).fetchall()
    hidden = {row[0] for row in register.execute("select stream from sealing.hidden_from(array['stranger'])")}
    assert hidden == {CASE, REPORT}
    [[after]] = register.execute(_READ).fetchall()
    return int(after) - int(before)


def test_however_many_orders_call_a_case_by_one_name_it_is_looked_up_once(register: psycopg.Connection) -> None:
    order(register, 1)
    once = rows_read(register)
    for number in range(2, 40):
        order(register, number)
    assert 0 < rows_read(register) == once


def test_however_long_the_history_of_a_case_few_of_its_rows_are_read(register: psycopg.Connection) -> None:
    order(register, 1)
    once = rows_read(register)
    for version in range(3, 300):
        record(register, CASE, version, "police.scene_attended.v1")
    assert rows_read(register) == once


@pytest.mark.parametrize("named", ["R-101", ""])
def test_a_link_that_names_no_stream_hides_none(register: psycopg.Connection, named: str) -> None:
    """Nor would a stream that is null: to whoever asks whether a case is among them it is every case."""
    record(register, CASE, 3, "case.report_linked.v1", report=named)
    order(register, 1)
    assert rows_read(register)


def test_each_order_hides_from_whom_it_does_not_name(register: psycopg.Connection) -> None:
    """Who is named by one of two orders is hidden from by the other."""
    order(register, 1)
    order(register, 2)
    for units, hidden in ((["unit_1"], 2), (["unit_1", "unit_2"], 0), ([UNIT], 0)):
        [[found]] = register.execute(
            "select count(distinct stream) from sealing.hidden_from(%s::text[])", [units]
        ).fetchall()
        assert found == hidden, units
