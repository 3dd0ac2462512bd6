"""A producer that never reconnects by itself.

aiokafka reconnects silently and goes on sending. On a broker that came back empty that is worse than an
error: Tansu takes messages for a topic that it does not have, and from then on refuses every message of
that topic. So a producer ends with its connection, and the next one makes sure of the topics first.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaConnectionError

_REQUEST_TIMEOUT_MS = 5_000
_MAX_MESSAGE_BYTES = 1_048_576


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message to send; messages with the same topic and key arrive in the order they were sent."""

    topic: str
    key: bytes
    value: bytes


class Line:
    """One producer with the connections it had at its start, and no others."""

    def __init__(self, broker: str, client_id: str) -> None:
        self._producer = AIOKafkaProducer(
            bootstrap_servers=broker,
            client_id=client_id,
            acks="all",
            enable_idempotence=False,
            request_timeout_ms=_REQUEST_TIMEOUT_MS,
            max_request_size=_MAX_MESSAGE_BYTES,
        )
        self._lost = asyncio.Event()

    @property
    def lost(self) -> bool:
        """Whether the connection broke: nothing can be sent any more."""
        return self._lost.is_set()

    async def open(self) -> None:
        """Connect to every broker of the cluster.

        Raises:
            KafkaConnectionError: if one could not be reached.
        """
        await self._producer.start()
        client = self._producer.client
        for node in client.cluster.brokers():
            if not await client.ready(node.nodeId):
                raise KafkaConnectionError(f"broker {node.nodeId} is away")
        client._get_conn = self._connected  # noqa: SLF001 - the one place where aiokafka 0.14.0 (re)connects

    async def deliver(self, items: Sequence[Outgoing]) -> None:
        """Return when all messages are acknowledged.

        Raises:
            KafkaError: if one was not.
            KafkaConnectionError: if the connection broke meanwhile.
        """
        work = asyncio.create_task(self._acknowledged(items))
        end = asyncio.create_task(self._lost.wait())
        try:
            await asyncio.wait({work, end}, return_when=asyncio.FIRST_COMPLETED)
            if not work.done():
                raise KafkaConnectionError("the broker went away")
            work.result()
        finally:
            work.cancel()
            end.cancel()
            await asyncio.wait({work, end})

    async def close(self) -> None:
        """Disconnect; what is still on its way is given up when the connection broke."""
        if not self.lost:
            await self._producer.stop()
            return
        self._producer._closed = True  # noqa: SLF001 - `stop` would wait for what can no longer arrive
        sender = self._producer._sender.sender_task  # noqa: SLF001
        sender.cancel()
        await asyncio.wait({sender})
        await self._producer.client.close()

    async def _acknowledged(self, items: Sequence[Outgoing]) -> None:
        pending = [await self._producer.send(item.topic, item.value, key=item.key) for item in items]
        if pending:
            await asyncio.wait(pending)
        problems = [problem for answer in pending if (problem := answer.exception())]
        if problems:
            raise problems[0]

    async def _connected(self, node_id: int, *, group: int = 0, no_hint: bool = False) -> Any:  # noqa: ARG002
        connection = self._producer.client._conns.get((node_id, group))  # noqa: SLF001
        if connection is not None and connection.connected():
            return connection
        self._lost.set()
        return None
