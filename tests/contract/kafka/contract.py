"""What publisher and subscriber promise, whatever carries the messages; what topics promise on every broker."""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Sequence

import pytest

from infra.kafka.cluster import BrokerUnreachable, Cluster, cluster_id
from infra.kafka.publisher import Outgoing, Publisher, PublishFailed
from infra.kafka.subscriber import BrokerReborn, Incoming, StartAt, Subscriber
from infra.kafka.topics import CASE_TOPIC, all_topics, ensure_topics
from tests.contract.kafka.servers import BrokerUnderTest, Carrier, Receives, Sends

NOBODY = "127.0.0.1:1"


async def read(subscriber: Receives, mark: bytes, count: int, within_s: float = 15.0) -> list[Incoming]:
    """Return the marked messages as soon as there are `count`; fail when they do not come in time."""
    found: list[Incoming] = []
    async with asyncio.timeout(within_s):
        while len(found) < count:
            found += [got for got in await subscriber.batch(500, 100) if got.value.startswith(mark)]
    return found


def marked(mark: bytes, count: int, keys: int = 5) -> list[Outgoing]:
    """Make messages for the case topic, spread over some keys."""
    return [Outgoing(CASE_TOPIC, b"key-%d" % (n % keys), b"%s-%06d" % (mark, n)) for n in range(count)]


def by_key(messages: Sequence[Incoming]) -> dict[bytes, list[bytes]]:
    """Return the values of each key in the order they came."""
    keys = {message.key for message in messages}
    return {key: [message.value for message in messages if message.key == key] for key in keys}


class CarryingContract:
    """Inherited by one test class a carrier of messages, which gives the fixture `server`."""

    @pytest.fixture
    def mark(self) -> bytes:
        return secrets.token_hex(6).encode()

    @pytest.fixture
    async def publisher(self, server: Carrier) -> AsyncIterator[Sends]:
        publisher = server.publisher()
        await publisher.start()
        yield publisher
        await publisher.stop()

    @pytest.fixture
    async def subscriber(self, server: Carrier) -> AsyncIterator[Receives]:
        subscriber = server.subscriber()
        await subscriber.start()
        yield subscriber
        await subscriber.stop()

    async def test_messages_arrive_whole_and_in_the_order_of_their_key(
        self, publisher: Sends, subscriber: Receives, mark: bytes
    ) -> None:
        sent = marked(mark, 1_000)
        await publisher.send(sent[:600])
        await publisher.send(sent[600:])
        got = by_key(await read(subscriber, mark, len(sent)))
        assert got == {key: [item.value for item in sent if item.key == key] for key in got}
        assert sum(map(len, got.values())) == len(sent)

    async def test_a_message_of_half_a_megabyte_arrives(
        self, publisher: Sends, subscriber: Receives, mark: bytes
    ) -> None:
        value = mark + secrets.token_bytes(500_000)
        await publisher.send([Outgoing(CASE_TOPIC, b"key", value)])
        assert [message.value for message in await read(subscriber, mark, 1)] == [value]

    async def test_a_batch_holds_no_more_than_asked(self, publisher: Sends, subscriber: Receives, mark: bytes) -> None:
        await publisher.send(marked(mark, 50, keys=1))
        await read(subscriber, mark, 50)
        await publisher.send(marked(mark, 50, keys=1))
        sizes: list[int] = []
        async with asyncio.timeout(10):
            while sum(sizes) < 50:
                sizes.append(len(await subscriber.batch(7, 100)))
        assert max(sizes) <= 7

    async def test_reading_goes_on_from_stored_positions(
        self, server: Carrier, publisher: Sends, subscriber: Receives, mark: bytes
    ) -> None:
        await publisher.send(marked(mark + b"-old", 40))
        last = {got.partition: got.offset for got in await read(subscriber, mark, 40)}
        stored = [StartAt(CASE_TOPIC, part, at + 1, subscriber.cluster_id) for part, at in last.items()]
        later = server.subscriber(stored)
        await later.start()
        await publisher.send(marked(mark + b"-new", 40))
        got = await read(later, mark, 40)
        await later.stop()
        assert {message.value[: len(mark) + 4] for message in got} == {mark + b"-new"}

    async def test_positions_of_another_cluster_are_not_used(
        self, server: Carrier, publisher: Sends, mark: bytes
    ) -> None:
        await publisher.send(marked(mark, 40))
        stored = [StartAt(CASE_TOPIC, part, 1_000_000, "another-cluster") for part in range(4)]
        subscriber = server.subscriber(stored)
        await subscriber.start()
        assert len(await read(subscriber, mark, 40)) == 40
        await subscriber.stop()

    async def test_a_reborn_broker_is_noticed_and_carries_on(
        self, server: Carrier, publisher: Sends, subscriber: Receives, mark: bytes
    ) -> None:
        await publisher.send(marked(mark, 40))
        await read(subscriber, mark, 40)
        await asyncio.to_thread(server.reborn)
        with pytest.raises(BrokerReborn):
            await read(subscriber, mark, 1)
        assert await server.cluster_id() != subscriber.cluster_id
        await send_at_last(publisher, marked(mark, 40))
        afresh = server.subscriber()
        await afresh.start()
        assert len(await read(afresh, mark, 40)) >= 40
        await afresh.stop()

    async def test_a_publisher_says_when_the_broker_is_away_and_heals(
        self, server: Carrier, publisher: Sends, mark: bytes
    ) -> None:
        await publisher.send(marked(mark, 3))
        await asyncio.to_thread(server.stop)
        with pytest.raises(PublishFailed):
            await publisher.send(marked(mark, 3))
        await asyncio.to_thread(server.start)
        await send_at_last(publisher, marked(mark, 3))

    async def test_reading_before_the_start_is_refused(self, server: Carrier) -> None:
        with pytest.raises(RuntimeError, match="start"):
            await server.subscriber().batch(1, 1)


class KafkaContract(CarryingContract):
    """Inherited by one test class a broker, which gives the fixture `server`: what only a broker at an address has."""

    async def test_topics_are_made_as_declared_and_once(self, server: BrokerUnderTest) -> None:
        await ensure_topics(server.address)
        await ensure_topics(server.address)
        cluster = Cluster(server.address)
        found = await cluster.partitions([topic.name for topic in all_topics()])
        await cluster.close()
        assert found == {topic.name: tuple(range(topic.partitions)) for topic in all_topics()}

    async def test_asking_for_a_topic_does_not_make_it(self, server: BrokerUnderTest) -> None:
        cluster = Cluster(server.address)
        assert await cluster.partitions(["nobody.made.v1"]) == {}
        assert await cluster.partitions(["nobody.made.v1"]) == {}
        await cluster.close()

    async def test_nobody_at_the_address_is_told_plainly(self) -> None:
        with pytest.raises(BrokerUnreachable):
            await Subscriber(NOBODY, [CASE_TOPIC]).start()
        with pytest.raises(PublishFailed):
            await Publisher(NOBODY, "contract").start()
        with pytest.raises(BrokerUnreachable):
            await cluster_id(NOBODY)


async def send_at_last(publisher: Sends, items: Sequence[Outgoing], within_s: float = 20.0) -> None:
    """Send again until it arrived, as everyone who keeps what it sends in PostgreSQL does."""
    deadline = time.monotonic() + within_s
    while True:
        try:
            return await publisher.send(items)
        except PublishFailed:
            if time.monotonic() > deadline:
                raise
