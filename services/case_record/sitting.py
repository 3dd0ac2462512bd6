"""One batch: what it knows, and what it adds. Nothing of it lasts unless it is appended."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from uuid import UUID

from events.parties import Agency
from infra.ids import Ids
from infra.postgres.case_batch import (
    Batch,
    GlassNotice,
    GlassTold,
    HeldBackRow,
    InboxRow,
    Key,
    Position,
    ReferenceRow,
    StoredEvent,
    ToCompareRow,
    WaitingRow,
)
from services.case_record.domain.case import Case
from services.case_record.domain.compare_children import after_comparing, to_be_compared
from services.case_record.domain.decide import Decision
from services.case_record.domain.dossier import Dossier
from services.case_record.domain.refusals import EarlierMissing
from services.case_record.domain.report import Report
from services.case_record.domain.streams import Placed, Stream
from services.case_record.ports import CaseStore
from services.case_record.recording import Head, Stamp, record_compared, record_decided, record_noted, record_statement
from services.case_record.shelf import Heads, Shelf, by_reference
from services.case_record.translate import Accepted, Heading


class BrokenStreamError(Exception):
    """A stream is not of the kind that a reference or a link says."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When a batch sits, and whether that time is simulated."""

    now: datetime
    simulated: bool


class Sitting:
    """The working state of one batch; `awaited` are the references for which something waits."""

    def __init__(self, store: CaseStore, heads: Heads, awaited: Collection[Key], ids: Ids, moment: Moment) -> None:
        self._store = store
        self._kept_heads = heads
        self._ids = ids
        self._moment = moment
        self._awaited = awaited
        self._inbox = Shelf(store.inbox)
        self._references = Shelf(store.references)
        self._sequences = Shelf(store.last_sequences)
        self._alike = Shelf(store.alike)
        self._waiting = Shelf(lambda keys: by_reference(store.waiting(keys)))
        self._heads: dict[UUID, Head] = {}
        self._events: list[StoredEvent] = []
        self._decided_on: list[InboxRow] = []
        self._named: list[ReferenceRow] = []
        self._glasses: list[GlassTold] = []
        self._to_compare: dict[ToCompareRow, None] = {}
        self._compared: list[ToCompareRow] = []
        self._held_back: list[HeldBackRow] = []
        self._orders_seen: frozenset[Key] | None = None
        self._released: dict[Key, None] = {}
        self._settled: dict[Key, None] = {}
        self._changed: dict[Key, None] = {}
        self._written_waiting: dict[Key, WaitingRow] = {}
        self._now_awaited: set[Key] = set()

    @property
    def heads(self) -> Mapping[UUID, Head]:
        """The heads of the streams that this batch adds to."""
        return self._heads

    @property
    def now_awaited(self) -> Collection[Key]:
        """The references for which something waits because of this batch."""
        return self._now_awaited

    @property
    def settled(self) -> Collection[Key]:
        """The messages that were decided on; any of them that waited is released once its door was told."""
        return self._settled

    def prepare(self, messages: Iterable[Key], references: Collection[Key]) -> None:
        """Read at once what many messages will ask for one by one."""
        self._inbox.fetch(messages)
        self._sequences.fetch(references)
        self._waiting.fetch(self._awaited_among(references))
        self._references.fetch(references)
        found = (self._references.get(key) for key in references)
        self._kept_heads.fetch({Stream(row.kind, row.stream) for row in found if row})

    def decided(self, message: Key) -> InboxRow | None:
        """Return what became of a message, if it was decided on."""
        row = self._inbox.get(message)
        if row is not None:
            self._settled.setdefault(message)
        return row

    def last_sequence(self, reference: Key) -> int:
        """Return the last number decided on for a reference."""
        return self._sequences.get(reference) or 0

    def waiting_for(self, reference: Key) -> tuple[WaitingRow, ...]:
        """Return what waits for a reference, in its order."""
        if not self._awaited_among((reference,)):
            return ()
        return self._waiting.get(reference) or ()

    def knows(self, reference: Key) -> bool:
        """Say whether a reference leads anywhere."""
        return self._references.get(reference) is not None

    def dossier(self, reference: Key) -> Dossier | None:
        """Return what a reference leads to, None when it is not known."""
        row = self._references.get(reference)
        return self.dossier_of(Stream(row.kind, row.stream)) if row else None

    def dossier_of(self, named: Stream) -> Dossier:
        """Return what a stream belongs to."""
        state = self._head(named).state
        if isinstance(state, Report) and state.case is None:
            return Dossier(named, reports=(state,))
        case = state if isinstance(state, Case) else self._case(state.case or named.id)
        return Dossier(named, case, tuple(self._report(report) for report in case.reports))

    def alike(self, statements: Collection[Key]) -> dict[Key, Key]:
        """Return the references of other units of which a recorded statement names a child as one of these does.

        Shape: by reference, the first of `statements` that does.
        """
        self._alike.fetch(statements)
        rows = [(statement, row) for statement in statements for row in self._alike.get(statement) or ()]
        self._inbox.fetch((row.source, row.id) for _, row in rows)
        found: dict[Key, Key] = {}
        for statement, row in rows:
            if (of := self._inbox.get((row.source, row.id))) and of.status == "recorded":
                found.setdefault((row.source, row.reference), statement)
        return found

    def fetch(self, references: Collection[Key]) -> None:
        """Read at once where many references lead."""
        self._references.fetch(references)

    def wait(self, row: WaitingRow) -> None:
        """Let a message wait; one that waits already goes on as it is, unless it waits for something else now."""
        key, awaited = (row.source, row.id), (row.source, row.reference)
        rows = self.waiting_for(awaited)
        if any((found.source, found.id) == key for found in rows):
            return
        self._released.setdefault(key)
        self._written_waiting[key] = row
        self._now_awaited.add(awaited)
        self._changed.setdefault(awaited)
        self._waiting.put(awaited, tuple(sorted((*rows, row), key=attrgetter("sequence"))))

    def record(self, agency: Agency, accepted: Accepted, decision: Decision) -> InboxRow:
        """Add a statement and everything that follows from it."""
        sealed = accepted.sealed
        head = self._add(*record_statement(self._end_of(decision.stream), sealed, accepted.event, self._stamp()))
        for place, placed in enumerate(decision.placed):
            self._add(*record_decided(self._end_of(placed.stream), sealed, place, placed, self._stamp()))
        for one in decision.names:
            self._name(ReferenceRow(one.holder, one.reference, one.stream.id, one.stream.kind))
        self._compare_later(to_be_compared(accepted.event, decision.stream, decision.placed))
        row = InboxRow(
            source=sealed.source,
            id=sealed.id,
            agency=agency.value,
            reference=sealed.subject,
            sequence=sealed.sequence,
            status="recorded",
            reason=None,
            stream=decision.stream.id,
            version=head.version,
            recorded_at=head.recorded_at or self._moment.now,
        )
        return self._decide(row)

    def note(self, notice: GlassNotice) -> None:
        """Add a broken glass, or its review, to the case; a broken glass to each report that it shows, too.

        What was broken may be among these: a report whose link was not yet in the view where it was named.
        """
        shown = (Stream("report", report) for report in notice.reports)
        for stream in dict.fromkeys((Stream(notice.kind, notice.stream), *shown)):
            self._add(*record_noted(self._head(stream), notice, self._stamp()))
        self._glasses.append(GlassTold(notice.notice))

    def compared(self, row: ToCompareRow, placed: Sequence[Placed], orders: Collection[Key]) -> None:
        """Add what a comparison led to; it is made again once an order that was undecided is decided on."""
        for one in placed:
            self._add(*record_compared(self._end_of(one.stream), one, self._stamp()))
        self._compare_later(after_comparing(placed))
        self._compared.append(row)
        self._held_back += (HeldBackRow(*order, row.stream, row.kind) for order in orders)
        self._orders_seen = frozenset(orders)

    def reject(self, agency: Agency, heading: Heading, reason: str) -> InboxRow:
        """Note that a message is not recorded, and why."""
        row = InboxRow(
            source=heading.source,
            id=heading.id,
            agency=agency.value,
            reference=heading.subject,
            sequence=heading.sequence,
            status="rejected",
            reason=reason,
            stream=None,
            version=None,
            recorded_at=self._moment.now,
        )
        return self._decide(row)

    def freed(self) -> list[WaitingRow]:
        """Return, once, what may have its turn because of what has changed since this was asked last, in order."""
        changed, self._changed = tuple(self._changed), {}
        return [row for key in changed for row in self.waiting_for(key) if self._may_have_its_turn(key, row)]

    def batch(self, positions: Sequence[Position]) -> Batch:
        """Return what is to be appended."""
        return Batch(
            events=tuple(self._events),
            inbox=tuple(self._decided_on),
            references=tuple(self._named),
            waiting=tuple(self._written_waiting.values()),
            released=tuple(self._released),
            positions=tuple(positions),
            glasses=tuple(self._glasses),
            to_compare=tuple(self._to_compare),
            compared=tuple(self._compared),
            held_back=tuple(self._held_back),
            orders_seen=self._orders_seen,
        )

    def _may_have_its_turn(self, key: Key, row: WaitingRow) -> bool:
        """Behind others only the next, or whatever may make the reference known; else when it is known."""
        if self._inbox.get((row.source, row.id)) is not None:
            return False
        if row.reason != EarlierMissing.CODE:
            return self.knows(key)
        return row.sequence <= self.last_sequence(key) + 1 or not self.knows(key)

    def _decide(self, row: InboxRow) -> InboxRow:
        key, reference = (row.source, row.id), (row.source, row.reference)
        self._decided_on.append(row)
        self._inbox.put(key, row)
        self._sequences.put(reference, max(self.last_sequence(reference), row.sequence))
        self._changed.setdefault(reference)
        self._settled.setdefault(key)
        self._written_waiting.pop(key, None)
        return row

    def _name(self, row: ReferenceRow) -> None:
        key = (row.holder, row.reference)
        self._named.append(row)
        self._references.put(key, row)
        self._changed.setdefault(key)

    def _compare_later(self, streams: Iterable[Stream]) -> None:
        self._to_compare.update(dict.fromkeys(ToCompareRow(stream.id, stream.kind) for stream in streams))

    def _add(self, head: Head, stored: StoredEvent) -> Head:
        self._heads[stored.stream] = head
        self._events.append(stored)
        return head

    def _head(self, stream: Stream) -> Head:
        return self._heads.get(stream.id) or self._kept_heads.get(stream)

    def _end_of(self, stream: Stream) -> Head:
        return self._heads.get(stream.id) or self._kept_heads.read_or_new(stream)

    def _case(self, case: UUID) -> Case:
        state = self._head(Stream("case", case)).state
        if not isinstance(state, Case):
            raise BrokenStreamError(f"{case} is not a case")
        return state

    def _report(self, report: UUID) -> Report:
        state = self._head(Stream("report", report)).state
        if not isinstance(state, Report):
            raise BrokenStreamError(f"{report} is not a report")
        return state

    def _stamp(self) -> Stamp:
        return Stamp(self._moment.now, self._ids.nonce(), self._moment.simulated)

    def _awaited_among(self, references: Iterable[Key]) -> list[Key]:
        return [key for key in references if key in self._awaited or key in self._now_awaited]
