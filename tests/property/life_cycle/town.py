"""The running system that the model is held against: doors' topics, the case record, the views; stores handed in."""

import asyncio
import json
from collections.abc import Coroutine, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol, TypeVar
from uuid import UUID

from events.codec import canonical
from events.parties import Audience
from infra.kafka.publisher import Outgoing
from infra.kafka.subscriber import StartAt
from infra.kafka.topics import events_topic
from infra.postgres.case_batch import Position
from infra.postgres.event_feed import FeedItem
from projections.disclosure.packaged import packaged_agreement
from projections.rebuild import Rebuilt
from services.case_record.app import AGENCY_OF_TOPIC
from services.case_record.handlers import CaseRecord, World
from services.case_record.messages import Message
from services.projector.ports import Register, Views
from services.projector.projecting import Arrived, Projecting
from tests.contract.case_store.contract import KeptFeed, KeptStore
from tests.controls.office import WORKING_DAYS, HandSetClock, SameChance
from tests.controls.statements import States, message, sealed
from tests.fakes.memory_broker import MemoryBroker, MemoryPublisher, MemorySubscriber
from tests.fakes.standing_agreement import StandingAgreement
from tests.property.life_cycle.account import Told

T = TypeVar("T")
OPENING = datetime(2026, 4, 6, 1, 0, tzinfo=UTC)
_WIRE_NAMES = {"received_at", "until", "due_at"}


class Follows(KeptFeed, Register, Protocol):
    """The register as its followers read it."""


class ReadsViews(Protocol):
    """What an audience's rows say of a stream."""

    def of(self, audience: Audience, stream: UUID) -> Rebuilt: ...


@dataclass(frozen=True)
class Stores:
    """Where everything lies: in memory, or in PostgreSQL."""

    store: KeptStore
    feed: Follows
    views: Views
    reads: ReadsViews
    runner: asyncio.Runner


class Town:
    """Carries statements to the case record and what it records to the views; any part may start anew."""

    def __init__(self, stores: Stores) -> None:
        self.stores = stores
        self.clock = HandSetClock(OPENING)
        self.broker = MemoryBroker()
        self.sent: list[Message] = []
        self.arrived: set[tuple[str, str]] = set()
        self.seen = 0  # position in the register
        self.behind: list[FeedItem] = []
        self.agreement = packaged_agreement()
        self.start_anew()

    def start_anew(self) -> None:
        """Start the case record and the projector as after their death; nothing in memory is left."""
        self.record = CaseRecord(self.stores.store, World(self.clock, SameChance(), WORKING_DAYS))
        self.projecting = Projecting(self.stores.views, self.stores.feed, StandingAgreement())
        self.record.retry()
        self.record.told()
        self._subscribe()

    def letter(self, type_: str, told: Told, tasks: dict[str, str]) -> Message:
        """Return a statement as its door sends it on."""
        told_data = {name: _plain(name, value) for name, value in told.data.items() if name != "task_of"}
        if "task_of" in told.data:
            told_data["task"] = tasks.get(told.data["task_of"], "nobodys-task")
        states = States(f"{type_}.v1", told.reference, told.unit, told.at, told.id, told_data)
        return _spoilt(message(sealed(states, told.reference, told.number)), told.wrong)

    def send(self, *letters: Message) -> None:
        """Let doors send messages; the case record reads all there is."""
        self.sent += [letter for letter in dict.fromkeys(letters) if _key(letter) not in self.arrived]
        self.arrived |= set(map(_key, letters))
        self._run(MemoryPublisher(self.broker).send(list(map(_outgoing, letters))))
        self.read()

    def forge(self, letter: Message) -> None:
        """Let another door send what is not its own: nothing may be noted of it."""
        self._run(MemoryPublisher(self.broker).send([_outgoing(letter)]))
        self.read()

    def read(self) -> None:
        """Let the case record read what lies in the topics."""
        while incoming := self._run(self.subscriber.batch(7, 0)):
            positions = {(one.topic, one.partition): one.offset + 1 for one in incoming}
            self.record.handle(
                [Message(AGENCY_OF_TOPIC[one.topic], one.value) for one in incoming],
                [Position(*at, offset, self.subscriber.cluster_id) for at, offset in positions.items()],
            )
            self.record.told()

    def broker_reborn(self) -> None:
        """Let the broker lose everything; doors send again what has no outcome."""
        self.broker.reborn()
        self._subscribe()
        keys = list(map(_key, self.sent))
        decided = self.stores.store.inbox(keys)
        self.send(*(one for one, key in zip(tuple(self.sent), keys, strict=True) if key not in decided))

    def patience_ends(self) -> None:
        """Let so much time pass that nothing may wait any longer."""
        self.clock.moment += timedelta(days=8)
        self.record.expire()
        self.record.told()

    def recorded(self) -> list[FeedItem]:
        """Return what was recorded since this was asked last."""
        found = self._run(self.stores.feed.after(self.seen, 10_000))
        self.seen = found[-1].position if found else self.seen
        self.behind += found
        return found

    def project(self, *, whole: bool) -> None:
        """Bring into the views what they lack: backwards, or only the newest, so that gaps are to be filled."""
        newest = {item.event.stream: item for item in self.behind}
        items = list(reversed(self.behind)) if whole else list(newest.values())
        self._run(self.projecting.project(_arrived(items)))
        self.behind.clear()

    def _subscribe(self) -> None:
        kept = self.stores.store.positions(tuple(AGENCY_OF_TOPIC))
        starts = [StartAt(at.topic, at.partition, at.next_offset, at.cluster_id) for at in kept]
        self.subscriber = MemorySubscriber(self.broker, tuple(AGENCY_OF_TOPIC), starts)
        self._run(self.subscriber.start())

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.stores.runner.run(work)


def _plain(name: str, value: Any) -> Any:
    return value.isoformat() if name in _WIRE_NAMES and value is not None else value


def _spoilt(letter: Message, wrong: str | None) -> Message:
    heading = _heading(letter)
    match wrong:
        case "unknown_type":
            return Message(letter.agency, canonical(heading | {"type": "police.nobody_knows.v1"}))
        case "broken_schema":
            contents = heading["data"] | {"open": {"nobody_knows": True}}
            return Message(letter.agency, canonical(heading | {"data": contents}))
        case _:
            return letter


def _heading(letter: Message) -> dict[str, Any]:
    heading: dict[str, Any] = json.loads(letter.raw)
    return heading


def _key(letter: Message) -> tuple[str, str]:
    heading = _heading(letter)
    return str(heading["source"]), str(heading["id"])


def _outgoing(letter: Message) -> Outgoing:
    heading = _heading(letter)
    return Outgoing(events_topic(letter.agency), f"{heading['source']}|{heading['subject']}".encode(), letter.raw)


def _arrived(items: Iterable[FeedItem]) -> Sequence[Arrived]:
    return [Arrived(item.event.stream, item.event.version, item.event.recorded) for item in items]
