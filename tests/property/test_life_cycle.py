"""Whatever agencies state, in whatever order and whatever dies: the register equals the model after every step."""

import asyncio

from hypothesis import HealthCheck, settings

from tests.fakes.memory_case_store import MemoryCaseStore
from tests.fakes.memory_event_feed import MemoryEventFeed
from tests.fakes.memory_view_store import MemoryViewStore
from tests.property.life_cycle.machine import LifeCycle
from tests.property.life_cycle.town import Stores


def in_memory() -> Stores:
    store = MemoryCaseStore()
    views = MemoryViewStore(store)
    return Stores(store, MemoryEventFeed(store), views, views, asyncio.Runner())


class InMemory(LifeCycle):
    make_stores = staticmethod(in_memory)
    end_stores = staticmethod(lambda stores: stores.runner.close())


TestLifeCycle = InMemory.TestCase
TestLifeCycle.settings = settings(
    max_examples=15, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
)
