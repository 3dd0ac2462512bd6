"""Who takes part: a unit joins under a name of its own, and reaches every report through its case."""

from collections.abc import Collection, Iterable, Iterator
from typing import Literal

from events.case import PartyJoined
from events.envelope import Reference, UnitId
from events.parties import STANDING_AUDIENCES
from events.units import units
from services.case_record.domain.case import Case
from services.case_record.domain.dossier import Dossier
from services.case_record.domain.matter import Matter, flag, minted
from services.case_record.domain.proceedings import Party
from services.case_record.domain.report import Report
from services.case_record.domain.said import Said
from services.case_record.domain.streams import Placed, Stream

Because = Literal["reported", "forwarded", "opened", "invited", "linked", "standing"]


def speaker(said: Said, reference: Reference) -> tuple[Party, ...]:
    """Return the unit that speaks as a party; none when it has no view to take part with."""
    return (Party(said.audience, said.unit, reference),) if said.audience else ()


def standing(matter: Matter, stream: Stream) -> tuple[Party, ...]:
    """Return those who see every report and case of their province without being asked."""
    return tuple(Party(audience, None, minted(matter, str(stream.id), audience)) for audience in STANDING_AUDIENCES)


def joined(stream: Stream, party: Party, because: Because) -> Placed:
    """Let a party take part in a stream."""
    event = PartyJoined(audience=party.audience, unit=party.unit, reference=party.reference, because=because)
    return Placed(stream, event)


def join_unit(said: Said, matter: Matter, dossier: Dossier, unit_id: UnitId, because: Because) -> Iterator[Placed]:
    """Let a unit take part in what the statement names, and in everything that is linked with it.

    It is given a name of its own for that stream and for the case, unless it has one. A unit that is unknown
    or reads nothing is flagged.
    """
    unit = units().get(unit_id)
    if unit is None or unit.audience is None:
        yield flag(said, dossier.named, "unit_cannot_join")
        return
    for member in dossier.members:
        asked = member.stream == dossier.named
        named = asked or isinstance(member, Case)
        already = member.proceedings.parties.get(unit_id)
        if already and (already.reference or not named):
            continue
        reference = minted(matter, str(member.stream.id), unit_id) if named else None
        yield joined(member.stream, Party(unit.audience, unit_id, reference), because if asked else "linked")


def join_case(matter: Matter, case: Stream, known: Collection[str], parties: Iterable[Party]) -> Iterator[Placed]:
    """Let the parties of a report take part in its case, each under a new name; `known` do already."""
    for party in parties:
        if party.holder not in known:
            reference = minted(matter, str(case.id), party.holder)
            yield joined(case, Party(party.audience, party.unit, reference), "linked")


def join_reports(reports: Iterable[Report], parties: Iterable[Party]) -> Iterator[Placed]:
    """Let the parties of a case take part in its reports, without a name: they reach them through the case."""
    known = tuple(parties)
    for report in reports:
        for party in known:
            if party.holder not in report.proceedings.parties:
                yield joined(report.stream, Party(party.audience, party.unit, None), "linked")
