"""E.2, steps 18 and 23: initiated, an investigator within 3 days, prosecuted, tried; beside the protection track."""

import pytest

from events.case import InvestigationStageEntered
from services.case_record.domain.case import Case
from services.case_record.domain.refusals import NoAuthority
from tests.controls.decided import flagged, met, started
from tests.controls.statements import States, at, states
from tests.controls.worlds import A_CASE, POLICE, WORKER
from tests.specification import given

ACCEPTED = (*A_CASE, states("police.crime_report_accepted", at=at("07T14:00"), by=POLICE))
RESOLVED = states("police.crime_report_resolved", at=at("20T10:00"), by=POLICE, outcome="inv:case_initiated")
INITIATED = (*ACCEPTED, RESOLVED)


def assigned(when: str, by: str = POLICE) -> States:
    return states("police.investigator_assigned", at=at(when), by=by, id="assigned")


def decided(outcome: str, by: str = POLICE) -> States:
    return states("police.prosecution_decided", at=at("28T10:00"), by=by, outcome=outcome)


def entered(stage: str) -> InvestigationStageEntered:
    return InvestigationStageEntered(stage=stage)


def test_initiating_starts_the_three_days() -> None:
    given(*ACCEPTED).when(RESOLVED).then(
        entered("inv:case_initiated"),
        met("crime_report_20d", at("20T10:00")),
        started("assign_investigator_3d", at("20T10:00"), at("23T10:00")),
    )


def test_an_investigator_meets_them() -> None:
    given(*INITIATED).when(assigned("22T10:00")).then(met("assign_investigator_3d", at("22T10:00")))


def test_an_investigator_too_late_is_flagged_and_recorded() -> None:
    given(*INITIATED).when(assigned("25T10:00")).then(
        met("assign_investigator_3d", at("25T10:00"), late=True), flagged("assigned", "late_step")
    )


def test_an_investigator_before_the_case_is_initiated_skips_a_step() -> None:
    given(*ACCEPTED).when(assigned("08T10:00")).then(flagged("assigned", "step_skipped"))


@pytest.mark.parametrize(
    ("outcome", "stage"),
    [
        ("prosecuted", "inv:prosecuted"),
        ("suspended", "inv:suspended"),
        ("returned_for_investigation", "inv:case_initiated"),
    ],
)
def test_a_decision_is_a_status_code(outcome: str, stage: str) -> None:
    given(*INITIATED).when(decided(outcome)).then(entered(stage))


def test_a_case_that_is_discontinued_has_no_stage_of_its_own() -> None:
    given(*INITIATED).when(decided("discontinued")).nothing()


def test_the_tracks_close_apart() -> None:
    closed = (*INITIATED, states("social_work.case_closed", at=at("25T10:00")))
    heard = given(*closed).when(states("police.trial_held", at=at("29T10:00"), by=POLICE)).then(entered("inv:tried"))
    case = heard.story.members[heard.story.on["C-55"]]
    assert isinstance(case, Case)
    assert (case.closed, case.stage, case.investigation_stage) == (True, "closed", "inv:tried")


def test_is_refused_without_authority() -> None:
    given(*INITIATED).when(decided("prosecuted", by=WORKER)).refuses(NoAuthority)
