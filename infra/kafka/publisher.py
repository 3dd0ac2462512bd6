"""Send messages to Kafka and know that they arrived.

No idempotent producer and no transactions: whoever sends keeps what it sends in PostgreSQL and sends again;
whoever receives knows a message it has seen (architecture §2).
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from infra.kafka.cluster import BrokerUnreachable, TopicRefused
from infra.kafka.topics import all_topics, ensure_topics

_REQUEST_TIMEOUT_MS = 5_000
_MAX_MESSAGE_BYTES = 1_048_576


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message to send; messages with the same topic and key arrive in the order they were sent."""

    topic: str
    key: bytes
    value: bytes


class PublishFailed(ConnectionError):  # noqa: N818 - named for what happened
    """Some of the messages may not have arrived; some may have. Send all of them again."""


class Publisher:
    """Sends batches, acknowledged by all in-sync replicas; heals itself after a failure."""

    def __init__(self, broker: str, client_id: str) -> None:
        self._broker = broker
        self._client_id = client_id
        self._producer: AIOKafkaProducer | None = None

    async def start(self) -> None:
        """Connect, and create topics that are missing.

        Raises:
            PublishFailed: if no broker answers.
        """
        await self._connected()

    async def stop(self) -> None:
        """Disconnect; nothing is on its way, for every send was waited for."""
        producer, self._producer = self._producer, None
        if producer is not None:
            await producer.stop()

    async def send(self, items: Sequence[Outgoing]) -> None:
        """Return when all messages are acknowledged.

        Order: messages of one topic and key arrive in the order given.

        Raises:
            PublishFailed: if not all were; the next send connects anew and re-creates missing topics.
        """
        producer = await self._connected()
        problems = await _acknowledged(producer, items)
        if problems:
            await self.stop()
            raise PublishFailed(type(problems[0]).__name__)

    async def _connected(self) -> AIOKafkaProducer:
        if self._producer is not None:
            return self._producer
        producer = AIOKafkaProducer(
            bootstrap_servers=self._broker,
            client_id=self._client_id,
            acks="all",
            enable_idempotence=False,
            request_timeout_ms=_REQUEST_TIMEOUT_MS,
            max_request_size=_MAX_MESSAGE_BYTES,
        )
        try:
            await ensure_topics(self._broker, all_topics())
            await producer.start()
        except (KafkaError, OSError, BrokerUnreachable, TopicRefused) as problem:
            await producer.stop()
            raise PublishFailed(type(problem).__name__) from problem
        self._producer = producer
        return producer


async def _acknowledged(producer: AIOKafkaProducer, items: Sequence[Outgoing]) -> list[BaseException]:
    pending: list[asyncio.Future[object]] = []
    problems: list[BaseException] = []
    for item in items:
        try:
            pending.append(await producer.send(item.topic, item.value, key=item.key))
        except (KafkaError, OSError) as problem:
            problems.append(problem)
            break
    answers = await asyncio.gather(*pending, return_exceptions=True)
    return problems + [answer for answer in answers if isinstance(answer, BaseException)]
