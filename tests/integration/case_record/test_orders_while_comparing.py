"""An order to seal that a door accepts while children are compared is heeded, or is accepted after they were told."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from infra.embedded.databases import Databases
from infra.postgres.case_batch import Batch
from infra.postgres.case_store import CaseStore
from infra.postgres.locks import AdvisoryLock
from infra.postgres.roles import CASE_RECORD, OWNER
from infra.postgres.sealings import write_orders
from tests.controls.office import Office
from tests.controls.statements import at, sealed, states
from tests.controls.worlds import POLICE
from tests.integration.case_record.town import CHILD, HEARD, RAISED, Town
from tests.waiting import eventually

ORDER = states("privacy.record_sealed", "R-201", at=at("06T22:00"), by=POLICE, units_in_sight=[POLICE], id="order")
_WAITS = "select count(*) from pg_locks where locktype = 'advisory' and objid = %s and not granted"


class _Meanwhile(CaseStore):
    """Lets something happen once between what a comparison read and what it writes."""

    happens: Callable[[], None] | None = None

    def append(self, batch: Batch) -> None:
        if batch.compared and self.happens:
            happens, self.happens = self.happens, None
            happens()
        super().append(batch)


@pytest.fixture(params=["R-201", "R-301"])
def ordered(request: pytest.FixtureRequest) -> str:
    """Return of which of two an order is accepted."""
    return str(request.param)


def test_an_order_that_was_accepted_before_the_commit_is_heeded(databases: Databases, ordered: str) -> None:
    store = _Meanwhile(databases.main(CASE_RECORD), simulated=False)
    town = Town(Office(store), databases)
    town.name(HEARD, CHILD)
    by = {"R-201": POLICE, "R-301": RAISED.by}[ordered]
    store.happens = lambda: town.order(ordered, by)
    town.name(RAISED, CHILD)
    assert store.happens is None
    assert town.types("R-201") == town.types("R-301") == []
    store.close()


async def test_an_order_that_is_about_to_be_accepted_is_waited_for(databases: Databases, store: CaseStore) -> None:
    """The door has not answered yet: were it not waited for, units would be told between the order and the answer."""
    town = Town(Office(store), databases)
    town.name(HEARD, CHILD)
    town.mark(RAISED, CHILD)
    async with await psycopg.AsyncConnection.connect(databases.main("door_police")) as door:
        await write_orders(door, [sealed(ORDER, "R-201")])
        with ThreadPoolExecutor(1) as beside, psycopg.connect(databases.main(OWNER), autocommit=True) as watching:
            telling = beside.submit(town.office.send, RAISED)
            eventually(lambda: watching.execute(_WAITS, [AdvisoryLock.SEALING.value]).fetchone() == (1,))
            await door.commit()
            telling.result(60)
    assert town.types("R-201") == town.types("R-301") == []
