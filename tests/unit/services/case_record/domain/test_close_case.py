from events.case import CaseClosed
from services.case_record.domain.refusals import NoAuthority
from tests.controls.decided import flagged, stage
from tests.controls.statements import States, at, states
from tests.controls.worlds import (
    A_CASE,
    A_CASE_WITH_A_HOSPITAL,
    A_CLOSED_CASE,
    A_FORWARDED_REPORT,
    A_TASK_FOR_THE_HOSPITAL,
    COMMITTEE,
    HOSPITAL,
)
from tests.specification import given


def closed(about: str = "C-55", by: str = COMMITTEE) -> States:
    return states("social_work.case_closed", about, at=at("30T10:00"), by=by, id="closed")


def test_the_case_is_closed() -> None:
    given(*A_CASE).when(closed()).then(CaseClosed(), stage("closed"))


def test_open_tasks_are_flagged_and_block_nothing() -> None:
    given(*A_TASK_FOR_THE_HOSPITAL).when(closed()).then(
        flagged("closed", "closed_with_open_tasks"), CaseClosed(), stage("closed")
    )


def test_a_report_without_a_case_cannot_be_closed() -> None:
    given(*A_FORWARDED_REPORT).when(closed("R-101")).then(flagged("closed", "step_skipped"))


def test_is_ignored_when_closed_already() -> None:
    given(*A_CLOSED_CASE).when(closed()).then(flagged("closed", "after_closure", "committee"))


def test_waits_for_a_case_that_is_not_known() -> None:
    given().when(closed()).waits_for_its_reference()


def test_is_refused_without_authority() -> None:
    given(*A_CASE_WITH_A_HOSPITAL).when(closed(by=HOSPITAL)).refuses(NoAuthority)
