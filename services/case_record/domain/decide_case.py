"""What follows from what is said about a case as a whole: it begins, grows, is corrected, reviewed and closed."""

from collections.abc import Iterator
from typing import Literal, assert_never

from events.case import (
    CaseClosed,
    CaseOpened,
    CaseSealed,
    EmergencyDeclared,
    ReportLinked,
    StageEntered,
    StatementCorrected,
    StatementVoided,
)
from events.envelope import UnitId
from events.parties import Audience
from services.case_record.domain.clocks import EMERGENCY, POLICE_TRANSFER
from services.case_record.domain.commands import (
    AboutCase,
    CloseCase,
    CorrectFact,
    InviteAgency,
    MergeReport,
    OpenCase,
    ReviewCase,
    VoidStatement,
)
from services.case_record.domain.deadlines import meet_as_done, start_clock
from services.case_record.domain.dossier import Dossier
from services.case_record.domain.matter import Matter, flag, minted, step_skipped
from services.case_record.domain.parties import join_case, join_reports, join_unit, joined, speaker, standing
from services.case_record.domain.report import Report
from services.case_record.domain.stages import enter_stage
from services.case_record.domain.streams import Placed, Stream


def case_of(matter: Matter) -> Dossier | None:
    """Return the case that is open already, under the reference itself or for the report it speaks of."""
    return next((found for found in (matter.here, matter.there) if found and found.case), None)


def open_case(command: OpenCase, matter: Matter, stream: Stream) -> Iterator[Placed]:
    """Begin a case; when the report has one already, the statement is added to that and flagged."""
    report = matter.there.reports[0] if matter.there and matter.there.reports else None
    if report is None or case_of(matter) is not None:
        yield from _open_again(command, matter, stream)
    else:
        yield from _begin(command, matter, stream, report)


def about_case(command: AboutCase, matter: Matter, dossier: Dossier) -> Iterator[Placed]:
    """Return what follows for the case, or for the report as long as it has none."""
    said = command.said
    match command:
        case MergeReport():
            yield from _merge(command, matter, dossier)
        case InviteAgency(unit=unit):
            yield from join_unit(said, matter, dossier.as_main(), unit, "invited")
        case CorrectFact():
            yield from _correct(command, dossier)
        case VoidStatement():
            yield from _void(command, dossier)
        case ReviewCase():
            yield from enter_stage(said, dossier, "under_review")
        case CloseCase():
            yield from _close(command, dossier)
        case _:
            assert_never(command)


def _begin(command: OpenCase, matter: Matter, stream: Stream, report: Report) -> Iterator[Placed]:
    said = command.said
    # A unit that uses its name of the report for the case too is given another name for the case.
    own = said.reference if matter.here is None else minted(matter, str(stream.id), said.unit)
    opener, always = speaker(said, own), standing(matter, stream)
    parties = report.proceedings.parties
    yield Placed(stream, CaseOpened(lead_unit=said.unit))
    for party in opener:
        yield joined(stream, party, "opened")
    for party in always:
        yield joined(stream, party, "standing")
    yield from join_case(matter, stream, {party.holder for party in (*opener, *always)}, parties.values())
    yield from join_reports((report,), (*opener, *always))
    yield from _link(stream, report, "origin")
    if report.proceedings.sealed_to is not None:
        yield Placed(stream, CaseSealed(units=report.proceedings.sealed_to))
    yield Placed(stream, StageEntered(stage="suspected"))
    if report.proceedings.emergency:
        yield Placed(stream, EmergencyDeclared())
    within = Dossier(report.stream, reports=(report,))
    yield from start_clock(said, matter, stream, EMERGENCY, report.received_at or said.occurred_at, within=within)


def _open_again(command: OpenCase, matter: Matter, stream: Stream) -> Iterator[Placed]:
    yield flag(command.said, stream, "already_open")
    found = case_of(matter)
    if found is not None and matter.here is None:
        for party in speaker(command.said, command.said.reference):
            yield joined(stream, party, "opened")
            yield from join_reports(found.reports, (party,))


def _merge(command: MergeReport, matter: Matter, dossier: Dossier) -> Iterator[Placed]:
    """Link a duplicate; a person must have confirmed it, and a report has one case."""
    said, other = command.said, matter.there
    if dossier.case is None or not command.confirmed_by_person:
        yield step_skipped(said, dossier.main)
    elif other is None or other.case is not None or not other.reports:
        yield flag(said, dossier.main, "already_linked")
    else:
        yield from _link_duplicate(command, matter, dossier, other.reports[0])


def _link_duplicate(command: MergeReport, matter: Matter, dossier: Dossier, report: Report) -> Iterator[Placed]:
    known = dossier.case.proceedings.parties if dossier.case else {}
    coming = report.proceedings.parties
    yield from _link(dossier.main, report, "duplicate", dossier.case.proceedings.sealed_to if dossier.case else None)
    yield from join_case(matter, dossier.main, known.keys(), coming.values())
    yield from join_reports(dossier.reports, coming.values())
    yield from join_reports((report,), known.values())
    yield from _count_from_earliest(command, matter, dossier, report)


def _count_from_earliest(command: MergeReport, matter: Matter, dossier: Dossier, report: Report) -> Iterator[Placed]:
    """The 12 hours count from the first receipt by anybody (Decree 56/2017 art. 26.3)."""
    said, together = command.said, dossier.with_report(report)
    earliest, before = together.earliest_receipt, dossier.earliest_receipt
    if earliest is not None and (before is None or earliest < before):
        yield from start_clock(said, matter, dossier.main, EMERGENCY, earliest, within=together)
    for code in (EMERGENCY, POLICE_TRANSFER):
        yield from meet_as_done(said, report, code, within=dossier)


def _correct(command: CorrectFact, dossier: Dossier) -> Iterator[Placed]:
    said = command.said
    member = dossier.holding(said.unit, command.corrects)
    if member is None:
        yield flag(said, dossier.main, "unknown_statement")
    else:
        yield Placed(member.stream, StatementCorrected(corrected=command.corrects, correction=said.id))


def _void(command: VoidStatement, dossier: Dossier) -> Iterator[Placed]:
    said = command.said
    member = dossier.holding(said.unit, command.voids)
    if member is None:
        yield flag(said, dossier.main, "unknown_statement")
    else:
        yield Placed(member.stream, StatementVoided(voided=command.voids, voiding=said.id))


def _close(command: CloseCase, dossier: Dossier) -> Iterator[Placed]:
    said = command.said
    if dossier.case is None or dossier.closed:
        yield from enter_stage(said, dossier, "closed")
        return
    if dossier.has_open_tasks:
        yield flag(said, dossier.main, "closed_with_open_tasks", Audience.COORDINATOR)
    yield Placed(dossier.main, CaseClosed())
    yield Placed(dossier.main, StageEntered(stage="closed"))


def _link(
    case: Stream, report: Report, role: Literal["origin", "duplicate"], sealed_to: tuple[UnitId, ...] | None = None
) -> Iterator[Placed]:
    """Link a report to its case; that of a sealed case is sealed with it."""
    linked = ReportLinked(report=report.stream.id, case=case.id, role=role)
    yield Placed(case, linked)
    yield Placed(report.stream, linked)
    if sealed_to is not None and report.proceedings.sealed_to != sealed_to:
        yield Placed(report.stream, CaseSealed(units=sealed_to))
