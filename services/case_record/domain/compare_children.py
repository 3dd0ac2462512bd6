"""Two units speak of what seems to be one child: each is told that there is another, and what people say is settled.

A record has few questions open at a time, and records that people hold to be of one child are one question. What is
left out is asked once others are answered. What is sealed takes no part: for the other side it does not exist.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from events import matches
from events.case import CaseUnsealed, MatchConfirmed, MatchEnded, MatchEstablished, MatchSuggested, StatementFlagged
from events.envelope import EventId, Reference
from events.event import Event
from events.likeness import names_child
from events.parties import Audience
from services.case_record.domain.dossier import Dossier
from services.case_record.domain.match_sides import (
    Held,
    Side,
    held_in,
    names_of,
    sealed,
    side_of,
    streams_of,
    told,
    twin_of,
)
from services.case_record.domain.matter import Comparison, minted
from services.case_record.domain.proceedings import MANY_ALIKE
from services.case_record.domain.streams import Placed, Stream

MOST_OPEN = 5  # questions of one record that nobody has answered: what a person can look through in one go

_ANSWERS = (matches.MatchConfirmed, matches.MatchWithdrawn)
_MOVES = (MatchConfirmed, MatchEstablished, MatchEnded, CaseUnsealed)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A record with which this one was never compared; `statement` names the child here."""

    own: Side
    other: Side
    dossier: Dossier
    statement: EventId


def to_be_compared(stated: Event, stream: Stream, placed: Iterable[Placed]) -> Iterator[Stream]:
    """Yield what is to be compared for a statement in `stream`: it names a child, or what was held back may go on."""
    if names_child(type(stated)) or isinstance(stated, _ANSWERS):
        yield stream
    yield from after_comparing(placed)


def after_comparing(placed: Iterable[Placed]) -> Iterator[Stream]:
    """Yield what is to be compared because of what was decided."""
    return (one.stream for one in placed if isinstance(one.event, _MOVES))


def compare(comparison: Comparison) -> Iterator[Placed]:
    """Return what is told of one record and those it seems to share a child with: each side in its own stream.

    Either what people said is settled, or something is suggested: what is settled gives reason to compare again.
    """
    if sealed(comparison.here):
        return
    settled = tuple(_settled(comparison))
    yield from settled or _suggested(comparison)


def _settled(comparison: Comparison) -> Iterator[Placed]:
    """Establish what both sides confirmed, and end on both what ended on one."""
    done: set[EventId] = set()
    for held in held_in(comparison.here):
        twin = twin_of(held, comparison.here, comparison.matched)
        if twin is None or held.id in done:
            continue
        done |= {held.id, twin.id}
        yield from _settled_between(held, twin, comparison)


def _settled_between(held: Held, twin: Held, comparison: Comparison) -> Iterator[Placed]:
    if held.stands != twin.stands:
        yield told(MatchEnded, held if held.stands else twin)
    elif held.match.status == twin.match.status == "confirmed":
        pair = minted(comparison, "pair", held.id, twin.id)
        yield told(MatchEstablished, held, pair=pair)
        yield told(MatchEstablished, twin, pair=pair)


def _suggested(comparison: Comparison) -> Iterator[Placed]:
    """Ask about as many as there is room for, those with the fewest questions first; who is asked none is asked one."""
    here, there = comparison.here, comparison.there
    groups = _groups(comparison)
    asked = {held.match.other for held in held_in(here) if held.stands and held.match.other in there}
    room, left_out = MOST_OPEN - _open(here, there), None
    for one in sorted(_candidates(comparison), key=lambda found: _open(found.dossier, there)):
        group = next(found for found in groups if one.other.name in found)
        if not asked.isdisjoint(group):
            continue
        full = _open(one.dossier, there) >= MOST_OPEN and room < MOST_OPEN
        if room <= 0 or full:
            left_out = left_out or one
            continue
        asked.add(one.other.name)
        room -= 1
        yield _suggestion(comparison, one.own, one.other)
        yield _suggestion(comparison, one.other, one.own)
    if left_out and not any(member.proceedings.many_alike for member in here.members):
        yield _many_alike(left_out)


def _candidates(comparison: Comparison) -> Iterator[_Candidate]:
    """Yield whatever was never compared with this record, is not one work with it, and is not sealed or over."""
    here = comparison.here
    if not _takes_part(here):
        return
    taken, compared = streams_of(here), {held.match.other for held in held_in(here)}
    for alike in comparison.alike:
        own, other = side_of(alike.named_by, here), side_of(alike.unit, alike.dossier)
        known = not taken.isdisjoint(streams_of(alike.dossier)) or not compared.isdisjoint(names_of(alike.dossier))
        if own is None or other is None or known or not _takes_part(alike.dossier):
            continue
        taken |= streams_of(alike.dossier)  # it may be known by more than one reference
        yield _Candidate(own, other, alike.dossier, alike.statement)


def _takes_part(dossier: Dossier) -> bool:
    over = dossier.closed or (dossier.case is None and any(report.unfounded for report in dossier.reports))
    return not (over or sealed(dossier) or any(member.proceedings.to_be_erased for member in dossier.members))


def _open(dossier: Dossier, there: Collection[Reference]) -> int:
    """Count the questions of a record, about what is there, that were not answered on both sides.

    What hides counts nowhere: it would show by what others are asked.
    """
    open_ = (held for held in held_in(dossier) if held.match.status in {"suggested", "confirmed"})
    return len([held for held in open_ if held.match.other in there])


def _groups(comparison: Comparison) -> list[set[Reference]]:
    """Return which names of what is there people hold to be of one child."""
    groups: list[set[Reference]] = []
    for dossier in (comparison.here, *comparison.matched, *(alike.dossier for alike in comparison.alike)):
        same = (held.match.other for held in held_in(dossier) if held.match.status == "established")
        joined = {name for name in (*names_of(dossier), *same) if name in comparison.there}
        touching = [group for group in groups if not joined.isdisjoint(group)]
        groups = [*(group for group in groups if group not in touching), joined.union(*touching)]
    return groups


def _suggestion(comparison: Comparison, to: Side, other: Side) -> Placed:
    match = minted(comparison, "match", str(to.stream.id), str(other.stream.id))
    event = MatchSuggested(match=match, unit=to.unit, audience=to.audience, other=other.name)
    return Placed(to.stream, event)


def _many_alike(one: _Candidate) -> Placed:
    """Tell the coordinator, once, that more seem to be of the same child than can be asked about."""
    event = StatementFlagged(statement=one.statement, flag=MANY_ALIKE, audience=Audience.COORDINATOR)
    return Placed(one.own.stream, event)
