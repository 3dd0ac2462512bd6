"""What follows from what is said about a report."""

from collections.abc import Iterator
from typing import assert_never

from events.case import ReportFoundUnfounded, ReportOpened
from events.units import units
from services.case_record.domain.clocks import EMERGENCY, POLICE_TRANSFER
from services.case_record.domain.commands import (
    AboutReport,
    ForwardReport,
    MarkReportUnfounded,
    OpenReport,
    VerifyReport,
)
from services.case_record.domain.deadlines import meet_clock, start_clock
from services.case_record.domain.dossier import Dossier
from services.case_record.domain.matter import Matter, flag, step_skipped
from services.case_record.domain.parties import join_unit, joined, speaker, standing
from services.case_record.domain.report import Report
from services.case_record.domain.streams import Placed, Stream

# It need not transfer to itself.
_INVESTIGATES = "investigation_police"


def open_report(command: OpenReport, matter: Matter, stream: Stream) -> Iterator[Placed]:
    """Take up a notification; who was passed one receives it, and says so once."""
    said = command.said
    if matter.here is not None:
        yield from _receive(command, matter, matter.here)
        return
    yield Placed(stream, ReportOpened(unit=said.unit, received_at=command.received_at))
    for party in speaker(said, said.reference):
        yield joined(stream, party, "reported")
    for party in standing(matter, stream):
        yield joined(stream, party, "standing")
    nothing_yet = Dossier(stream)
    yield from start_clock(said, matter, stream, EMERGENCY, command.received_at, within=nothing_yet)
    yield from _start_transfer(command, matter, stream, nothing_yet)


def _receive(command: OpenReport, matter: Matter, dossier: Dossier) -> Iterator[Placed]:
    """The clock of 12 hours runs already, from the first who heard; the police's own begins (E.2, step 3)."""
    report = next((one for one in dossier.reports if one.stream == dossier.named), None)
    if report is None or command.said.unit in report.received_by:
        yield flag(command.said, dossier.named, "already_open")
    elif not any(dossier.running(POLICE_TRANSFER)):
        yield from _start_transfer(command, matter, dossier.named, dossier)


def _start_transfer(command: OpenReport, matter: Matter, stream: Stream, within: Dossier) -> Iterator[Placed]:
    said = command.said
    if said.audience == "police" and units()[said.unit].agency_type != _INVESTIGATES:
        yield from start_clock(said, matter, stream, POLICE_TRANSFER, command.received_at, within=within)


def about_report(command: AboutReport, matter: Matter, dossier: Dossier) -> Iterator[Placed]:
    """Return what follows; what is said of a report under the name of a case is flagged."""
    report = next((report for report in dossier.reports if report.stream == dossier.named), None)
    if report is None:
        yield step_skipped(command.said, dossier.named)
        return
    match command:
        case ForwardReport(to_unit=to_unit):
            yield from join_unit(command.said, matter, dossier, to_unit, "forwarded")
        case MarkReportUnfounded():
            yield from _mark_unfounded(command, report)
        case VerifyReport():
            return
        case _:
            assert_never(command)


def _mark_unfounded(command: MarkReportUnfounded, report: Report) -> Iterator[Placed]:
    """Nothing more is asked for in 12 hours on this report; the clock of its case is not touched."""
    if report.unfounded:
        return
    yield Placed(report.stream, ReportFoundUnfounded())
    yield from meet_clock(command.said, Dossier(report.stream, reports=(report,)), EMERGENCY)
