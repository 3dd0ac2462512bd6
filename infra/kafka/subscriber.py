"""Read topics from stored positions, without a group, and notice when the broker is another one.

Positions live in PostgreSQL with what was written because of them; a position of another cluster is
worthless and is not used.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from infra.kafka.cluster import BrokerUnreachable, Cluster
from infra.kafka.topics import all_topics, ensure_on
from infra.tasks import end_all

_CHECK_EVERY_S = 1.0
QUICK_MS = 50  # Tansu holds a fetch for about half of it even when data are there
_SILENT_S = 15.0
_REQUEST_TIMEOUT_MS = 5_000


@dataclass(frozen=True, slots=True)
class StartAt:
    """Where to go on in one partition; a position of another cluster than the present one is ignored.

    `cluster_id` None: the caller has compared it.
    """

    topic: str
    partition: int
    next_offset: int
    cluster_id: str | None = None


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message as it lies in Kafka."""

    topic: str
    partition: int
    offset: int
    key: bytes
    value: bytes


class BrokerReborn(ConnectionError):  # noqa: N818 - named for what happened
    """Another cluster answers than at the start: stop, and start again from the beginning."""


class Subscriber:
    """Reads all partitions of some topics, from given positions or the beginning.

    Silence is not trusted: a consumer may hang and look alive (aiokafka #1154), so one that brought nothing for
    `silent_s` is replaced at its positions. `fetch_wait_ms`: how long the broker may hold a fetch that finds nothing;
    the longer, the fewer requests of an idle consumer, the later a message.
    """

    def __init__(
        self,
        broker: str,
        topics: Sequence[str],
        positions: Sequence[StartAt] = (),
        *,
        fetch_wait_ms: int = QUICK_MS,
        silent_s: float = _SILENT_S,
    ) -> None:
        self._broker = broker
        self._topics = tuple(topics)
        self._positions = tuple(positions)
        self._cluster = Cluster(broker)
        self._cluster_id = ""
        self._next: dict[TopicPartition, int] = {}
        self._partitions: list[TopicPartition] = []
        self._consumer: AIOKafkaConsumer | None = None
        self._watch: asyncio.Task[None] | None = None
        self._was_away = False
        self._fetch_wait_ms = fetch_wait_ms
        self._silent_s = silent_s
        self._heard_at = 0.0

    @property
    def cluster_id(self) -> str:
        """The cluster that was there at the start: what positions are stored with."""
        return self._cluster_id

    @property
    def reaches_the_broker(self) -> bool:
        """Whether the broker answered when it was asked last."""
        return not self._was_away

    async def start(self) -> None:
        """Connect, create missing topics, go to the positions.

        Raises:
            BrokerUnreachable: if no broker answers.
            TopicRefused: if a missing topic could not be created.
        """
        self._cluster_id = await self._cluster.id()
        await ensure_on(self._cluster, [topic for topic in all_topics() if topic.name in self._topics])
        found = await self._cluster.partitions(self._topics)
        self._partitions = [TopicPartition(topic, part) for topic, parts in found.items() for part in parts]
        self._next = {
            TopicPartition(at.topic, at.partition): at.next_offset
            for at in self._positions
            if at.cluster_id in {None, self._cluster_id}
        }
        self._consumer = await self._consuming()
        self._watch = asyncio.create_task(self._watch_cluster())

    async def stop(self) -> None:
        """Disconnect."""
        if self._watch is not None:
            await end_all([self._watch])
        if self._consumer is not None:
            await _end(self._consumer)
        await self._cluster.close()

    async def batch(self, max_records: int, wait_ms: int) -> list[Incoming]:
        """Return the next messages, or none when none came within `wait_ms` or the broker is away.

        Order: by offset within a partition; partitions one after another.

        Raises:
            BrokerReborn: if the cluster is another than at the start.
            RuntimeError: if it was not started.
        """
        if self._consumer is None or self._watch is None:
            raise RuntimeError("start the subscriber before reading from it")
        if self._watch.done():
            self._watch.result()
        if self._was_away or _now() - self._heard_at > self._silent_s:
            await self._connect_anew(self._consumer)
        found = await self._consumer.getmany(timeout_ms=wait_ms, max_records=max_records)
        if found:
            self._heard_at = _now()
        for partition, records in found.items():
            self._next[partition] = records[-1].offset + 1
        return [
            Incoming(record.topic, record.partition, record.offset, record.key or b"", record.value or b"")
            for records in found.values()
            for record in records
        ]

    async def _consuming(self) -> AIOKafkaConsumer:
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self._broker,
            group_id=None,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            fetch_max_wait_ms=self._fetch_wait_ms,
            request_timeout_ms=_REQUEST_TIMEOUT_MS,
        )
        try:
            await consumer.start()
        except (KafkaError, OSError) as problem:
            await _end(consumer)
            raise BrokerUnreachable(f"{self._broker}: {type(problem).__name__}") from problem
        consumer.assign(self._partitions)
        for partition, offset in self._next.items():
            if partition in self._partitions:
                consumer.seek(partition, offset)
        self._heard_at = _now()
        return consumer

    async def _connect_anew(self, old: AIOKafkaConsumer) -> None:
        """Replace a consumer that saw the broker go away or brought nothing: it may be stuck (aiokafka #1154)."""
        try:
            self._consumer = await self._consuming()
        except BrokerUnreachable:
            return  # away again: the old one stays until the next batch
        self._was_away = False
        await _end(old)

    async def _watch_cluster(self) -> None:
        while True:
            await asyncio.sleep(_CHECK_EVERY_S)
            try:
                found = await self._cluster.id()
            except BrokerUnreachable:
                self._was_away = True
                continue
            if found != self._cluster_id:
                raise BrokerReborn(self._broker)


def _now() -> float:
    return asyncio.get_running_loop().time()


async def _end(consumer: AIOKafkaConsumer) -> None:
    """Stop a consumer, also one that waits for a broker that is away.

    aiokafka 0.14.0 then lets the cancelling of its own fetch escape from `stop`, as if we were cancelled,
    and leaves its client open.
    """
    stopping = asyncio.create_task(consumer.stop())
    await asyncio.wait([stopping])
    if stopping.cancelled():
        await consumer._client.close()  # noqa: SLF001 - what `stop` would have done next
    else:
        stopping.result()
