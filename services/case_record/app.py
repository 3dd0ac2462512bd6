"""The case record's process: wired from its settings, alone on its register, ended by SIGTERM."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import structlog

from events.parties import Agency
from events.registry import EVENT_CLASSES
from infra.backlog import Backlog
from infra.clock import RegisterClock, clock_from
from infra.crypto.party_keys import Parties
from infra.ids import RandomIds
from infra.kafka.publisher import Outgoing, Publisher, PublishFailed
from infra.kafka.subscriber import BrokerReborn, Incoming, StartAt, Subscriber
from infra.kafka.topics import dead_topic, events_topic, outcomes_topic
from infra.postgres.case_store import CaseStore, Position
from infra.postgres.roles import CASE_RECORD
from infra.postgres.singleton import Singleton
from infra.running import run_process
from infra.settings import ServiceSettings
from infra.standing import Standing
from infra.watchdog import Watchdog
from infra.web.face import standing_of
from infra.working_days import VietnameseWorkingDays
from services.case_record.adopting import Adopting
from services.case_record.handlers import CaseRecord, World
from services.case_record.messages import Message
from services.case_record.outcomes import Outcome

_BATCH = 500  # messages
_WAIT_MS = 50
_CHECK_S = 1.0
_RETRY_S = 0.5

# Whoever may assert anything has a door, and a topic behind it.
AGENCY_OF_TOPIC = {
    events_topic(agency.value): agency
    for agency in Agency
    if any(agency in event_class.BY for event_class in EVENT_CLASSES.values())
}

_log = structlog.get_logger()


def main() -> int:
    """Run until SIGTERM; return 0 then, and 1 when the case record cannot go on."""
    return run_process(work)


async def work(settings: ServiceSettings, stack: AsyncExitStack, stop: asyncio.Event) -> None:
    """Record until told to stop."""
    await (await _wired(settings, stack)).run(stop)


async def _wired(settings: ServiceSettings, stack: AsyncExitStack) -> "Consumer":
    clock = clock_from(settings.clock)
    store = await asyncio.to_thread(CaseStore, settings.database(CASE_RECORD), simulated=clock.simulated)
    stack.callback(store.close)
    singleton = stack.enter_context(await asyncio.to_thread(store.hold_singleton))
    publisher = Publisher(settings.broker, settings.service)
    stack.push_async_callback(publisher.stop)
    watchdog = Watchdog(settings.stopped_moving_after_s)
    watchdog.start()
    stack.callback(watchdog.stop)
    moved = watchdog.part("case_record")
    steady = RegisterClock(clock, await asyncio.to_thread(store.last_recorded_at))
    record = CaseRecord(store, World(steady, RandomIds(), VietnameseWorkingDays()), moved=moved)
    parties = Parties.read(settings.party_keys) if settings.party_keys else Parties({})
    adopting = Adopting(store, steady, RandomIds(), parties)
    standing = standing_of(settings, stack)
    return Consumer(settings.broker, store, singleton, record, adopting, publisher, standing, moved)


@dataclass
class Consumer:
    """Carries messages from the doors' topics to the case record, and what became of them back."""

    broker: str
    store: CaseStore
    singleton: Singleton
    record: CaseRecord
    adopting: Adopting
    publisher: Publisher
    standing: Standing
    moved: Callable[[], None] = lambda: None
    _unsent: list[Outcome] = field(default_factory=list, init=False)
    _told_at: float = field(default=0.0, init=False)

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set; a broker that came back empty is read from its beginning.

        Raises:
            DatabaseUnreachableError: if the register stays away, or the lock on it is lost.
            Conflict: if somebody else writes to the register.
            BrokerUnreachable: if no broker answers at the start.
        """
        await asyncio.to_thread(self.adopting.begin)
        # Whether or not there is a broker: the key service and the reading desks go by the register.
        await asyncio.to_thread(self.adopting.decide)
        await asyncio.to_thread(self.record.note_glasses)
        self._unsent += await asyncio.to_thread(self.record.retry)
        while not stop.is_set():
            positions = await asyncio.to_thread(self.store.positions, tuple(AGENCY_OF_TOPIC))
            starts = [StartAt(at.topic, at.partition, at.next_offset, at.cluster_id) for at in positions]
            subscriber = Subscriber(self.broker, tuple(AGENCY_OF_TOPIC), starts)
            try:
                await subscriber.start()
                _log.info("following", cluster_id=subscriber.cluster_id)
                await self._follow(subscriber, stop)
            except BrokerReborn:
                _log.warning("another_cluster")
            finally:
                await subscriber.stop()

    async def _follow(self, subscriber: Subscriber, stop: asyncio.Event) -> None:
        checked_at = 0.0
        while not stop.is_set():
            self.moved()
            if await self._answered():
                incoming = await subscriber.batch(_BATCH, _WAIT_MS)
                if incoming:
                    self._unsent += await asyncio.to_thread(self._handle, incoming, subscriber.cluster_id)
            if asyncio.get_running_loop().time() - checked_at >= _CHECK_S:
                await asyncio.to_thread(self.singleton.check)
                self._tell(subscriber)
                self._unsent += await asyncio.to_thread(self.record.expire)
                await asyncio.to_thread(self.adopting.decide)
                await asyncio.to_thread(self.record.note_glasses)
                await asyncio.to_thread(self.record.compare)
                checked_at = asyncio.get_running_loop().time()
        await self._answered()

    def _tell(self, subscriber: Subscriber) -> None:
        """Say how the case record stands; the register has just answered."""
        now = asyncio.get_running_loop().time()
        if not self._unsent:
            self._told_at = now
        self.standing.check("database", "ok")
        self.standing.check("broker", "ok" if subscriber.reaches_the_broker else "away")
        self.standing.behind("outcomes", Backlog(len(self._unsent), now - self._told_at))

    def _handle(self, incoming: Sequence[Incoming], cluster_id: str) -> list[Outcome]:
        messages = [Message(AGENCY_OF_TOPIC[one.topic], one.value) for one in incoming]
        furthest = {(one.topic, one.partition): one.offset + 1 for one in incoming}
        positions = [Position(topic, part, offset, cluster_id) for (topic, part), offset in furthest.items()]
        return self.record.handle(messages, positions)

    async def _answered(self) -> bool:
        """Send what the doors have not been told; while that fails nothing more is taken in."""
        if not self._unsent:
            return True
        try:
            await self.publisher.send([sent for outcome in self._unsent for sent in _sendings(outcome)])
        except PublishFailed as problem:
            _log.warning("broker_away", error=type(problem).__name__)
            await asyncio.sleep(_RETRY_S)
            return False
        self._unsent.clear()
        await asyncio.to_thread(self.record.told)
        return True


def _sendings(outcome: Outcome) -> list[Outgoing]:
    agency = outcome.agency.value
    sendings = [Outgoing(outcomes_topic(agency), outcome.key, outcome.value)] if outcome.id else []
    if outcome.dead:
        sendings.append(Outgoing(dead_topic(agency), outcome.key, outcome.dead_letter))
    return sendings
