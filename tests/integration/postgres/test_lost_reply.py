"""A commit whose reply is lost took place once, and is told as not known."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from infra.embedded.databases import Databases
from infra.postgres.case_store import Batch, CaseStore, Conflict, DatabaseUnreachableError
from infra.postgres.roles import CASE_RECORD
from tests.fixtures.case_batches import chained, recorded_message, stream_of
from tests.integration.postgres.swallowing_proxy import SwallowingProxy

BATCH = Batch(events=chained(stream_of(1), 2), inbox=(recorded_message(1),))


@pytest.mark.parametrize("batch", [BATCH, replace(BATCH, events=())], ids=["events", "no events"])
def test_a_commit_with_a_lost_reply_is_not_run_again(databases: Databases, store: CaseStore, batch: Batch) -> None:
    with SwallowingProxy(databases.port) as wire:
        beyond = CaseStore(replace(databases, port=wire.port).main(CASE_RECORD), simulated=False)
        wire.swallow_next_commit()
        with pytest.raises(DatabaseUnreachableError):
            beyond.append(batch)
        assert wire.swallowed.is_set()
        beyond.close()
    assert store.inbox([("hotline_111", "event-1")]) == {("hotline_111", "event-1"): BATCH.inbox[0]}
    assert store.load([stream_of(1)])[stream_of(1)] == list(batch.events)
    with pytest.raises(Conflict):
        store.append(batch)


def test_a_store_goes_on_after_its_connections_were_cut(
    databases: Databases, store: CaseStore, cut_connections: Callable[[str], None]
) -> None:
    assert store.all_waiting_keys() == set()
    cut_connections(databases.main_name)
    store.append(BATCH)
    assert store.load([stream_of(1)])[stream_of(1)] == list(BATCH.events)
