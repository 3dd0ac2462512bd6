"""An auditor is told what an audience saw while an order to seal was accepted and nobody had decided on it."""

from datetime import datetime

import psycopg
import pytest

from infra.postgres.audit_reader import AuditReader, OrderRow
from infra.postgres.pool import open_pool
from infra.postgres.roles import OWNER
from tests.integration.reading.auditing import history
from tests.integration.reading.house import House
from tests.integration.reading.test_sealed import LEAD, NAMED
from tests.privacy.scenario_streams import STREAMS

BEFORE, MEANWHILE, AFTER = (f"2026-08-01T{hour}:00:00Z" for hour in ("01", "03", "05"))
ACCEPTED_AT, DECIDED_AT = (datetime.fromisoformat(f"2026-08-01T{hour}:00:00Z") for hour in ("02", "04"))


@pytest.fixture
def refused_order(a_case_in_full_work: House) -> House:
    """An order by which the unit that leads would hide the case from all but another; refused two hours later."""
    with psycopg.connect(a_case_in_full_work.databases.main(OWNER)) as connection:
        name = "insert into case_record.reference_index values (%s, 'HS-1', %s, 'case')"
        connection.execute(name, [LEAD, STREAMS["C-55"]])
        order = "insert into sealing.orders values (%s, %s, %s, %s, %s, %s)"
        connection.execute(order, [LEAD, "refused", "HS-1", [NAMED], ACCEPTED_AT, DECIDED_AT])
        connection.execute(order, [LEAD, "of-another", "HS-2", [], ACCEPTED_AT, None])
    return a_case_in_full_work


async def test_it_is_told_which_orders_were_accepted_of_the_streams_it_names_and_of_no_others(
    refused_order: House,
) -> None:
    pool = await open_pool(refused_order.databases.main("reader_auditor"))
    refused_order.stack.push_async_callback(pool.close)
    found = await AuditReader(pool).orders(refused_order.streams)
    assert found == [OrderRow(STREAMS["C-55"], LEAD, (NAMED,), ACCEPTED_AT, DECIDED_AT)]
    assert await AuditReader(pool).orders([]) == []


async def test_what_was_accepted_and_not_decided_on_hid_the_case_though_it_was_refused(refused_order: House) -> None:
    seen = {}
    for audience in ("education", "police", "case_manager", "auditor"):
        told = [await history(refused_order, audience=audience, known_at=at) for at in (BEFORE, MEANWHILE, AFTER)]
        seen[audience] = [one["file"] is not None for one in told]
        assert [bool(one["entries"]) for one in told] == seen[audience]
    assert seen.pop("education") == [True, False, True]
    assert set(map(tuple, seen.values())) == {(True, True, True)}
