"""Two units speak of what seems to be one child: each is told that there is another, and people say whether it is so.

What is sealed takes no part: for the other side it is as if it did not exist.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from uuid import UUID

from events.case import MatchConfirmed, MatchEnded, MatchEstablished, MatchSuggested, PartyJoined
from events.envelope import EventId, Reference, UnitId
from events.parties import Audience
from events.units import units
from services.case_record.domain.commands import AnswerMatch
from services.case_record.domain.dossier import Dossier
from services.case_record.domain.matter import Alike, Matter, minted, step_skipped
from services.case_record.domain.proceedings import Match
from services.case_record.domain.said import Said
from services.case_record.domain.streams import Decided, Placed, Stream

_COORDINATOR = Audience.COORDINATOR.value


@dataclass(frozen=True, slots=True)
class _Side:
    """One of two streams that seem to be of one child: whom to tell, and the coordinator's name for it."""

    stream: Stream
    unit: UnitId
    audience: Audience
    name: Reference


@dataclass(frozen=True, slots=True)
class _Held:
    """A match as a stream holds it."""

    stream: Stream
    id: EventId
    match: Match


def suggest_matches(said: Said, matter: Matter, stream: Stream, placed: Collection[Placed]) -> Iterator[Placed]:
    """Tell both sides, each in its own stream, of what seems to be the same child and never was compared before.

    `placed` is what else follows from the statement, recorded in `stream`. Nothing is suggested of what is sealed, has
    ended, or is one work already.
    """
    near = tuple(found for found in (matter.here, matter.there) if found)
    own = _own_side(said, stream, near, placed)
    if own is None or any(map(_sealed, near)) or any(_over(found) and stream.id in _streams(found) for found in near):
        return  # a case that is only now opened is not over, whatever its report was held to be
    mine = {stream.id}.union(*(_streams(found) for found in near))
    compared = {held.match.other for found in near for held in _held(found)}
    for alike in matter.alike:
        other = _other_side(alike)
        if (
            other is None
            or not mine.isdisjoint(_streams(alike.dossier))
            or not compared.isdisjoint(_names(alike.dossier))
        ):
            continue
        mine |= _streams(alike.dossier)  # it may be known by more than one reference
        yield _suggested(matter, own, other)
        yield _apart(_suggested(matter, other, own))


def answer_match(command: AnswerMatch, matter: Matter, dossier: Dossier) -> Iterator[Placed]:
    """Return what follows from a person's answer.

    Only the unit that was asked answers; a name that is not known, not its own or at its end gives one flag.
    """
    held = next((one for one in _held(dossier) if one.id == command.match), None)
    if held is None or held.match.unit != command.said.unit or not _stands(held):
        yield step_skipped(command.said, dossier.main)
    elif not command.same:
        yield from _end((held,), matter, dossier)
    elif held.match.status in {"suggested", "confirmed"}:  # again: the other side may have been sealed when it was
        if held.match.status == "suggested":
            yield _told(MatchConfirmed, held)
        twin = _twin(held, matter, dossier)
        if twin and twin.match.status == "confirmed":
            pair = minted(matter, "pair", held.id, twin.id)
            yield _told(MatchEstablished, held, pair=pair)
            yield _apart(_told(MatchEstablished, twin, pair=pair))


def end_matches(matter: Matter, dossier: Dossier) -> Iterator[Placed]:
    """End whatever was suggested of a case or its reports: what was compared is to be erased."""
    return _end(tuple(_held(dossier)), matter, dossier)


def _end(ending: Collection[_Held], matter: Matter, dossier: Dossier) -> Iterator[Placed]:
    """End each on both sides; on the other only where neither is sealed, or sealing would show."""
    own = {held.id for held in ending}
    twins = (_twin(held, matter, dossier) for held in ending)
    yield from (_told(MatchEnded, held) for held in ending if _stands(held))
    yield from (_apart(_told(MatchEnded, twin)) for twin in twins if twin and twin.id not in own and _stands(twin))


def _twin(held: _Held, matter: Matter, dossier: Dossier) -> _Held | None:
    """Return the other side of a match, None when either is sealed."""
    other = next((found for found in matter.matched if held.match.other in _names(found)), None)
    if other is None or _sealed(other) or _sealed(dossier):
        return None
    own_name = _name(dossier, held.stream)
    found = (one for one in _held(other) if _name(other, one.stream) == held.match.other)
    return next((one for one in found if one.match.other == own_name), None)


def _stands(held: _Held) -> bool:
    return held.match.status != "ended"


def _apart(placed: Placed) -> Placed:
    """Return the same as the other side is told it: without what was stated here, and when."""
    return replace(placed, apart=True)


def _own_side(said: Said, stream: Stream, near: Collection[Dossier], placed: Collection[Placed]) -> _Side | None:
    known = (_name(found, stream) for found in near)
    new = (
        one.event.reference
        for one in placed
        if one.stream == stream and isinstance(one.event, PartyJoined) and one.event.audience is Audience.COORDINATOR
    )
    name = next((found for found in (*known, *new) if found), None)
    return _Side(stream, said.unit, said.audience, name) if said.audience and name else None


def _other_side(alike: Alike) -> _Side | None:
    """Return the side of another unit, None when it is sealed or over, or the unit has no view to be told in."""
    dossier, audience = alike.dossier, units()[alike.unit].audience
    name = _name(dossier, dossier.main)
    if name is None or audience is None or _over(dossier) or _sealed(dossier):
        return None
    return _Side(dossier.main, alike.unit, audience, name)


def _suggested(matter: Matter, told: _Side, other: _Side) -> Placed:
    match = minted(matter, "match", str(told.stream.id), str(other.stream.id))
    event = MatchSuggested(match=match, unit=told.unit, audience=told.audience, other=other.name)
    return Placed(told.stream, event)


def _told(event: Callable[..., Decided], held: _Held, **more: EventId) -> Placed:
    match = held.match
    return Placed(held.stream, event(match=held.id, unit=match.unit, audience=match.audience, **more))


def _held(dossier: Dossier) -> Iterator[_Held]:
    found = ((member.stream, member.proceedings.matches) for member in dossier.members)
    return (_Held(stream, id_, match) for stream, matches in found for id_, match in matches.items())


def _streams(dossier: Dossier) -> set[UUID]:
    return {dossier.named.id, *(member.stream.id for member in dossier.members)}


def _names(dossier: Dossier) -> set[Reference]:
    """Return the coordinator's names for a case and its reports."""
    return {name for member in dossier.members if (name := _name(dossier, member.stream))}


def _name(dossier: Dossier, stream: Stream) -> Reference | None:
    found = next((m.proceedings.parties.get(_COORDINATOR) for m in dossier.members if m.stream == stream), None)
    return found.reference if found else None


def _over(dossier: Dossier) -> bool:
    return dossier.closed or (dossier.case is None and any(report.unfounded for report in dossier.reports))


def _sealed(dossier: Dossier) -> bool:
    return any(member.proceedings.sealed_to is not None for member in dossier.members)
