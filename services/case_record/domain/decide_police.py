"""What follows on the police track (Criminal Procedure Code art. 147, 421.4; Circular 43/2021/TT-BCA)."""

from collections.abc import Iterator
from typing import assert_never

from services.case_record.domain.clocks import CRIME_REPORT, INVESTIGATOR, POLICE_TRANSFER, local_day
from services.case_record.domain.deadlines import meet_clock, meet_or_flag, start_unless_running
from services.case_record.domain.dossier import Dossier
from services.case_record.domain.matter import Matter, flag, step_skipped
from services.case_record.domain.parties import join_unit
from services.case_record.domain.police_commands import (
    AcceptCrimeReport,
    AssignInvestigator,
    DecideProsecution,
    HoldInterview,
    HoldTrial,
    PoliceTrack,
    RequestInterview,
    ResolveCrimeReport,
    TransferCrimeReport,
)
from services.case_record.domain.stages import enter_investigation_stage
from services.case_record.domain.streams import Placed

_INTERVIEWS_A_DAY = 2  # Criminal Procedure Code art. 421.4
_INITIATED = "inv:case_initiated"
# A case that is discontinued has no code of its own in C.12: it stays where it stood, with the decision beside it.
_AFTER_PROSECUTION = {
    "prosecuted": "inv:prosecuted",
    "suspended": "inv:suspended",
    "returned_for_investigation": _INITIATED,
}


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
            yield from _resolve(command, matter, dossier)
        case AssignInvestigator():
            yield from meet_or_flag(said, dossier, INVESTIGATOR)
        case RequestInterview():
            yield from _request_interview(command, dossier)
        case DecideProsecution(outcome=outcome):
            if outcome in _AFTER_PROSECUTION:
                yield from enter_investigation_stage(said, dossier, _AFTER_PROSECUTION[outcome])
        case HoldTrial():
            yield from enter_investigation_stage(said, dossier, "inv:tried")
        case HoldInterview():
            if dossier.interviews_on(local_day(said.occurred_at)) >= _INTERVIEWS_A_DAY:
                yield flag(said, dossier.main, "interview_limit_day")
        case _:
            assert_never(command)


def _request_interview(command: RequestInterview, dossier: Dossier) -> Iterator[Placed]:
    """Warn whoever plans it, and refuse nothing: the law knows exceptions for complex cases (E.2, step 12)."""
    held = dossier.interviews_on(local_day(command.planned_at))
    if held >= _INTERVIEWS_A_DAY:
        yield flag(command.said, dossier.main, "interview_limit_day")
    elif held:
        yield flag(command.said, dossier.main, "second_interview_same_day")


def _resolve(command: ResolveCrimeReport, matter: Matter, dossier: Dossier) -> Iterator[Placed]:
    """The outcome is a stage of the police track; a stage of the other track is flagged and moves nothing."""
    said = command.said
    if command.outcome.startswith("inv:"):
        yield from enter_investigation_stage(said, dossier, command.outcome)
        yield from meet_or_flag(said, dossier, CRIME_REPORT)
        if command.outcome == _INITIATED:
            yield from start_unless_running(said, matter, dossier, INVESTIGATOR)
    else:
        yield step_skipped(said, dossier.main)
