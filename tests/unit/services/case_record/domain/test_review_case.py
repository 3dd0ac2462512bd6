from services.case_record.domain.refusals import NoAuthority
from tests.controls.decided import flagged, stage
from tests.controls.statements import States, at, states
from tests.controls.worlds import A_CASE, A_CLOSED_CASE, A_FORWARDED_REPORT, POLICE, WORKER
from tests.specification import given


def reviewed(when: str = "30T10:00", about: str = "C-55", by: str = WORKER) -> States:
    return states("social_work.case_reviewed", about, at=at(when), by=by, id="reviewed")


def test_the_case_is_under_review() -> None:
    given(*A_CASE).when(reviewed()).then(stage("under_review"))


def test_a_report_without_a_case_has_no_stage() -> None:
    given(*A_FORWARDED_REPORT).when(reviewed(about="R-101")).then(flagged("reviewed", "step_skipped"))


def test_a_closed_case_stays_closed() -> None:
    given(*A_CLOSED_CASE).when(reviewed()).then(flagged("reviewed", "after_closure", "case_manager"))


def test_is_ignored_when_the_case_has_gone_further_since() -> None:
    needs = states("social_work.needs_assessed", at=at("29T10:00"))
    given(*A_CASE, needs).when(reviewed("28T10:00")).nothing()


def test_waits_for_a_case_that_is_not_known() -> None:
    given().when(reviewed()).waits_for_its_reference()


def test_is_refused_without_authority() -> None:
    given(*A_CASE).when(reviewed(by=POLICE)).refuses(NoAuthority)
