"""Answers from memory what was asked before; asks the store for the rest, many keys at once."""

from collections import OrderedDict, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from operator import attrgetter
from typing import Generic, TypeVar
from uuid import UUID

from infra.postgres.case_batch import Key, WaitingRow
from services.case_record.domain.case import Case
from services.case_record.domain.streams import Stream
from services.case_record.ports import CaseStore
from services.case_record.recording import Head, head_of

V = TypeVar("V")


class Shelf(Generic[V]):
    """What a batch knows under keys: read from the store once, then as the batch itself changes it."""

    def __init__(self, ask: Callable[[Collection[Key]], Mapping[Key, V]]) -> None:
        self._ask = ask
        self._known: dict[Key, V | None] = {}

    def fetch(self, keys: Iterable[Key]) -> None:
        """Ask the store for all keys that were not asked for yet."""
        missing = [key for key in dict.fromkeys(keys) if key not in self._known]
        if missing:
            found = self._ask(missing)
            self._known.update((key, found.get(key)) for key in missing)

    def get(self, key: Key) -> V | None:
        """Return what is under a key, None when there is nothing."""
        self.fetch((key,))
        return self._known[key]

    def put(self, key: Key, value: V) -> None:
        """Put something under a key, for this batch alone."""
        self._known[key] = value


class Heads:
    """The heads of the streams that were used last; a stream is read from the store when it is not here.

    Only the open state is kept. Whoever changed a stream behind our back makes the next append a conflict,
    and after a conflict everything is forgotten.
    """

    def __init__(self, store: CaseStore, kept: int) -> None:
        self._store = store
        self._kept = kept
        self._heads: OrderedDict[UUID, Head] = OrderedDict()

    def fetch(self, streams: Collection[Stream]) -> None:
        """Read those that are not here, with everything that is linked with them."""
        wanted = tuple(streams)
        while wanted:
            missing = {stream.id: stream for stream in wanted if stream.id not in self._heads}
            if missing:
                for found, stored in self._store.load(tuple(missing)).items():
                    self._heads[found] = head_of(missing[found], stored)
            wanted = tuple(linked for stream in missing.values() for linked in _linked(self._heads[stream.id]))

    def get(self, stream: Stream) -> Head:
        """Return the head of a stream; a stream without events is at its beginning."""
        if stream.id not in self._heads:
            self.fetch((stream,))
        self._heads.move_to_end(stream.id)
        return self._heads[stream.id]

    def read_or_new(self, stream: Stream) -> Head:
        """Return the head of a stream that is added to, without asking the store.

        Whoever decides has read all that its message leads to: a stream that is not here begins now. Were it not
        so, the append would be a conflict, for its first version is taken.
        """
        return self._heads.get(stream.id) or head_of(stream, ())

    def keep(self, heads: Mapping[UUID, Head]) -> None:
        """Take over the heads of a batch that was written; the longest unused ones go."""
        self._heads.update(heads)
        while len(self._heads) > self._kept:
            self._heads.popitem(last=False)

    def forget(self) -> None:
        """Know nothing any more."""
        self._heads.clear()


def _linked(head: Head) -> tuple[Stream, ...]:
    if isinstance(head.state, Case):
        return tuple(Stream("report", report) for report in head.state.reports)
    return (Stream("case", head.state.case),) if head.state.case else ()


def by_reference(rows: Iterable[WaitingRow]) -> dict[Key, tuple[WaitingRow, ...]]:
    """Return what waits, in the order of each (unit, reference)."""
    found: defaultdict[Key, list[WaitingRow]] = defaultdict(list)
    for row in rows:
        found[row.source, row.reference].append(row)
    return {key: tuple(sorted(waiting, key=attrgetter("sequence"))) for key, waiting in found.items()}
