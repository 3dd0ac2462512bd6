"""From the register to the topic; from the start again whenever another cluster answers."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import structlog

from infra.kafka.cluster import BrokerUnreachable, Cluster
from infra.kafka.publisher import Outgoing, Publisher, PublishFailed
from infra.postgres.event_feed import EventFeed, FeedItem
from infra.postgres.relay_position import RelayPosition, Sent
from infra.standing import Standing

TOPIC = "case_record.case.v1"
_BATCH = 500  # events; about half a megabyte
_POLL_S = 1.0
_RETRY_S = 0.5

_log = structlog.get_logger()


class AnotherClusterError(Exception):
    """Another cluster answers than the one that was sent to: it has none of it."""


@dataclass
class Relay:
    """Sends what was recorded; a position is kept only after the broker has acknowledged.

    Promise: every recorded event lies in the topic at least once, the events of a stream by version. `moved` is called
    whenever something was sent, there was nothing to send, or the broker was away.
    """

    feed: EventFeed
    publisher: Publisher
    cluster: Cluster
    positions: RelayPosition
    moved: Callable[[], None] = lambda: None
    standing: Standing | None = None
    _position: int = 0

    async def run(self) -> None:
        """Send for ever; wait while the broker is away.

        Raises:
            DatabaseUnreachableError: if the register does not answer.
        """
        while True:
            try:
                await self._follow()
            except AnotherClusterError:
                self.moved()
                _log.warning("another_cluster")
            except (PublishFailed, BrokerUnreachable) as problem:
                self.moved()  # it says what it waits for
                await self._tell("away")
                _log.warning("broker_away", error=type(problem).__name__)
                await asyncio.sleep(_RETRY_S)

    async def _follow(self) -> None:
        """Send from where this cluster was left.

        Raises:
            AnotherClusterError: if the cluster was replaced meanwhile.
        """
        cluster_id = await self.cluster.id()
        sent = await self.positions.load()
        position = sent.position if sent is not None and sent.cluster_id == cluster_id else 0
        self._position = position
        await self._tell("ok")
        _log.info("following", position=position, cluster_id=cluster_id)
        checked_at = asyncio.get_running_loop().time()
        while True:
            position = await self._step(position, cluster_id)
            self._position = position
            if asyncio.get_running_loop().time() - checked_at >= _POLL_S:
                await self._tell("ok")
                if await self.cluster.id() != cluster_id:
                    raise AnotherClusterError
                checked_at = asyncio.get_running_loop().time()

    async def _tell(self, broker: Literal["ok", "away"]) -> None:
        """Say how the relay stands; the register has just answered, or this raises."""
        if self.standing is not None:
            self.standing.behind("relay", await self.feed.behind(self._position))
            self.standing.check("database", "ok")
            self.standing.check("broker", broker)

    async def _step(self, position: int, cluster_id: str) -> int:
        items = await self.feed.after(position, _BATCH)
        if not items:
            self.moved()
            await self.feed.wait(_POLL_S)
            return position
        await self.publisher.send([_message(item) for item in items])
        await self.positions.save(Sent(items[-1].position, cluster_id))
        self.moved()
        return items[-1].position


def _message(item: FeedItem) -> Outgoing:
    return Outgoing(TOPIC, item.event.stream.bytes, item.event.recorded)
