"""Two records that seem to be of one child: the matches a record holds, the coordinator's name for it, and its side."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from uuid import UUID

from events.envelope import EventId, Reference, UnitId
from events.parties import Audience
from events.units import units
from services.case_record.domain.dossier import Dossier
from services.case_record.domain.proceedings import Match
from services.case_record.domain.streams import Decided, Placed, Stream

_COORDINATOR = Audience.COORDINATOR.value


@dataclass(frozen=True, slots=True)
class Side:
    """One of two records that seem to be of one child: whom to tell, and the coordinator's name for it."""

    stream: Stream
    unit: UnitId
    audience: Audience
    name: Reference


@dataclass(frozen=True, slots=True)
class Held:
    """A match as a stream holds it."""

    stream: Stream
    id: EventId
    match: Match

    @property
    def stands(self) -> bool:
        """Whether nobody has said that it is another child."""
        return self.match.status != "ended"


def side_of(unit: UnitId, dossier: Dossier) -> Side | None:
    """Return a record as the unit that named its child is told of it, None when there is no view to tell it in."""
    audience, name = units()[unit].audience, name_of(dossier, dossier.main)
    return Side(dossier.main, unit, audience, name) if audience and name else None


def held_in(dossier: Dossier) -> Iterator[Held]:
    """Yield every match that a case and its reports hold."""
    found = ((member.stream, member.proceedings.matches) for member in dossier.members)
    return (Held(stream, id_, match) for stream, matches in found for id_, match in matches.items())


def twin_of(held: Held, dossier: Dossier, others: Collection[Dossier]) -> Held | None:
    """Return the other side of a match that `dossier` holds, None when it is not among `others` or is sealed."""
    other = next((found for found in others if held.match.other in names_of(found)), None)
    if other is None or sealed(other):
        return None
    own_name = name_of(dossier, held.stream)
    found = (one for one in held_in(other) if name_of(other, one.stream) == held.match.other)
    return next((one for one in found if one.match.other == own_name), None)


def told(event: Callable[..., Decided], held: Held, **more: EventId) -> Placed:
    """Tell the unit that was asked how a match goes on."""
    match = held.match
    return Placed(held.stream, event(match=held.id, unit=match.unit, audience=match.audience, **more))


def streams_of(dossier: Dossier) -> set[UUID]:
    """Return the streams of a case and its reports."""
    return {dossier.named.id, *(member.stream.id for member in dossier.members)}


def names_of(dossier: Dossier) -> set[Reference]:
    """Return the coordinator's names for a case and its reports."""
    return {name for member in dossier.members if (name := name_of(dossier, member.stream))}


def name_of(dossier: Dossier, stream: Stream) -> Reference | None:
    """Return the coordinator's name for one stream of a record."""
    found = next((m.proceedings.parties.get(_COORDINATOR) for m in dossier.members if m.stream == stream), None)
    return found.reference if found else None


def sealed(dossier: Dossier) -> bool:
    """Say whether any of it is sealed: for everybody else it is then as if it did not exist."""
    return any(member.proceedings.sealed_to is not None for member in dossier.members)
