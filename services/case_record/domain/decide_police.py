"""What follows on the police track (Criminal Procedure Code art. 147, 421.4; Circular 43/2021/TT-BCA)."""

from collections.abc import Iterator
from typing import assert_never

from services.case_record.domain.clocks import CRIME_REPORT, POLICE_TRANSFER, local_day
from services.case_record.domain.commands import (
    AcceptCrimeReport,
    HoldInterview,
    PoliceTrack,
    ResolveCrimeReport,
    TransferCrimeReport,
)
from services.case_record.domain.deadlines import meet_clock, meet_or_flag, start_unless_running
from services.case_record.domain.dossier import Dossier
from services.case_record.domain.matter import Matter, flag, step_skipped
from services.case_record.domain.parties import join_unit
from services.case_record.domain.stages import enter_investigation_stage
from services.case_record.domain.streams import Placed

_INTERVIEWS_A_DAY = 2  # Criminal Procedure Code art. 421.4


def police_track(command: PoliceTrack, matter: Matter, dossier: Dossier) -> Iterator[Placed]:
    """Return what follows for the case, or for the report as long as it has none."""
    said = command.said
    match command:
        case TransferCrimeReport(to_unit=to_unit):
            yield from meet_clock(said, dossier, POLICE_TRANSFER)
            yield from join_unit(said, matter, dossier.as_main(), to_unit, "invited")
        case AcceptCrimeReport():
            yield from enter_investigation_stage(said, dossier, "inv:crime_report_accepted")
            yield from start_unless_running(said, matter, dossier, CRIME_REPORT)
        case ResolveCrimeReport():
            yield from _resolve(command, dossier)
        case HoldInterview():
            if dossier.interviews_on(local_day(said.occurred_at)) >= _INTERVIEWS_A_DAY:
                yield flag(said, dossier.main, "interview_limit_day")
        case _:
            assert_never(command)


def _resolve(command: ResolveCrimeReport, dossier: Dossier) -> Iterator[Placed]:
    """The outcome is a stage of the police track; a stage of the other track is flagged and moves nothing."""
    said = command.said
    if command.outcome.startswith("inv:"):
        yield from enter_investigation_stage(said, dossier, command.outcome)
        yield from meet_or_flag(said, dossier, CRIME_REPORT)
    else:
        yield step_skipped(said, dossier.main)
