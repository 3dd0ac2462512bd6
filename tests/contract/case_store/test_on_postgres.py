"""The contract on PostgreSQL, and what only a database can promise."""

from collections.abc import AsyncIterator

import pytest

from infra.embedded.databases import Databases
from infra.postgres.case_store import Batch, CaseStore, Conflict, WrongClockError
from infra.postgres.event_feed import EventFeed
from infra.postgres.roles import CASE_RECORD, RELAY
from infra.postgres.singleton import AlreadyRunningError
from tests.contract.case_store.contract import TWO, WHOLE, CaseStoreContract
from tests.fixtures.case_batches import reference_to


class TestPostgres(CaseStoreContract):
    @pytest.fixture
    async def feed(self, databases: Databases) -> AsyncIterator[EventFeed]:
        opened = EventFeed(databases.main(RELAY))
        yield opened
        await opened.close()


def test_a_conflict_names_no_value(store: CaseStore) -> None:
    store.append(WHOLE)
    with pytest.raises(Conflict) as caught:
        store.append(Batch(references=(reference_to(TWO),)))
    assert str(caught.value) == "reference_index_pkey"


@pytest.mark.parametrize("simulated", [True, False])
def test_a_store_refuses_the_other_clock(databases: Databases, *, simulated: bool) -> None:
    CaseStore(databases.main(CASE_RECORD), simulated=simulated).close()
    CaseStore(databases.main(CASE_RECORD), simulated=simulated).close()
    with pytest.raises(WrongClockError):
        CaseStore(databases.main(CASE_RECORD), simulated=not simulated)


def test_only_one_case_record_works_on_a_store(store: CaseStore) -> None:
    with store.hold_singleton() as held:
        held.check()
        with pytest.raises(AlreadyRunningError):
            store.hold_singleton(wait_s=0.05)
    store.hold_singleton(wait_s=5).release()
