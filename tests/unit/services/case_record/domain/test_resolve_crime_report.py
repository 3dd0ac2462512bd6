from events.case import InvestigationStageEntered
from services.case_record.domain.refusals import NoAuthority
from tests.controls.decided import flagged, met
from tests.controls.statements import States, at, states
from tests.controls.worlds import A_CASE, POLICE, WORKER
from tests.specification import given

ACCEPTED = (*A_CASE, states("police.crime_report_accepted", at=at("07T14:00"), by=POLICE))
NOT_INITIATED = InvestigationStageEntered(stage="inv:not_initiated")


def resolved(outcome: str = "inv:not_initiated", when: str = "25T10:00", by: str = POLICE) -> States:
    return states("police.crime_report_resolved", at=at(when), by=by, id="resolved", outcome=outcome)


def test_the_outcome_is_the_stage_of_the_police_track() -> None:
    given(*ACCEPTED).when(resolved()).then(NOT_INITIATED, met("crime_report_20d", at("25T10:00")))


def test_after_twenty_days_it_is_flagged() -> None:
    given(*ACCEPTED).when(resolved(when="28T10:00")).then(
        NOT_INITIATED, met("crime_report_20d", at("28T10:00"), late=True), flagged("resolved", "late_resolution")
    )


def test_without_an_accepted_report_the_missing_step_is_flagged() -> None:
    given(*A_CASE).when(resolved()).then(NOT_INITIATED, flagged("resolved", "step_skipped"))


def test_a_stage_of_the_other_track_moves_nothing() -> None:
    given(*ACCEPTED).when(resolved("closed")).then(flagged("resolved", "step_skipped"))


def test_is_ignored_when_resolved_already() -> None:
    given(*ACCEPTED, resolved()).when(resolved(when="25T11:00")).then(
        NOT_INITIATED, flagged("resolved", "step_skipped")
    )


def test_waits_for_a_case_that_is_not_known() -> None:
    given().when(resolved()).waits_for_its_reference()


def test_is_refused_without_authority() -> None:
    given(*ACCEPTED).when(resolved(by=WORKER)).refuses(NoAuthority)
