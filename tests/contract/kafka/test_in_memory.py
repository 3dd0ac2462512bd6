"""The contract on the broker in memory."""

from collections.abc import Sequence

import pytest

from infra.kafka.subscriber import StartAt
from infra.kafka.topics import CASE_TOPIC
from tests.contract.kafka.contract import CarryingContract
from tests.fakes.memory_broker import MemoryBroker, MemoryPublisher, MemorySubscriber


class MemoryUnderTest(MemoryBroker):
    def publisher(self) -> MemoryPublisher:
        return MemoryPublisher(self)

    def subscriber(self, positions: Sequence[StartAt] = ()) -> MemorySubscriber:
        return MemorySubscriber(self, [CASE_TOPIC], positions)

    async def cluster_id(self) -> str:
        return self.id


class TestMemory(CarryingContract):
    @pytest.fixture
    def server(self) -> MemoryUnderTest:
        return MemoryUnderTest()
