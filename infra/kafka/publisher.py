"""Send messages to Kafka and know that they arrived.

No idempotent producer and no transactions: whoever sends keeps what it sends in PostgreSQL and sends again;
whoever receives knows a message it has seen (architecture §2).
"""

from collections.abc import Sequence

from aiokafka.errors import KafkaError

from infra.kafka.cluster import BrokerUnreachable, Cluster, TopicRefused
from infra.kafka.line import Line, Outgoing
from infra.kafka.topics import all_topics, ensure_on

__all__ = ["Outgoing", "PublishFailed", "Publisher"]


class PublishFailed(ConnectionError):  # noqa: N818 - named for what happened
    """Some of the messages may not have arrived; some may have. Send all of them again."""


class Publisher:
    """Sends batches, acknowledged by all in-sync replicas; heals itself after a failure."""

    def __init__(self, broker: str, client_id: str) -> None:
        self._broker = broker
        self._client_id = client_id
        self._line: Line | None = None

    async def start(self) -> None:
        """Connect, and create topics that are missing.

        Raises:
            PublishFailed: if no broker answers.
        """
        await self._open_line()

    async def stop(self) -> None:
        """Disconnect; nothing is on its way, for every send was waited for."""
        line, self._line = self._line, None
        if line is not None:
            await line.close()

    async def send(self, items: Sequence[Outgoing]) -> None:
        """Return when all messages are acknowledged.

        Order: messages of one topic and key arrive in the order given.

        Raises:
            PublishFailed: if not all were; the next send connects anew and re-creates missing topics.
        """
        line = await self._open_line()
        try:
            await line.deliver(items)
        except (KafkaError, OSError) as problem:
            await self.stop()
            raise PublishFailed(type(problem).__name__) from problem

    async def _open_line(self) -> Line:
        if self._line is not None and self._line.lost:
            await self.stop()
        if self._line is None:
            self._line = await self._new_line()
        return self._line

    async def _new_line(self) -> Line:
        """Connect to one and the same cluster from before its topics are made sure of until after.

        Raises:
            PublishFailed: if no broker answers, or another cluster came in between.
        """
        cluster, line = Cluster(self._broker), Line(self._broker, self._client_id)
        try:
            before = await cluster.id()
            await ensure_on(cluster, all_topics())
            await line.open()
            await _unchanged(cluster, before)
        except (KafkaError, OSError, TopicRefused) as problem:
            await line.close()
            raise PublishFailed(type(problem).__name__) from problem
        finally:
            await cluster.close()
        return line


async def _unchanged(cluster: Cluster, before: str) -> None:
    if await cluster.id() != before:
        raise BrokerUnreachable("another cluster came in between")
