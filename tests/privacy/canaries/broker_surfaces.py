"""What lies on the broker: messages, their keys and headers, names of topics and of groups."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any, Literal

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from infra.kafka.topics import all_topics
from tests.privacy.canaries.scene import Message, Piece, Scene

Part = Literal["value", "key", "headers"]

_QUIET_MS = 1500
_LEAKS = "police.events.v1"


def values(scene: Scene) -> Iterator[Piece]:
    """Yield the value of every message, and keep all messages for `messages`."""
    scene.messages = asyncio.run(_all(_broker(scene)))
    yield from messages("value")(scene)


def messages(part: Part, topics: Callable[[str], bool] = lambda _: True) -> Callable[[Scene], Iterator[Piece]]:
    """Return the reader of one part of the messages of some topics, as `values` read them last."""

    def read(scene: Scene) -> Iterator[Piece]:
        for message in scene.messages:
            if topics(message.topic):
                yield Piece(message.topic, getattr(message, part))

    return read


def topic_names(scene: Scene) -> Iterator[Piece]:
    names = asyncio.run(_asked(_broker(scene), lambda admin: admin.list_topics()))
    yield Piece("topics", "\n".join(names).encode())


def group_names(scene: Scene) -> Iterator[Piece]:
    groups = asyncio.run(_asked(_broker(scene), lambda admin: admin.list_consumer_groups()))
    yield Piece("groups", str(groups).encode())


def send(part: Part, topic: str = _LEAKS) -> Callable[[Scene, bytes], None]:
    """Return how to put a message on a topic with a leak in one part."""

    def plant(scene: Scene, said: bytes) -> None:
        asyncio.run(_send(_broker(scene), topic, part, said))

    return plant


def make_topic(scene: Scene, said: bytes) -> None:
    new = [NewTopic(name=said.decode(), num_partitions=1, replication_factor=1)]
    asyncio.run(_asked(_broker(scene), lambda admin: admin.create_topics(new)))


def make_group(scene: Scene, said: bytes) -> None:
    asyncio.run(_keep_a_place(_broker(scene), said.decode()))


def _broker(scene: Scene) -> str:
    return str(scene.platform.endpoints()["kafka"])


async def _all(broker: str) -> list[Message]:
    consumer = AIOKafkaConsumer(bootstrap_servers=broker, auto_offset_reset="earliest", enable_auto_commit=False)
    await consumer.start()
    try:
        names = [topic.name for topic in all_topics()]
        consumer.assign([TopicPartition(name, n) for name in names for n in consumer.partitions_for_topic(name) or ()])
        return [message async for message in _until_quiet(consumer)]
    finally:
        await consumer.stop()


async def _until_quiet(consumer: Any) -> AsyncIterator[Message]:
    await consumer.seek_to_beginning()
    while batches := await consumer.getmany(timeout_ms=_QUIET_MS, max_records=1000):
        for records in batches.values():
            for record in records:
                headers = b"\n".join(name.encode() + b": " + value for name, value in record.headers)
                yield Message(record.topic, record.value or b"", record.key or b"", headers)


async def _send(broker: str, topic: str, part: Part, said: bytes) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=broker, acks=1, enable_idempotence=False)
    await producer.start()
    try:
        headers = [("debug", said)] if part == "headers" else None
        value = said if part == "value" else b"{}"
        await producer.send_and_wait(topic, value, key=said if part == "key" else b"k", headers=headers)
    finally:
        await producer.stop()


async def _asked(broker: str, ask: Callable[[Any], Any]) -> Any:
    admin = AIOKafkaAdminClient(bootstrap_servers=broker)
    await admin.start()
    try:
        return await ask(admin)
    finally:
        await admin.close()


async def _keep_a_place(broker: str, group: str) -> None:
    """Make a group by the place that it keeps: whoever joins one waits seconds for others."""
    consumer = AIOKafkaConsumer(bootstrap_servers=broker, group_id=group, enable_auto_commit=False)
    await consumer.start()
    try:
        first = TopicPartition(_LEAKS, 0)
        consumer.assign([first])
        await consumer.commit({first: 0})
    finally:
        await consumer.stop()
