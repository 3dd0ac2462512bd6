"""From a statement and what follows from it to the bytes that are kept for ever, and back to what is known."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import uuid5

from events.chain import GENESIS, link, tied
from events.codec import from_bytes, read_event, to_bytes
from events.envelope import RecordedContents, RecordedEvent, SealedEvent
from events.event import Event
from events.glass import GlassBroken, GlassReviewed
from events.parties import Audience
from infra.postgres.case_batch import GlassNotice, StoredEvent
from services.case_record.domain import case, report
from services.case_record.domain.case import Case
from services.case_record.domain.report import Report
from services.case_record.domain.streams import CASE_RECORD, Happened, Placed, Stream


@dataclass(frozen=True, slots=True)
class Head:
    """A stream as far as it goes: its state, its last version, what the next link ties to, and when it was recorded."""

    state: Report | Case
    version: int = 0
    tied: bytes = GENESIS
    recorded_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a recorded event is given: when, with which nonce, and whether time is simulated."""

    now: datetime
    nonce: str
    simulated: bool


def beginning(stream: Stream) -> Head:
    """Return the head of a stream before its first event."""
    return Head(Report(stream) if stream.kind == "report" else Case(stream))


def head_of(stream: Stream, stored: Iterable[StoredEvent]) -> Head:
    """Return the head of a stream from its events, by version.

    The chain is not checked here: that is the audit's to do, and a break in it must not keep anybody from
    recording what happens to the child.
    """
    head = beginning(stream)
    for found in stored:
        recorded = from_bytes(RecordedEvent, found.recorded)
        head = _after(head, recorded, read_event(recorded), tied(found.way, found.digest))
    return head


def record_statement(head: Head, sealed: SealedEvent, event: Event, stamp: Stamp) -> tuple[Head, StoredEvent]:
    """Record what an agency stated, its contents untouched."""
    recorded = RecordedEvent(
        id=sealed.id,
        source=sealed.source,
        type=sealed.type,
        time=sealed.time,
        dataschema=sealed.dataschema,
        correlationid=sealed.correlationid,
        causationid=sealed.causationid,
        traceparent=sealed.traceparent,
        subject=head.state.stream.id,
        recordedtime=_not_before(head, stamp.now),
        sequence=head.version + 1,
        simulated=stamp.simulated or sealed.simulated,
        data=RecordedContents(open=sealed.data.open, sealed=sealed.data.sealed, nonce=stamp.nonce),
    )
    return _stored(head, recorded, event)


def record_decided(
    head: Head, cause: SealedEvent, place: int, placed: Placed, stamp: Stamp
) -> tuple[Head, StoredEvent]:
    """Record what the case record decided because of a statement; `place` counts within the decision.

    The event occurred when the statement says it did: a replay as of that moment shows both or neither.
    """
    stream, event = head.state.stream.id, placed.event
    recorded = RecordedEvent(
        id=str(uuid5(stream, f"{cause.source}|{cause.id}|{place}")),
        source=CASE_RECORD,
        type=event.TYPE,
        time=cause.time,
        correlationid=cause.correlationid,
        causationid=cause.id,
        traceparent=cause.traceparent,
        subject=stream,
        recordedtime=_not_before(head, stamp.now),
        sequence=head.version + 1,
        simulated=stamp.simulated or cause.simulated,
        data=RecordedContents(open=event.model_dump(mode="json"), nonce=stamp.nonce),
    )
    return _stored(head, recorded, event)


def record_compared(head: Head, placed: Placed, stamp: Stamp) -> tuple[Head, StoredEvent]:
    """Record what a comparison led to.

    It occurred when it was recorded, and names no cause: which statement it was, and when, is the other unit's to tell.
    """
    stream, event, recorded_at = head.state.stream.id, placed.event, _not_before(head, stamp.now)
    recorded = RecordedEvent(
        id=str(uuid5(stream, f"compared|{head.version}")),
        source=CASE_RECORD,
        type=event.TYPE,
        time=recorded_at,
        subject=stream,
        recordedtime=recorded_at,
        sequence=head.version + 1,
        simulated=stamp.simulated,
        data=RecordedContents(open=event.model_dump(mode="json"), nonce=stamp.nonce),
    )
    return _stored(head, recorded, event)


def record_noted(head: Head, notice: GlassNotice, stamp: Stamp) -> tuple[Head, StoredEvent]:
    """Record what happened at a reading desk; it occurred when the desk answered."""
    stream, event = head.state.stream.id, _event_of(notice)
    recorded = RecordedEvent(
        id=str(uuid5(stream, str(notice.notice))),
        source=CASE_RECORD,
        type=event.TYPE,
        time=notice.at,
        subject=stream,
        recordedtime=_not_before(head, stamp.now),
        sequence=head.version + 1,
        simulated=stamp.simulated,
        data=RecordedContents(open=event.model_dump(mode="json"), nonce=stamp.nonce),
    )
    return _stored(head, recorded, event)


def _event_of(notice: GlassNotice) -> GlassBroken | GlassReviewed:
    if notice.outcome is not None:
        return GlassReviewed(breaking=notice.breaking, unit=notice.unit, outcome=notice.outcome)
    return GlassBroken(
        breaking=notice.breaking,
        audience=Audience(notice.audience),
        unit=notice.unit,
        until=notice.until,
        review_due_at=notice.review_due_at,
    )


def _not_before(head: Head, now: datetime) -> datetime:
    """Return the present moment, and never one before the last recorded: clocks may be set back."""
    return now if head.recorded_at is None else max(now, head.recorded_at)


def _stored(head: Head, recorded: RecordedEvent, event: Event) -> tuple[Head, StoredEvent]:
    raw = to_bytes(recorded)
    digest = link(head.tied, recorded.subject, recorded.sequence, raw)
    stored = StoredEvent(recorded.subject, recorded.sequence, recorded.type, raw, digest)
    return _after(head, recorded, event, tied(stored.way, digest)), stored


def _after(head: Head, recorded: RecordedEvent, event: Event, tied_to: bytes) -> Head:
    happened = Happened(recorded.source, recorded.id, recorded.time, event)
    state = head.state
    after = case.evolve(state, happened) if isinstance(state, Case) else report.evolve(state, happened)
    return replace(head, state=after, version=recorded.sequence, tied=tied_to, recorded_at=recorded.recordedtime)
