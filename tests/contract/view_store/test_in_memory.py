"""The contract on views in memory."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

import pytest

from events.envelope import RecordedEvent
from events.parties import Audience
from infra.postgres.case_batch import Batch
from projections.rebuild import Rebuilt
from tests.contract.view_store.contract import ViewStoreContract
from tests.fakes.memory_case_store import MemoryCaseStore
from tests.fakes.memory_event_feed import MemoryEventFeed
from tests.fakes.memory_view_store import MemoryViewStore
from tests.fixtures.views import stored


@dataclass(frozen=True)
class MemoryReads:
    store: MemoryCaseStore
    kept: MemoryViewStore

    def record(self, *streams: Collection[RecordedEvent]) -> None:
        self.store.append(Batch(events=tuple(event for events in streams for event in stored(events))))

    def of(self, audience: Audience, stream: UUID) -> Rebuilt:
        return self.kept.of(audience, stream)


class TestMemory(ViewStoreContract):
    @pytest.fixture
    def memory(self) -> MemoryCaseStore:
        return MemoryCaseStore()

    @pytest.fixture
    def kept(self, memory: MemoryCaseStore) -> MemoryViewStore:
        return MemoryViewStore(memory)

    @pytest.fixture
    def register(self, memory: MemoryCaseStore) -> MemoryEventFeed:
        return MemoryEventFeed(memory)

    @pytest.fixture
    def reads(self, memory: MemoryCaseStore, kept: MemoryViewStore) -> MemoryReads:
        return MemoryReads(memory, kept)
