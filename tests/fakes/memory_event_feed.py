"""The register in memory, as its followers read it."""

from uuid import UUID

from infra.postgres.case_batch import StoredEvent
from infra.postgres.event_feed import FeedItem
from tests.fakes.memory_case_store import MemoryCaseStore


class MemoryEventFeed:
    """Gives every event its place in the whole history, from 1."""

    def __init__(self, store: MemoryCaseStore) -> None:
        self._store = store

    async def after(self, position: int, limit: int) -> list[FeedItem]:
        found = self._store.history[position : position + limit]
        return [FeedItem(position + place, event) for place, event in enumerate(found, 1)]

    async def high_water(self) -> int:
        return len(self._store.history)

    async def stream(self, stream_id: UUID, from_version: int = 1) -> list[StoredEvent]:
        return self._store.load([stream_id])[stream_id][from_version - 1 :]
