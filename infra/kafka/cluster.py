"""Which cluster answers at an address, and what topics it has.

A broker that lost everything comes back under a new cluster id; nothing else tells: a client at old
offsets receives nothing, without an error.
"""

import asyncio
from collections.abc import Callable, Collection, Sequence
from time import monotonic
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError

_REQUEST_TIMEOUT_MS = 5_000
_READY_POLL_S = 0.05
_TOPIC_ALREADY_EXISTS = 36  # Kafka protocol, error codes


class BrokerUnreachable(ConnectionError):  # noqa: N818 - named for what is so
    """No Kafka broker answers at the address; it may come back."""


class TopicRefused(RuntimeError):  # noqa: N818 - named for what happened
    """The broker would not create a topic."""


class Cluster:
    """One connection to ask a cluster about itself; opened when first asked, dropped after an error."""

    def __init__(self, broker: str) -> None:
        self._broker = broker
        self._admin: AIOKafkaAdminClient | None = None

    async def id(self) -> str:
        """Return the id of the cluster that answers now.

        Raises:
            BrokerUnreachable: if none answers.
        """
        return str((await self._describe())["cluster_id"])

    async def size(self) -> int:
        """Return how many brokers the cluster has.

        Raises:
            BrokerUnreachable: if none answers.
        """
        return len((await self._describe())["brokers"])

    async def partitions(self, topics: Collection[str]) -> dict[str, tuple[int, ...]]:
        """Return the partitions of those topics that exist; only asks for what exists, for asking may create.

        Raises:
            BrokerUnreachable: if no broker answers.
        """
        try:
            admin = await self._connected()
            existing = sorted(set(topics) & set(await admin.list_topics()))
            found = await admin.describe_topics(existing) if existing else []
        except (KafkaError, OSError) as problem:
            raise await self._dropped(problem) from problem
        return {
            row["topic"]: tuple(sorted(part["partition"] for part in row["partitions"]))
            for row in found
            if row["error_code"] == 0
        }

    async def create(self, topics: Sequence[NewTopic]) -> None:
        """Create topics; one that exists already is left as it is.

        Raises:
            BrokerUnreachable: if no broker answers.
            TopicRefused: if the broker would not.
        """
        try:
            admin = await self._connected()
            answer = await admin.create_topics(list(topics), timeout_ms=_REQUEST_TIMEOUT_MS)
        except (KafkaError, OSError) as problem:
            raise await self._dropped(problem) from problem
        for name, code, *_ in answer.topic_errors:
            if code not in {0, _TOPIC_ALREADY_EXISTS}:
                raise TopicRefused(f"{name}: Kafka error {code}")

    async def close(self) -> None:
        """Close the connection."""
        admin, self._admin = self._admin, None
        if admin is not None:
            await admin.close()

    async def _describe(self) -> dict[str, Any]:
        try:
            admin = await self._connected()
            return dict(await admin.describe_cluster())
        except (KafkaError, OSError) as problem:
            raise await self._dropped(problem) from problem

    async def _connected(self) -> AIOKafkaAdminClient:
        if self._admin is None:
            admin = AIOKafkaAdminClient(bootstrap_servers=self._broker, request_timeout_ms=_REQUEST_TIMEOUT_MS)
            try:
                await admin.start()
            except BaseException:
                await admin.close()
                raise
            self._admin = admin
        return self._admin

    async def _dropped(self, problem: Exception) -> BrokerUnreachable:
        await self.close()
        return BrokerUnreachable(f"{self._broker}: {type(problem).__name__}")


async def cluster_id(broker: str) -> str:
    """Return the id of the cluster at an address.

    Raises:
        BrokerUnreachable: if no broker answers.
    """
    cluster = Cluster(broker)
    try:
        return await cluster.id()
    finally:
        await cluster.close()


async def wait_for_cluster(
    broker: str, expected: str, within_s: float, alive: Callable[[], bool] = lambda: True
) -> None:
    """Return as soon as the cluster with the expected id answers at an address.

    Raises:
        BrokerUnreachable: if it does not in time, is no longer alive, or another cluster answers there.
    """
    deadline = monotonic() + within_s
    while alive():
        found = await _asked(broker, deadline - monotonic())
        if found == expected:
            return
        if found is not None:
            raise BrokerUnreachable(f"{broker}: another cluster answers there")
        if monotonic() > deadline:
            raise BrokerUnreachable(f"{broker}: did not answer within {within_s:g} s")
        await asyncio.sleep(_READY_POLL_S)
    raise BrokerUnreachable(f"{broker}: its process ended")


async def _asked(broker: str, within_s: float) -> str | None:
    host, _, port = broker.rpartition(":")
    try:
        async with asyncio.timeout(max(within_s, _READY_POLL_S)):
            _, knock = await asyncio.open_connection(host, int(port))  # aiokafka would log each refusal
            knock.close()
            return await cluster_id(broker)
    except (OSError, TimeoutError):
        return None
