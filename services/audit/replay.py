"""A case as it was, from the register alone: no view is asked. Pure.

`known_at` counts what had been recorded by then, `as_of` what had occurred by then; the first takes away whole ends
of streams, the second single events.

A broken glass gives its audience the case to keep, and sight of it to one person for its time: what was shown under it
is replayed for that glass alone, and nobody else of the audience was shown anything.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from events.case import PartyJoined, ReportLinked
from events.codec import read_event
from events.envelope import RecordedEvent
from events.glass import GlassBroken
from events.parties import Audience
from projections.case_file import CaseFile
from projections.consents import take_back
from projections.disclosure.agreement import Routes
from projections.disclosure.disclose import Disclosed, disclose
from projections.rebuild import rebuild
from projections.routing import JOINING
from projections.sharing import Ending
from projections.views import VIEWS
from services.audit.boxes import entry_without_boxes

Streams = Mapping[UUID, Sequence[RecordedEvent]]

_JOINED = frozenset({PartyJoined.TYPE})


@dataclass(frozen=True, slots=True)
class Moments:
    """As of what had occurred, known by what had been recorded."""

    as_of: datetime
    known_at: datetime


@dataclass(frozen=True, slots=True)
class Replayed:
    """A case as an audience had been told it; `file` is None when it had not joined, or the case was sealed from it.

    Shape: `files` are the case's own, its reports' and, of a report, its case's; `entries` those that are read with
           the stream asked for, `read` the streams they are of.
    """

    file: CaseFile | None
    files: tuple[CaseFile, ...]
    entries: tuple[Disclosed, ...]
    read: frozenset[UUID]


def linked_streams(events: Iterable[RecordedEvent]) -> frozenset[UUID]:
    """Return the streams that a stream was ever linked with: a case's reports, or a report's case."""
    links = [event.data.open for event in events if event.type == ReportLinked.TYPE]
    return frozenset(UUID(str(link[end])) for link in links for end in ("report", "case"))


def known(streams: Streams, moments: Moments) -> dict[UUID, list[RecordedEvent]]:
    """Return what had occurred, of what was known."""
    return {
        stream: [event for event in events if event.recordedtime <= moments.known_at and event.time <= moments.as_of]
        for stream, events in streams.items()
    }


def standing_glass(
    events: Iterable[RecordedEvent], glass: UUID, audience: Audience, known_at: datetime
) -> GlassBroken | None:
    """Return the broken glass of that id, if it stood open for a person of the audience at that moment."""
    for event in events:
        broken = read_event(event) if event.type == GlassBroken.TYPE else None
        if isinstance(broken, GlassBroken) and (broken.breaking, broken.audience) == (glass, audience):
            return broken if event.time <= known_at < broken.until else None
    return None


def shown_by(streams: Streams, glass: UUID, audience: Audience, known_at: datetime) -> Streams:
    """Return, in their order, the streams whose histories tell of a broken glass: it shows what was linked by then."""
    return {
        stream: events
        for stream, events in streams.items()
        if standing_glass(events, glass, audience, known_at) is not None
    }


def replay(
    asked: UUID, streams: Streams, audience: Audience, agreements: Routes, *, under_glass: bool = False
) -> Replayed:
    """Return a case as an audience had been told it by these events; `under_glass`: to whoever breaks its glass, too.

    Order: the events of a stream by version; `known` may have left some out.
    """
    files: dict[UUID, CaseFile] = {}
    entries: list[Disclosed] = []
    for stream, events in streams.items():
        for told in _told(events, audience, agreements, JOINING if under_glass else _JOINED):
            files[stream] = VIEWS[audience].fold(files.get(stream), told)
            entries.append(told)
    read = {stream for stream, file in files.items() if asked in {stream, file.root}} if asked in files else set()
    return Replayed(
        files.get(asked),
        tuple(files.values()),
        tuple(entry for entry in entries if entry.stream in read),
        frozenset(read),
    )


def after_withdrawals(replayed: Replayed, endings: Sequence[Ending], known_at: datetime) -> Replayed:
    """Return the same without what doors had accepted the withdrawal of by then, though nobody had recorded it."""
    files = take_back(replayed.files, [ending for ending in endings if ending.at <= known_at])
    file = next((one for one in files if replayed.file and one.stream == replayed.file.stream), None)
    return replace(replayed, file=file, files=files)


def same_as_rebuilt(
    files: Iterable[CaseFile], entries: Sequence[Disclosed], streams: Streams, agreements: Routes
) -> bool | None:
    """Say whether the auditor's view is what the register alone makes of it; None while the view is behind.

    Shape: `files` and `entries` as the view holds them; `streams` whole, without boxes, those of all files among them.
    """
    read = {entry.stream for entry in entries}
    same = True
    for file in files:
        made = rebuild(Audience.AUDITOR, streams[file.stream], agreements)
        if made.file and made.file.version > file.version:
            return None
        held = tuple(entry_without_boxes(entry) for entry in entries if entry.stream == file.stream)
        same = same and made.file == file and (file.stream not in read or held == made.entries)
    return same


def _told(
    events: Sequence[RecordedEvent], audience: Audience, agreements: Routes, joining: frozenset[str]
) -> list[Disclosed]:
    """Return what an audience is told of a stream; nothing unless it came to it by an event of these types."""
    joined = {event.data.open["audience"] for event in events if event.type in joining}
    if audience not in joined:
        return []
    return [told for event in events if (told := disclose(event, audience, agreements.routing(event.recordedtime)))]
