"""A broker in memory: topics with partitions, an id that changes when it comes back empty."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from zlib import crc32

from infra.kafka.publisher import Outgoing, PublishFailed
from infra.kafka.subscriber import BrokerReborn, Incoming, StartAt
from infra.kafka.topics import all_topics

Partition = tuple[str, int]

_PARTITIONS = {topic.name: topic.partitions for topic in all_topics()}


@dataclass
class MemoryBroker:
    """Keeps messages in the order they came; stops, starts, forgets."""

    running: bool = True
    lives: int = 1
    kept: defaultdict[Partition, list[Incoming]] = field(default_factory=lambda: defaultdict(list))

    @property
    def id(self) -> str:
        return f"memory-{self.lives}"

    def start(self) -> None:
        self.running = True

    def stop(self) -> None:
        self.running = False

    def reborn(self) -> None:
        """Come back as another cluster, with nothing."""
        self.lives += 1
        self.kept.clear()

    def keep(self, item: Outgoing) -> None:
        partition = (item.topic, crc32(item.key) % _PARTITIONS[item.topic])
        messages = self.kept[partition]
        messages.append(Incoming(*partition, len(messages), item.key, item.value))


class MemoryPublisher:
    """Sends to a broker in memory, or says that it is away."""

    def __init__(self, broker: MemoryBroker) -> None:
        self._broker = broker

    async def start(self) -> None:
        if not self._broker.running:
            raise PublishFailed("away")

    async def stop(self) -> None:
        """Nothing is on its way."""

    async def send(self, items: Sequence[Outgoing]) -> None:
        await self.start()
        for item in items:
            self._broker.keep(item)


class MemorySubscriber:
    """Reads topics of a broker in memory from given positions or the beginning."""

    def __init__(self, broker: MemoryBroker, topics: Sequence[str], positions: Sequence[StartAt] = ()) -> None:
        self._broker = broker
        self._partitions = [(topic, part) for topic in topics for part in range(_PARTITIONS[topic])]
        self._positions = tuple(positions)
        self._next: dict[Partition, int] | None = None
        self._cluster_id = ""

    @property
    def cluster_id(self) -> str:
        return self._cluster_id

    async def start(self) -> None:
        self._cluster_id = self._broker.id
        own = {None, self._cluster_id}
        self._next = {(at.topic, at.partition): at.next_offset for at in self._positions if at.cluster_id in own}

    async def stop(self) -> None:
        """Nothing is held."""

    async def batch(self, max_records: int, wait_ms: int) -> list[Incoming]:  # noqa: ARG002 - as the real one
        if self._next is None:
            raise RuntimeError("start the subscriber before reading from it")
        if self._cluster_id != self._broker.id:
            raise BrokerReborn(self._cluster_id)
        await asyncio.sleep(0)  # whoever would send gets a turn; nobody waits for `wait_ms`
        return self._take(self._next, max_records) if self._broker.running else []

    def _take(self, at: dict[Partition, int], max_records: int) -> list[Incoming]:
        found: list[Incoming] = []
        for partition in self._partitions:
            first = at.get(partition, 0)
            taken = self._broker.kept.get(partition, [])[first : first + max_records - len(found)]
            at[partition] = first + len(taken)
            found += taken
        return found
