"""The contract on the register in memory."""

import pytest

from tests.contract.case_store.contract import CaseStoreContract
from tests.fakes.memory_case_store import MemoryCaseStore
from tests.fakes.memory_event_feed import MemoryEventFeed


class TestMemory(CaseStoreContract):
    @pytest.fixture
    def store(self) -> MemoryCaseStore:
        return MemoryCaseStore()

    @pytest.fixture
    def feed(self, store: MemoryCaseStore) -> MemoryEventFeed:
        return MemoryEventFeed(store)
