from services.case_record.domain.refusals import NoAuthority
from tests.controls.decided import flagged, met, stage
from tests.controls.statements import States, at, states
from tests.controls.worlds import A_CASE, A_DRAFTED_PLAN, COMMITTEE, POLICE
from tests.specification import given


def approved(when: str = "16T10:00", by: str = COMMITTEE) -> States:
    return states("social_work.plan_approved", at=at(when), by=by, id="approved")


def test_the_plan_is_carried_out() -> None:
    given(*A_DRAFTED_PLAN).when(approved()).then(met("plan_approve_2wd", at("16T10:00")), stage("plan_in_progress"))


def test_after_two_working_days_it_is_flagged() -> None:
    given(*A_DRAFTED_PLAN).when(approved("20T08:00")).then(
        met("plan_approve_2wd", at("20T08:00"), late=True),
        flagged("approved", "late_approval"),
        stage("plan_in_progress"),
    )


def test_without_a_draft_the_missing_step_is_flagged() -> None:
    given(*A_CASE).when(approved()).then(flagged("approved", "step_skipped"), stage("plan_in_progress"))


def test_is_ignored_when_approved_already() -> None:
    given(*A_DRAFTED_PLAN, approved()).when(approved("16T11:00")).then(
        flagged("approved", "step_skipped"), stage("plan_in_progress")
    )


def test_waits_for_a_case_that_is_not_known() -> None:
    given().when(approved()).waits_for_its_reference()


def test_is_refused_without_authority() -> None:
    given(*A_DRAFTED_PLAN).when(approved(by=POLICE)).refuses(NoAuthority)
