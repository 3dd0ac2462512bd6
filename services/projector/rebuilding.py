"""Fold everything from zero and compare it with the views; write what differs in one transaction, or only tell it."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from events.codec import from_bytes
from events.envelope import RecordedEvent
from events.parties import Audience
from infra.postgres.view_rebuild import Difference, Page, Row, ViewRebuild
from infra.postgres.view_rows import EntryRow, FileRow, NameRow
from projections.disclosure.agreement import Routes
from projections.rebuild import joined, rebuild
from projections.routing import Routing
from services.projector.folding import entry_row, file_row, names_given

Tell = Callable[[int, int], None]


class NotRebuildableError(Exception):
    """The register does not hold what a view was made of, or it cannot be read; nothing was changed."""

    def __init__(self, stream: UUID, reason: str) -> None:
        super().__init__(f"stream {stream}: {reason}")


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What was looked at, how many rows differed by part, and the first stream that has one of them."""

    streams: int
    events: int
    differing: Mapping[str, int]
    first: Difference | None
    swapped: bool


@dataclass
class Rebuilding:
    """Compares views with the register; `tell` hears how many of how many streams were compared.

    `agreements` is asked for each page, once its events were read: whatever they were recorded under is among it.
    """

    store: ViewRebuild
    audiences: Sequence[Audience]
    agreements: Callable[[], Routes]
    tell: Tell
    _streams: int = 0
    _events: int = 0
    _first: Difference | None = None

    def verify(self) -> Rebuilt:
        """Compare, and change nothing.

        Raises:
            NotRebuildableError: if a stream of the register cannot be folded.
            DatabaseUnreachableError: if the database does not answer.
        """
        counted: dict[str, int] = {}
        for _, differing in self._compare_all():
            for one in differing:
                counted[one.part] = counted.get(one.part, 0) + 1
        return self._result(counted, swapped=False)

    def swap(self) -> Rebuilt:
        """Compare, and put what was folded from zero in the place of what differs.

        Raises:
            NotRebuildableError: if a stream of the register cannot be folded; nothing was changed.
            DatabaseUnreachableError: if the database does not answer.
        """
        for page, differing in self._compare_all():
            self.store.note(page, differing)
        return self._result(self.store.swap(self._compare), swapped=True)

    def _compare_all(self) -> Iterator[tuple[Page, Sequence[Difference]]]:
        of = self.store.begin()
        for page in self.store.pages():
            yield page, self._compare(page)
            self._streams += len(page.versions)
            self.tell(min(self._streams, of), of)

    def _compare(self, page: Page) -> Sequence[Difference]:
        self._events += sum(map(len, page.recorded.values()))
        differing = list(compare(page, self.audiences, self.agreements()))
        if differing and self._first is None:
            self._first = differing[0]
        return differing

    def _result(self, counted: Mapping[str, int], *, swapped: bool) -> Rebuilt:
        return Rebuilt(self._streams, self._events, counted, self._first, swapped)


def compare(page: Page, audiences: Sequence[Audience], agreements: Routes) -> Iterator[Difference]:
    """Yield every row of these views that is not what a fold from zero makes.

    Raises:
        NotRebuildableError: if a stream of the register cannot be folded.
    """
    shown = {_key(row): row for row in page.shown}
    made: dict[tuple[Any, ...], Row] = {}
    for stream, version in page.versions.items():
        events = _read(stream, page.recorded.get(stream, []), version)
        for row in _fold(stream, events, audiences, agreements):
            made[_key(row)] = row
        yield from _routing(stream, page.routings[stream], events, audiences)
    for key in sorted(shown.keys() | made.keys(), key=str):
        if _told(shown.get(key)) != _told(made.get(key)):
            yield _difference(shown.get(key) or made[key], made.get(key))


def _read(stream: UUID, recorded: Sequence[bytes], version: int) -> list[RecordedEvent]:
    try:
        events = [from_bytes(RecordedEvent, raw) for raw in recorded]
    except ValidationError:
        raise NotRebuildableError(stream, "the register holds an event that cannot be read") from None
    if [event.sequence for event in events] != list(range(1, version + 1)):
        raise NotRebuildableError(stream, "the register does not hold every event that was projected")
    return events


def _fold(
    stream: UUID, events: Sequence[RecordedEvent], audiences: Iterable[Audience], agreements: Routes
) -> list[Row]:
    rows: list[Row] = []
    wanted = frozenset(audiences)
    try:
        for audience in audiences:
            rebuilt = rebuild(audience, events, agreements)
            rows += [file_row(audience, rebuilt.file)] if rebuilt.file else []
            rows += map(entry_row, rebuilt.entries)
        rows += [name for name in names_given(events) if name.audience in wanted]
    except Exception as problem:
        raise NotRebuildableError(stream, f"it cannot be folded ({type(problem).__name__})") from problem
    return rows


def _routing(
    stream: UUID, kept: str | None, events: Sequence[RecordedEvent], audiences: Iterable[Audience]
) -> Iterator[Difference]:
    """Yield a difference when another has joined, of these audiences, than is noted."""
    if kept is None:
        return
    routing, wanted = Routing.model_validate_json(kept), frozenset(audiences)
    mended = routing.joined - wanted | joined(events) & wanted
    if mended != routing.joined:
        [audience, *_] = sorted(mended ^ routing.joined)
        made = routing.model_copy(update={"joined": mended}).model_dump_json()
        yield Difference("routing", audience, stream, made=made)


def _key(row: Row) -> tuple[Any, ...]:
    match row:
        case FileRow():
            return ("file", row.audience, row.stream)
        case EntryRow():
            return ("entry", row.audience, row.stream, row.version)
        case NameRow():
            return ("name", row.audience, row.stream, row.holder, row.reference)


def _told(row: Row | None) -> Any:
    """Return a row so that it equals another which says the same: JSON is compared by what it says."""
    match row:
        case FileRow():
            return replace(row, body=""), json.loads(row.body)
        case EntryRow():
            return replace(row, told=""), json.loads(row.told)
        case _:
            return row


def _difference(row: Row, made: Row | None) -> Difference:
    match row:
        case FileRow():
            return Difference("file", row.audience, row.stream, made=made)
        case EntryRow():
            return Difference("entry", row.audience, row.stream, version=row.version, made=made)
        case NameRow():
            return Difference("name", row.audience, row.stream, None, row.holder, row.reference, made)
