"""Answer how a case was: the register replayed, in the words of any audience, opened as far as an auditor may.

The register gives its auditor no box: those it may open lie in its own view, and count as recorded by their SHA-256.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from pydantic import JsonValue

from events.codec import from_bytes
from events.envelope import RecordedEvent
from events.parties import Audience, Duty
from infra.postgres.audit_reader import AuditReader, OrderRow
from infra.postgres.faults import DatabaseUnreachableError
from infra.web.problems import Refused
from projections import glass
from projections.answers import case_answer
from projections.disclosure.agreement import Agreement
from projections.facts import Choice, as_shown, decide
from projections.sight import Reader
from projections.timeline import timeline
from services.audit.boxes import boxes_in, with_box
from services.audit.exposure import Spot, exposure, spot_of
from services.audit.replay import (
    Moments,
    Replayed,
    Streams,
    after_withdrawals,
    known,
    linked_streams,
    replay,
    same_as_rebuilt,
    shown_by,
    standing_glass,
)
from services.audit.sealing import in_sight
from services.audit.verify import verdict_on
from services.reading.answering import Loaded, load, logged, open_boxes
from services.reading.desk import Visit
from services.reading.writing_down import ASK_AGAIN_S, Told

Opened = Mapping[Spot, Mapping[str, JsonValue]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What of a case's history is asked for: the moments, and through whose eyes; `glass`: of who broke it."""

    moments: Moments
    audience: Audience
    duties: frozenset[Duty]
    glass: UUID | None = None


async def show_history(visit: Visit, register: AuditReader, reference: str, asked: Asked) -> bytes:
    """Return a case as it was.

    Raises:
        Refused: if there is none, or it could not be read or the access entry not be written.
    """
    at, now = asked.moments.known_at, visit.desk.clock.now()
    then = visit.agreements.known_at(at)
    agreement = then.newest
    loaded = await load(visit, reference)
    whole = await register_of(register, loaded)
    orders = await _orders_about(register, whole)
    streams = known(whole, asked.moments)
    own = after_withdrawals(
        replay(loaded.file.stream, streams, Audience.AUDITOR, visit.agreements), loaded.endings, now
    )
    reader, sight = _eyes(asked, whole, orders, loaded.file.stream)
    seen = {stream: streams[stream] for stream in sight}
    told = replay(loaded.file.stream, seen, asked.audience, then, under_glass=reader.under_glass)
    theirs = after_withdrawals(told, loaded.endings, at)
    # What happened then is told by the version of then; what the auditor may open is for the one in force now.
    choice = Choice(decide(own.files, own.entries, visit.reader, visit.agreement, now))
    opened = await _opened(visit, choice, boxes_in(loaded.entries))
    answer: dict[str, JsonValue] = {
        "case": reference,
        "audience": asked.audience.value,
        "glass": str(asked.glass) if asked.glass else None,
        "known_at": asked.moments.known_at.isoformat(),
        "as_of": asked.moments.as_of.isoformat(),
        "file": _file(theirs, reader, agreement, asked, reference),
        "entries": list(timeline(theirs.files, theirs.entries, reader, agreement, at).lines),
        "facts": list(exposure(theirs, streams, reader, agreement, at, opened=opened)),
        "equals_view": same_as_rebuilt(loaded.held, loaded.entries, whole, visit.agreements),
    }
    return await logged(visit, answer, Told(loaded.versions, choice.rules, choice.categories, loaded.policies))


async def register_of(register: AuditReader, loaded: Loaded) -> Streams:
    """Read the streams of a case from the register, those that the view does not know of too; without their boxes.

    Raises:
        Refused: if the register does not answer, or was changed: nothing is told that was not recorded so.
    """
    try:
        wanted: set[UUID] = {file.stream for file in loaded.files}
        found = await _as_recorded(register, wanted)
        more = linked_streams(found[loaded.file.stream]) - wanted
        return found | await _as_recorded(register, more)
    except DatabaseUnreachableError:
        raise Refused("no_answer", seconds=ASK_AGAIN_S) from None


async def _orders_about(register: AuditReader, whole: Streams) -> Sequence[OrderRow]:
    try:
        return await register.orders(whole)
    except DatabaseUnreachableError:
        raise Refused("no_answer", seconds=ASK_AGAIN_S) from None


def _eyes(asked: Asked, whole: Streams, orders: Sequence[OrderRow], stream: UUID) -> tuple[Reader, Streams]:
    """Return through whose eyes it is looked at, and what was in their sight: nothing, if the glass stood open no more.

    Shape: `whole` as `register_of` returns it; the answer is some of it.
    """
    at, reader = asked.moments.known_at, Reader(asked.audience, asked.duties, None)
    if asked.glass is None:
        return reader, in_sight(whole, orders, reader, at)
    broken = standing_glass(whole[stream], asked.glass, asked.audience, at)
    if broken is None:
        return reader, {}
    reader = Reader(asked.audience, frozenset(), broken.unit, glass.PURPOSE, under_glass=True)
    return reader, shown_by(in_sight(whole, orders, reader, at), asked.glass, asked.audience, at)


async def _as_recorded(register: AuditReader, streams: Collection[UUID]) -> dict[UUID, list[RecordedEvent]]:
    async with register.pairs(streams) as pairs:
        verdict = await verdict_on(pairs)
    if verdict.first_break:
        raise Refused("history_changed")
    found = await register.streams(streams)
    return {stream: [from_bytes(RecordedEvent, raw) for raw in recorded] for stream, recorded in found.items()}


async def _opened(visit: Visit, choice: Choice, boxes: Mapping[str, str]) -> Opened:
    """Return what the auditor may see, by place: open codes, and the boxes that its own clauses open.

    Shape: `boxes` as `boxes_in` returns those of its view; what that does not hold yet stays shut.

    Raises:
        Refused: if the keys could not be reached.
    """
    facts = [replace(fact, box=with_box(fact.box, boxes)) if fact.box else fact for fact in choice.facts]
    values = iter(await open_boxes(visit, Choice(tuple(facts))))
    opened: dict[Spot, Mapping[str, JsonValue]] = {}
    for fact in facts:
        found = as_shown(fact, next(values)) if fact.box else fact.status_codes
        if found is not None:
            opened[spot_of(fact)] = found
    return opened


def _file(theirs: Replayed, reader: Reader, agreement: Agreement, asked: Asked, reference: str) -> JsonValue:
    """Return where the case stood, under the auditor's name for it; None when the audience was told of none."""
    if theirs.file is None:
        return None
    answer = case_answer(theirs.file, theirs.files, reader, agreement, asked.moments.known_at)
    return answer | {"case": reference}
