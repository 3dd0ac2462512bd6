"""From whom a case was sealed at some moment: by orders recorded then, and by those that nobody had decided on. Pure.

An order hides from its door's acceptance on (decision 0027), also one that was refused in the end: what was read
meanwhile, and is replayed, was read without the case.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from events.case import CaseOpened, CaseSealed, CaseUnsealed, PartyJoined, ReportLinked
from events.codec import read_event
from events.competence import VIET_NAM, competence_of
from events.envelope import RecordedEvent, UnitId
from events.parties import Audience
from events.units import audience_of
from infra.postgres.audit_reader import OrderRow
from projections.sight import Reader
from services.audit.replay import Streams, linked_streams

_OF_SEALING = frozenset({CaseSealed.TYPE, CaseUnsealed.TYPE})


def in_sight(streams: Streams, orders: Collection[OrderRow], reader: Reader, known_at: datetime) -> Streams:
    """Return, in their order, the streams that were not sealed from a reader when so much was recorded.

    Shape: `streams` whole: an order acts from its acceptance on, whatever it is then looked back at; `orders` about any
    of them.
    """
    by_then = {
        stream: [event for event in events if event.recordedtime <= known_at] for stream, events in streams.items()
    }
    hidden = {stream for order in orders for stream in _hidden_by(order, by_then, reader, known_at)}
    return {
        stream: streams[stream]
        for stream, events in by_then.items()
        if stream not in hidden and keeps_sight(events, reader, known_at)
    }


def keeps_sight(events: Sequence[RecordedEvent], reader: Reader, known_at: datetime) -> bool:
    """Say whether no order sealed a stream from a reader by then; the auditor keeps sight.

    Without a unit: whether it was sealed from every unit of the audience.
    """
    sealed_to = _sealed_to([event for event in events if event.recordedtime <= known_at])
    return sealed_to is None or _is_named(reader, sealed_to, known_at)


def _hidden_by(order: OrderRow, by_then: Streams, reader: Reader, known_at: datetime) -> Iterator[UUID]:
    """Yield what an order hid from a reader while nobody had decided on it: all that the case record would seal by it.

    Nothing, where its unit had no name for the case yet, or had lost sight of it: its mere word is nothing there.
    """
    decided = order.decided_at is not None and order.decided_at <= known_at
    if decided or known_at < order.accepted_at or not _knows(order.unit, by_then[order.stream]):
        return
    case = _case_of(order.stream, by_then)
    members = {case, order.stream, *linked_streams(by_then.get(case, ()))}
    sealed_to = [_sealed_to(by_then.get(member, ())) for member in members]
    lead = [str(event.data.open["lead_unit"]) for event in by_then.get(case, ()) if event.type == CaseOpened.TYPE]
    loses = not _is_named(reader, (*order.units, order.unit, *lead[-1:]), known_at)
    if loses and all(named is None or order.unit in named for named in sealed_to):
        yield from members


def _sealed_to(by_then: Sequence[RecordedEvent]) -> tuple[UnitId, ...] | None:
    """Return whom the last order of a stream names; None: it is not sealed."""
    orders = [event for event in by_then if event.type in _OF_SEALING]
    last = read_event(orders[-1]) if orders else None
    return last.units if isinstance(last, CaseSealed) else None


def _is_named(reader: Reader, in_sight_: Collection[UnitId], known_at: datetime) -> bool:
    if reader.audience is Audience.AUDITOR:
        return True
    if reader.unit is None:
        return reader.audience in map(audience_of, in_sight_)
    return not competence_of(reader.unit, known_at.astimezone(VIET_NAM).date()).units.isdisjoint(in_sight_)


def _knows(unit: UnitId, by_then: Sequence[RecordedEvent]) -> bool:
    """Say whether a unit had a name for a stream: by a statement in it, or since it joined."""
    return any(
        event.source == unit or (event.type == PartyJoined.TYPE and event.data.open["unit"] == unit)
        for event in by_then
    )


def _case_of(stream: UUID, by_then: Mapping[UUID, Sequence[RecordedEvent]]) -> UUID:
    """Return the case to which a stream belonged, or the report that belonged to none."""
    links = [event for event in by_then[stream] if event.type == ReportLinked.TYPE]
    return UUID(str(links[-1].data.open["case"])) if links else stream
