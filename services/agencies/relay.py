"""From the journal to the courier, in order per reference, again and again until an outcome has come.

Promise: what was answered 202 reaches the case record, whether this process, the register or the broker dies in
between. What arrives twice is known there by source and id.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Protocol

import structlog
from prometheus_client import Counter

from events.parties import Agency
from infra.backlog import Backlog
from infra.kafka.cluster import BrokerUnreachable
from infra.kafka.publisher import Outgoing, PublishFailed
from infra.kafka.topics import events_topic
from infra.postgres.deliveries import Deliveries, Due
from infra.postgres.faults import DatabaseUnreachableError
from infra.standing import show

_BATCH = 500
_POLL_S = 1.0  # also how often the broker is asked who it is
_RETRY_S = 0.5

_SENT = Counter("chungtay_door_sent_total", "Messages sent to the broker, repeated ones too.", ["agency"])
_log = structlog.get_logger()


class Courier(Protocol):
    """Sends; `infra.kafka.publisher.Publisher` is the one in use."""

    async def send(self, items: Sequence[Outgoing]) -> None:
        """Return when all are acknowledged."""
        ...


class Whoever(Protocol):
    """Tells which broker answers; `infra.kafka.cluster.Cluster` is the one in use."""

    async def id(self) -> str:
        """Return the id of the cluster."""
        ...


class Relay:
    """Sends what one door accepted."""

    def __init__(
        self, agency: Agency, deliveries: Deliveries, courier: Courier, cluster: Whoever, *, resend_after_s: float
    ) -> None:
        self.moved: Callable[[], None] = lambda: None  # called while it works, has nothing to do, or waits
        self._agency = agency
        self._deliveries = deliveries
        self._courier = courier
        self._cluster = cluster
        self._resend_after_s = resend_after_s
        self._fresh = asyncio.Event()

    def wake(self) -> None:
        """Say that something was accepted just now."""
        self._fresh.set()

    async def run(self) -> None:
        """Send for ever; wait while broker or register are away."""
        while True:
            try:
                self.moved()
                await self._all_that_is_due()
                await self._fresh_ones()
            except (PublishFailed, BrokerUnreachable, DatabaseUnreachableError) as problem:
                _log.warning("relay_waits", agency=self._agency.value, error=type(problem).__name__)
                await asyncio.sleep(_RETRY_S)

    async def _all_that_is_due(self) -> None:
        """Send what is new, what had no outcome for too long, and what only a broker now gone had."""
        cluster_id, due = await self._cluster.id(), None
        while due is None or len(due) == _BATCH:
            await self._send_unsent(cluster_id)  # what is new does not wait behind all that is sent again
            due = await self._deliveries.due(cluster_id, resend_after_s=self._resend_after_s, limit=_BATCH)
            if due:
                await self._send(due, cluster_id)
        backlog = await self._deliveries.backlog()
        show(f"{self._agency}.unsent", Backlog(backlog.unsent, backlog.unsent_age_s))
        show(f"{self._agency}.without_outcome", Backlog(backlog.without_outcome, backlog.age_s))

    async def _fresh_ones(self) -> None:
        """Send what is accepted, as it comes, until it is time to look at everything again."""
        cluster_id = await self._cluster.id()
        until = asyncio.get_running_loop().time() + _POLL_S
        while (left_s := until - asyncio.get_running_loop().time()) > 0:
            try:
                async with asyncio.timeout(left_s):
                    await self._fresh.wait()
            except TimeoutError:
                return
            self._fresh.clear()
            await self._send_unsent(cluster_id)

    async def _send_unsent(self, cluster_id: str) -> None:
        while unsent := await self._deliveries.unsent(limit=_BATCH):
            await self._send(unsent, cluster_id)

    async def _send(self, due: Sequence[Due], cluster_id: str) -> None:
        topic = events_topic(self._agency.value)
        await self._courier.send([Outgoing(topic, one.courier_key, one.message) for one in due])
        await self._deliveries.mark_sent([one.position for one in due], cluster_id)
        self.moved()
        _SENT.labels(self._agency.value).inc(len(due))
