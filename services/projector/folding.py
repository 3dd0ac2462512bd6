"""What some events of one stream change in every audience's view. Pure: the same as `rebuild`, step by step."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from events.case import PartyJoined
from events.codec import read_event
from events.envelope import RecordedEvent
from events.parties import STANDING_AUDIENCES, Audience
from infra.postgres.view_rows import Changes, EntryRow, FileRow, NameRow, StreamRow
from projections.case_file import CaseFile
from projections.disclosure.agreement import Routes
from projections.disclosure.disclose import Disclosed, disclose
from projections.rebuild import rebuild
from projections.routing import Routing, newly_joined, route
from projections.views import VIEWS

Files = Mapping[Audience, CaseFile]
Events = Sequence[RecordedEvent]


@dataclass(frozen=True, slots=True)
class Routed:
    """Where a stream stands before and after some events."""

    before: Routing | None
    after: Routing

    @property
    def joining(self) -> frozenset[Audience]:
        """The audiences that have to be told everything from the first event."""
        return newly_joined(self.before, self.after) & VIEWS.keys()

    @property
    def staying(self) -> frozenset[Audience]:
        """The audiences that are told of what is new."""
        return (self.before.joined if self.before else frozenset()) & VIEWS.keys()


def route_all(before: Routing | None, events: Iterable[RecordedEvent]) -> Routed:
    """Follow the routing over the next events of a stream.

    Raises:
        GapError: if a version is missing.
        ValueError: if there is no event.
    """
    after = before
    for event in events:
        after = route(after, event)
    if after is None:
        raise ValueError("nothing to route")
    return Routed(before, after)


def fold_stream(
    routed: Routed,
    files: Files,
    events: Sequence[RecordedEvent],
    history: Sequence[RecordedEvent],
    agreements: Routes,
) -> Changes:
    """Return what the new events change.

    Order: `events` follow the version in `routed.before` without gaps. `history` is the stream from its first event
           to the last of `events`; it is only looked at when an audience joins.
    """
    changed: dict[Audience, CaseFile] = {}
    told: list[Disclosed] = []
    for audience in sorted(routed.joining):
        rebuilt = rebuild(audience, history, agreements)
        told.extend(rebuilt.entries)
        if rebuilt.file:
            changed[audience] = rebuilt.file
    for audience in sorted(routed.staying):
        new = [one for event in events if (one := disclose(event, audience, agreements.routing(event.recordedtime)))]
        told.extend(new)
        if new:
            changed[audience] = _followed(files.get(audience), new)
    stream = StreamRow(
        stream=routed.after.stream,
        before=routed.before.version if routed.before else 0,
        version=routed.after.version,
        routing=routed.after.model_dump_json(),
    )
    return Changes(
        streams=(stream,),
        files=tuple(file_row(audience, file) for audience, file in changed.items()),
        entries=tuple(map(entry_row, told)),
        names=tuple(names_given(events)),
    )


def _followed(file: CaseFile | None, told: Iterable[Disclosed]) -> CaseFile:
    for one in told:
        file = VIEWS[one.audience].fold(file, one)
    if file is None:
        raise ValueError("nothing to follow")
    return file


def names_given(events: Iterable[RecordedEvent]) -> Iterable[NameRow]:
    """Yield the names that parties were given; each goes to its own audience alone."""
    for event in events:
        if event.type != PartyJoined.TYPE:
            continue
        joined = read_event(event)
        if isinstance(joined, PartyJoined) and joined.reference and joined.audience in VIEWS:
            yield NameRow(joined.audience, joined.unit or joined.audience.value, joined.reference, event.subject)


def file_row(audience: Audience, file: CaseFile) -> FileRow:
    """Return the row of a file: the whole of it, and what lists are narrowed by."""
    return FileRow(
        audience=audience,
        stream=file.stream,
        kind=file.kind,
        status=file.status,
        stage=file.stage,
        emergency=file.emergency,
        lead_unit=file.lead_unit,
        units=file.units,
        root=file.root,
        opened_at=file.opened_at,
        changed_at=file.changed_at,
        due_at=_earliest_due(audience, file),
        sealed_to=file.sealed_to,
        body=file.model_dump_json(),
    )


def _earliest_due(audience: Audience, file: CaseFile) -> datetime | None:
    """Return when the audience must act next; a standing audience watches everybody's clocks."""
    running = [d for d in file.deadlines if d.late is None]
    own = [d.due_at for d in running if d.audience is audience or audience in STANDING_AUDIENCES]
    return min(own, default=None)


def entry_row(told: Disclosed) -> EntryRow:
    """Return the row of an event as an audience is told of it."""
    return EntryRow(
        audience=told.audience,
        stream=told.stream,
        version=told.version,
        event_id=told.event_id,
        occurred_at=told.occurred_at,
        recorded_at=told.recorded_at,
        told=told.model_dump_json(),
    )
