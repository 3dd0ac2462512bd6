"""A producer that never reconnects by itself.

aiokafka reconnects silently and goes on sending. On a broker that came back empty that is worse than an
error: Tansu takes messages for a topic that it does not have, and from then on refuses every message of
that topic. So a producer ends with its connection, and the next one makes sure of the topics first.
"""

from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaConnectionError

_REQUEST_TIMEOUT_MS = 5_000
_MAX_MESSAGE_BYTES = 1_048_576


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
        self.lost = False

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

    async def send(self, topic: str, key: bytes, value: bytes) -> Any:
        """Put a message on its way; the future returned resolves when it is acknowledged.

        Raises:
            KafkaError: if it cannot be sent.
        """
        return await self._producer.send(topic, value, key=key)

    async def close(self) -> None:
        """Disconnect, after what is on its way has arrived or failed."""
        await self._producer.stop()

    async def _connected(self, node_id: int, *, group: int = 0, no_hint: bool = False) -> Any:  # noqa: ARG002
        connection = self._producer.client._conns.get((node_id, group))  # noqa: SLF001
        if connection is not None and connection.connected():
            return connection
        self.lost = True
        self._producer._message_accumulator.fail_all(KafkaConnectionError("the broker went away"))  # noqa: SLF001
        return None
