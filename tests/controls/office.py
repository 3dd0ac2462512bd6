"""A case record at work on any store: statements go in as messages, numbered as doors number them."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from events.codec import from_bytes, read_event
from events.envelope import RecordedEvent
from infra.postgres.case_batch import Key, Position, ReferenceRow
from infra.working_days import VietnameseWorkingDays
from services.case_record.domain.case import Case
from services.case_record.domain.report import Report
from services.case_record.domain.streams import Stream
from services.case_record.handlers import PATIENCE, CaseRecord, World
from services.case_record.messages import Message
from services.case_record.outcomes import Outcome
from services.case_record.ports import CaseStore
from services.case_record.recording import head_of
from tests.controls.statements import States, at, message, sealed

SEED = "5eed" * 8
WORKING_DAYS = VietnameseWorkingDays()


class TestStore(CaseStore, Protocol):
    """A store that also tells every name of a stream."""

    def references_of(self, streams: Collection[UUID]) -> list[ReferenceRow]: ...


class HandSetClock:
    """Stands still until it is set, also back."""

    simulated = False

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment


class SameChance:
    """Draws the same each time, so that the same statements make the same names."""

    def uuid(self) -> UUID:
        return UUID(int=0)

    def reference(self) -> str:
        return "0" * 12

    def nonce(self) -> str:
        return SEED


class Office:
    """Sends statements to a case record and finds what came of them; `on` leads from first names to streams."""

    def __init__(self, store: TestStore, *, patience: timedelta = PATIENCE) -> None:
        self.store = store
        self.clock = HandSetClock(at("06T21:00"))
        self.record = CaseRecord(store, World(self.clock, SameChance(), WORKING_DAYS), patience)
        self.on: dict[str, UUID] = {}
        self.sent: list[Message] = []
        self._numbers: Counter[Key] = Counter()

    def letter(self, told: States) -> Message:
        """Return a statement as its door would send it next."""
        name = self.name(told.by, told.about)
        self._numbers[told.by, name] += 1
        return message(sealed(told, name, self._numbers[told.by, name], lambda value: self._fill(told, value)))

    def send(self, *told: States) -> list[Outcome]:
        """Send statements one after another, each when the one before it was decided on."""
        outcomes: list[Outcome] = []
        for one in told:
            self.clock.moment = max(self.clock.moment, one.at)
            letter = self.letter(one)
            self.sent.append(letter)
            outcomes += self.handle([letter])
            row = self.store.inbox([(one.by, one.id)]).get((one.by, one.id))
            if row and row.stream:
                self.on.setdefault(one.about, row.stream)
        return outcomes

    def handle(self, messages: Sequence[Message], positions: Sequence[Position] = ()) -> list[Outcome]:
        """Record messages, let the doors be told, and compare what that gives reason to."""
        outcomes = self._told(self.record.handle(messages, positions))
        while self.record.compare():
            pass
        return outcomes

    def expire(self) -> list[Outcome]:
        """Reject what has waited too long, and let the doors be told."""
        return self._told(self.record.expire())

    def retry(self) -> list[Outcome]:
        """Try again what waits, as after a start, and let the doors be told."""
        return self._told(self.record.retry())

    def name(self, unit: str, first_name: str) -> str:
        """Return the unit's own name of what was first called otherwise."""
        stream = self.on.get(first_name)
        if stream is None or self.store.references([(unit, first_name)]):
            return first_name
        return next((row.reference for row in self.store.references_of([stream]) if row.holder == unit), first_name)

    def history(self, first_name: str) -> list[RecordedEvent]:
        """Return the recorded events of a stream."""
        stream = self.on[first_name]
        return [from_bytes(RecordedEvent, found.recorded) for found in self.store.load([stream])[stream]]

    def types(self, first_name: str) -> list[str]:
        """Return what happened in a stream."""
        return [recorded.type for recorded in self.history(first_name)]

    def _told(self, outcomes: list[Outcome]) -> list[Outcome]:
        self.record.told()
        return outcomes

    def _fill(self, told: States, value: Any) -> Any:
        kind, _, name = value.partition(":") if isinstance(value, str) else ("", "", "")
        match kind:
            case "@ref":
                return self.name(told.by, name)
            case "@id":
                return name
            case "@task":
                return self._task(told.about, name)
            case _:
                return value

    def _task(self, case: str, cause: str) -> str:
        """Return the task that a statement gave, or the one given last."""
        tasks = [one for one in self.history(case) if one.type == "case.task_assigned.v1"]
        return next(str(one.data.open["task"]) for one in reversed(tasks) if cause in {"", one.causationid})


def letters(make: Sequence[States], store: TestStore) -> list[Message]:
    """Return what doors send when this is stated, told in an empty store."""
    office = Office(store)
    office.send(*make)
    return office.sent


def final_state(store: CaseStore, streams: Collection[Stream]) -> dict[Stream, Report | Case]:
    """Return the state of streams as anybody would read it from the store."""
    stored = store.load([stream.id for stream in streams])
    return {stream: head_of(stream, stored[stream.id]).state for stream in streams}


def all_read(store: CaseStore, streams: Collection[UUID]) -> list[object]:
    """Return every recorded event of streams, read into its class."""
    return [
        read_event(from_bytes(RecordedEvent, one.recorded)) for found in store.load(streams).values() for one in found
    ]
