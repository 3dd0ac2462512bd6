"""Where a run of the life cycle keeps everything: in memory, or in PostgreSQL."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from infra.postgres.case_store import CaseStore
from infra.postgres.event_feed import EventFeed
from infra.postgres.roles import CASE_RECORD, PROJECTOR
from infra.postgres.view_store import ViewStore
from tests.fakes.memory_case_store import MemoryCaseStore
from tests.fakes.memory_event_feed import MemoryEventFeed
from tests.fakes.memory_view_store import MemoryViewStore
from tests.fixtures.databases import DatabasesServer
from tests.fixtures.views import Views
from tests.property.life_cycle.machine import LifeCycle
from tests.property.life_cycle.town import Stores


@contextmanager
def in_memory() -> Iterator[Stores]:
    store = MemoryCaseStore()
    views = MemoryViewStore(store)
    with asyncio.Runner() as runner:
        yield Stores(store, MemoryEventFeed(store), views, views, runner)


class InMemory(LifeCycle):
    open_stores = staticmethod(in_memory)


@dataclass(frozen=True)
class InPostgres:
    """Gives every run databases of its own."""

    server: DatabasesServer

    def machine(self) -> type[LifeCycle]:
        return type("OnPostgres", (LifeCycle,), {"open_stores": staticmethod(self.opened)})

    @contextmanager
    def opened(self) -> Iterator[Stores]:
        databases = self.server.copy()
        store = CaseStore(databases.main(CASE_RECORD), simulated=False)
        feed, views = EventFeed(databases.main(PROJECTOR)), ViewStore(databases.main(PROJECTOR))
        reads = Views(databases)
        with asyncio.Runner() as runner:
            yield Stores(store, feed, views, reads, runner)
            runner.run(feed.close())
            runner.run(views.close())
        reads.close()
        store.close()
        self.server.drop(databases)
