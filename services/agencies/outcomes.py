"""What the case record says came of each event, noted in the door's journal with how far it was read."""

import asyncio
from collections.abc import Callable
from typing import Literal

import structlog
from prometheus_client import Counter
from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from events.parties import Agency
from infra.kafka.cluster import BrokerUnreachable, TopicRefused
from infra.kafka.subscriber import BrokerReborn, Incoming, StartAt, Subscriber
from infra.kafka.topics import outcomes_topic
from infra.postgres.deliveries import Deliveries, Outcome, Position
from infra.postgres.faults import DatabaseUnreachableError

_BATCH = 500
_WAIT_MS = 500
_FETCH_WAIT_MS = 200  # an idle door asks a quarter as often; half of the outcomes come as soon as they did
_RETRY_S = 0.5

_OUTCOMES = Counter("chungtay_door_outcomes_total", "Outcomes that came back.", ["agency", "status"])
_log = structlog.get_logger()


class _Told(BaseModel):
    """An outcome as it lies in the topic."""

    model_config = ConfigDict(frozen=True, strict=True, extra="ignore")

    source: str
    id: str
    status: Literal["recorded", "waiting", "rejected"]
    reason: str | None = None
    reference: str | None = None
    recorded_at: AwareDatetime | None = None


class Outcomes:
    """Reads the outcomes of one agency."""

    def __init__(self, agency: Agency, deliveries: Deliveries, broker: str) -> None:
        self._agency = agency
        self._deliveries = deliveries
        self._broker = broker
        self.moved: Callable[[], None] = lambda: None  # called while it reads, has nothing to read, or waits

    async def run(self) -> None:
        """Read for ever; from the beginning when another broker answers, for its topic is another."""
        while True:
            self.moved()
            try:
                await self._follow()
            except (BrokerReborn, BrokerUnreachable, TopicRefused, DatabaseUnreachableError) as problem:
                _log.warning("outcomes_wait", agency=self._agency.value, error=type(problem).__name__)
                await asyncio.sleep(_RETRY_S)

    async def _follow(self) -> None:
        known = await self._deliveries.positions()
        starts = [StartAt(at.topic, at.partition, at.next_offset, at.cluster_id) for at in known]
        subscriber = Subscriber(
            self._broker, [outcomes_topic(self._agency.value)], starts, fetch_wait_ms=_FETCH_WAIT_MS
        )
        try:
            await subscriber.start()
            while True:
                self.moved()
                found = await subscriber.batch(_BATCH, _WAIT_MS)
                if found:
                    await self._settle(found, subscriber.cluster_id)
        finally:
            await subscriber.stop()

    async def _settle(self, found: list[Incoming], cluster_id: str) -> None:
        told = [outcome for outcome in map(self._read, found) if outcome is not None]
        read = {(one.topic, one.partition): one.offset + 1 for one in found}
        positions = [Position(*partition, next_offset, cluster_id) for partition, next_offset in read.items()]
        await self._deliveries.settle(told, positions)

    def _read(self, incoming: Incoming) -> Outcome | None:
        try:
            told = _Told.model_validate_json(incoming.value)
        except ValidationError:
            # Passing by loses nothing: the event has no outcome, so it is sent again and answered again.
            _OUTCOMES.labels(self._agency.value, "unreadable").inc()
            _log.error("outcome_unreadable", topic=incoming.topic, partition=incoming.partition, offset=incoming.offset)
            return None
        _OUTCOMES.labels(self._agency.value, told.status).inc()
        return Outcome(told.source, told.id, told.status, told.reason, told.reference, told.recorded_at)
