"""The case store in memory: the same promises, and failures on demand."""

from collections import defaultdict
from collections.abc import Callable, Collection
from datetime import datetime
from uuid import UUID

from infra.postgres.case_batch import Batch, InboxRow, Key, Position, ReferenceRow, StoredEvent, WaitingRow
from infra.postgres.faults import Conflict


class MemoryCaseStore:
    """Appends a batch whole or not at all; `before` and `after` may raise around the next appends."""

    def __init__(self) -> None:
        self.events: defaultdict[UUID, list[StoredEvent]] = defaultdict(list)
        self.decided: dict[Key, InboxRow] = {}
        self.names: dict[Key, ReferenceRow] = {}
        self.aside: dict[Key, WaitingRow] = {}
        self.read: dict[tuple[str, int], Position] = {}
        self.appended: list[Batch] = []
        self.before: Callable[[Batch], None] = lambda _: None
        self.after: Callable[[Batch], None] = lambda _: None

    def load(self, streams: Collection[UUID]) -> dict[UUID, list[StoredEvent]]:
        return {stream: list(self.events[stream]) for stream in streams}

    def inbox(self, keys: Collection[Key]) -> dict[Key, InboxRow]:
        return {key: self.decided[key] for key in keys if key in self.decided}

    def references(self, keys: Collection[Key]) -> dict[Key, ReferenceRow]:
        return {key: self.names[key] for key in keys if key in self.names}

    def references_of(self, streams: Collection[UUID]) -> list[ReferenceRow]:
        return [row for row in self.names.values() if row.stream in streams]

    def last_sequences(self, keys: Collection[Key]) -> dict[Key, int]:
        return {
            (source, reference): max(
                (row.sequence for row in self.decided.values() if (row.source, row.reference) == (source, reference)),
                default=0,
            )
            for source, reference in keys
        }

    def waiting(self, keys: Collection[Key]) -> list[WaitingRow]:
        wanted = set(keys)
        return [row for row in self.aside.values() if (row.source, row.reference) in wanted]

    def waiting_older_than(self, moment: datetime) -> list[WaitingRow]:
        return [row for row in self.aside.values() if row.since < moment]

    def all_waiting_keys(self) -> set[Key]:
        return {(row.source, row.reference) for row in self.aside.values()}

    def positions(self, topics: Collection[str]) -> list[Position]:
        return [position for position in self.read.values() if position.topic in topics]

    def append(self, batch: Batch) -> None:
        self.before(batch)
        self._refuse_conflicts(batch)
        for event in batch.events:
            self.events[event.stream].append(event)
        self.decided |= {(row.source, row.id): row for row in batch.inbox}
        self.names |= {(row.holder, row.reference): row for row in batch.references}
        for key in batch.released:
            self.aside.pop(key, None)
        for row in batch.waiting:
            self.aside.setdefault((row.source, row.id), row)
        self.read |= {(position.topic, position.partition): position for position in batch.positions}
        self.appended.append(batch)
        self.after(batch)

    def _refuse_conflicts(self, batch: Batch) -> None:
        versions = [(event.stream, event.version) for event in batch.events]
        known = {(stream, event.version) for stream, events in self.events.items() for event in events}
        inbox = [(row.source, row.id) for row in batch.inbox]
        names = [(row.holder, row.reference) for row in batch.references]
        for new, old in ((versions, known), (inbox, self.decided.keys()), (names, self.names.keys())):
            if len(set(new)) < len(new) or not old.isdisjoint(new):
                raise Conflict
