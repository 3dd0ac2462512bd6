from services.case_record.domain.refusals import NoAuthority
from tests.controls.decided import flagged, met, stage, started
from tests.controls.statements import States, at, states
from tests.controls.worlds import A_CASE, A_DRAFTED_PLAN, ASSESSED_NEEDS, COMMITTEE, POLICE, WORKER
from tests.specification import given

TWO_DAYS = started("plan_approve_2wd", at("15T15:00"), at("17T23:59").replace(second=59))


def drafted(when: str = "15T15:00", by: str = WORKER) -> States:
    return states("social_work.plan_drafted", at=at(when), by=by, id="drafted")


def test_the_plan_waits_for_approval() -> None:
    given(*ASSESSED_NEEDS).when(drafted()).then(
        met("plan_draft_5wd", at("15T15:00")), stage("plan_pending_approval"), TWO_DAYS
    )


def test_after_five_working_days_it_is_flagged() -> None:
    given(*ASSESSED_NEEDS).when(drafted("20T09:00")).then(
        met("plan_draft_5wd", at("20T09:00"), late=True),
        flagged("drafted", "late_plan"),
        stage("plan_pending_approval"),
        started("plan_approve_2wd", at("20T09:00"), at("22T23:59").replace(second=59)),
    )


def test_without_assessed_needs_the_missing_step_is_flagged() -> None:
    given(*A_CASE).when(drafted()).then(flagged("drafted", "step_skipped"), stage("plan_pending_approval"), TWO_DAYS)


def test_an_approval_that_arrived_first_counts() -> None:
    approved = states("social_work.plan_approved", at=at("16T10:00"), by=COMMITTEE)
    given(*ASSESSED_NEEDS, approved).when(drafted()).then(
        met("plan_draft_5wd", at("15T15:00")), TWO_DAYS, met("plan_approve_2wd", at("16T10:00"))
    )


def test_is_ignored_while_a_plan_waits_for_approval() -> None:
    given(*A_DRAFTED_PLAN).when(drafted("16T09:00")).then(
        flagged("drafted", "step_skipped"), stage("plan_pending_approval")
    )


def test_waits_for_a_case_that_is_not_known() -> None:
    given().when(drafted()).waits_for_its_reference()


def test_is_refused_without_authority() -> None:
    given(*ASSESSED_NEEDS).when(drafted(by=POLICE)).refuses(NoAuthority)
