"""The case store in memory: the same promises, and failures on demand."""

from collections import defaultdict
from collections.abc import Callable, Collection
from datetime import datetime
from uuid import UUID

from infra.postgres.case_batch import (
    AlikeRow,
    Batch,
    GlassNotice,
    HeldBackRow,
    InboxRow,
    Key,
    Position,
    ReferenceRow,
    StoredEvent,
    ToBeSealedRow,
    ToCompareRow,
    WaitingRow,
)
from infra.postgres.faults import Conflict, OrderedMeanwhile


class MemoryCaseStore:
    """Appends a batch whole or not at all; `before` and `after` may raise around the next appends."""

    def __init__(self) -> None:
        self.events: defaultdict[UUID, list[StoredEvent]] = defaultdict(list)
        self.history: list[StoredEvent] = []
        self.decided: dict[Key, InboxRow] = {}
        self.names: dict[Key, ReferenceRow] = {}
        self.aside: dict[Key, WaitingRow] = {}
        self.read: dict[tuple[str, int], Position] = {}
        self.appended: list[Batch] = []
        self.glasses: list[GlassNotice] = []
        self.before: Callable[[Batch], None] = lambda _: None
        self.after: Callable[[Batch], None] = lambda _: None
        self.same_child: dict[Key, list[AlikeRow]] = {}
        self.ordered: list[ToBeSealedRow] = []
        self.orders: set[Key] = set()
        self.held_back: set[HeldBackRow] = set()
        self.comparing: dict[ToCompareRow, None] = {}
        self._last: dict[Key, int] = {}

    def load(self, streams: Collection[UUID]) -> dict[UUID, list[StoredEvent]]:
        return {stream: list(self.events.get(stream, ())) for stream in streams}

    def inbox(self, keys: Collection[Key]) -> dict[Key, InboxRow]:
        return {key: self.decided[key] for key in keys if key in self.decided}

    def references(self, keys: Collection[Key]) -> dict[Key, ReferenceRow]:
        return {key: self.names[key] for key in keys if key in self.names}

    def references_of(self, streams: Collection[UUID]) -> list[ReferenceRow]:
        return [row for row in self.names.values() if row.stream in streams]

    def alike(self, keys: Collection[Key]) -> dict[Key, list[AlikeRow]]:
        return {key: self.same_child[key] for key in keys if key in self.same_child}

    def to_be_sealed(self) -> list[ToBeSealedRow]:
        return list(self.ordered)

    def undecided_orders(self) -> frozenset[Key]:
        return frozenset(self.orders)

    def to_compare(self, limit: int, but: Collection[UUID] = ()) -> list[ToCompareRow]:
        return [row for row in self.comparing if row.stream not in but][:limit]

    def last_sequences(self, keys: Collection[Key]) -> dict[Key, int]:
        return {key: self._last.get(key, 0) for key in keys}

    def waiting(self, keys: Collection[Key]) -> list[WaitingRow]:
        wanted = set(keys)
        found = [row for row in self.aside.values() if (row.source, row.reference) in wanted]
        return sorted(found, key=lambda row: (row.source, row.reference, row.sequence))

    def waiting_older_than(self, moment: datetime) -> list[WaitingRow]:
        return sorted((row for row in self.aside.values() if row.since < moment), key=lambda row: row.since)

    def all_waiting_keys(self) -> set[Key]:
        return {(row.source, row.reference) for row in self.aside.values()}

    def untold_glasses(self, limit: int, but: Collection[UUID] = ()) -> list[GlassNotice]:
        return [one for one in self.glasses if one.stream not in but][:limit]

    def positions(self, topics: Collection[str]) -> list[Position]:
        return [position for position in self.read.values() if position.topic in topics]

    def append(self, batch: Batch) -> None:
        self.before(batch)
        self._refuse_conflicts(batch)
        if batch.orders_seen is not None and not self.orders <= batch.orders_seen:
            raise OrderedMeanwhile
        for event in batch.events:
            self.events[event.stream].append(event)
        self.history += batch.events
        for row in batch.inbox:
            self.decided[row.source, row.id] = row
            key = (row.source, row.reference)
            self._last[key] = max(self._last.get(key, 0), row.sequence)
        self.names |= {(row.holder, row.reference): row for row in batch.references}
        self._put_aside(batch)
        self.read |= {(position.topic, position.partition): position for position in batch.positions}
        self.appended.append(batch)
        self.after(batch)

    def _put_aside(self, batch: Batch) -> None:
        for compared in batch.compared:
            self.comparing.pop(compared, None)
        self.comparing.update(dict.fromkeys(batch.to_compare))
        self.held_back.update(batch.held_back)
        decided = {(row.source, row.id) for row in batch.inbox}
        self.orders -= decided
        for held in [row for row in self.held_back if (row.order_source, row.order_id) in decided]:
            self.held_back.remove(held)
            self.comparing[ToCompareRow(held.stream, held.kind)] = None
        for key in batch.released:
            self.aside.pop(key, None)
        for row in batch.waiting:
            self.aside.setdefault((row.source, row.id), row)

    def _refuse_conflicts(self, batch: Batch) -> None:
        versions = [(event.stream, event.version) for event in batch.events]
        taken = any(version <= len(self.events.get(stream, ())) for stream, version in versions)
        inbox = [(row.source, row.id) for row in batch.inbox]
        names = [(row.holder, row.reference) for row in batch.references]
        twice = any(len(set(new)) < len(new) for new in (versions, inbox, names))
        known = not (self.decided.keys().isdisjoint(inbox) and self.names.keys().isdisjoint(names))
        if taken or twice or known:
            raise Conflict
