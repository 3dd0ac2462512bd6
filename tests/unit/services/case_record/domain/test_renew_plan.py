"""E.2, step 22: not yet safe and stable, so a new cycle of the plan begins (Decree 56/2017 art. 30.1c)."""

from services.case_record.domain.refusals import NoAuthority
from tests.controls.decided import flagged, stage
from tests.controls.statements import States, at, states
from tests.controls.worlds import A_CASE, A_CLOSED_CASE, A_REPORT, HOTLINE, POLICE
from tests.specification import given

REVIEWED = (*A_CASE, states("social_work.case_reviewed", at=at("25T09:00")))


def renewed(about: str = "C-55", **told: str) -> States:
    return states("social_work.plan_renewed", about, at=at("30T10:00"), id="renewed", **told)


def test_the_work_goes_on_after_the_review() -> None:
    given(*REVIEWED).when(renewed()).then(stage("plan_in_progress"))


def test_a_closed_case_has_no_new_cycle() -> None:
    given(*A_CLOSED_CASE).when(renewed()).then(flagged("renewed", "after_closure", "case_manager"))


def test_a_report_without_a_case_has_no_plan() -> None:
    given(*A_REPORT).when(renewed("R-101", by=HOTLINE)).then(flagged("renewed", "step_skipped"))


def test_waits_for_a_case_that_is_not_known() -> None:
    given().when(renewed()).waits_for_its_reference()


def test_is_refused_without_authority() -> None:
    given(*REVIEWED).when(renewed(by=POLICE)).refuses(NoAuthority)
