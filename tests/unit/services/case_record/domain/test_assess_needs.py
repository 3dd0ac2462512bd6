from services.case_record.domain.refusals import NoAuthority
from tests.controls.decided import flagged, stage, started
from tests.controls.statements import States, at, states
from tests.controls.worlds import A_CASE, A_CLOSED_CASE, A_FORWARDED_REPORT, ASSESSED_NEEDS, POLICE, WORKER
from tests.specification import WORKING_DAYS, given

END_OF_17TH = at("17T23:59").replace(second=59)


def assessed(when: str = "10T16:00", about: str = "C-55", by: str = WORKER) -> States:
    return states("social_work.needs_assessed", about, at=at(when), by=by, id="assessed")


def test_five_working_days_begin() -> None:
    given(*A_CASE).when(assessed()).then(
        stage("needs_assessment"), started("plan_draft_5wd", at("10T16:00"), END_OF_17TH)
    )


def test_holidays_do_not_count() -> None:
    """27, 30 April and 1 May 2026 are holidays."""
    heard = given(*A_CASE).when(assessed("24T16:00"))
    clock = heard.story.members[heard.story.on["C-55"]].proceedings.clocks["plan_draft_5wd"]
    assert clock.due_at.isoformat() == "2026-05-06T23:59:59+07:00"
    assert WORKING_DAYS(at("24T16:00").date(), 5) == clock.due_at.date()


def test_is_ignored_while_the_days_run() -> None:
    given(*ASSESSED_NEEDS).when(assessed("12T09:00")).then(stage("needs_assessment"))


def test_before_there_is_a_case_the_missing_step_is_flagged() -> None:
    given(*A_FORWARDED_REPORT).when(assessed(about="R-101")).then(
        flagged("assessed", "step_skipped"), started("plan_draft_5wd", at("10T16:00"), END_OF_17TH)
    )


def test_a_closed_case_stays_closed() -> None:
    heard = given(*A_CLOSED_CASE).when(assessed())
    assert flagged("assessed", "after_closure", "case_manager") in [placed.event for placed in heard._placed()]


def test_waits_for_a_case_that_is_not_known() -> None:
    given().when(assessed()).waits_for_its_reference()


def test_is_refused_without_authority() -> None:
    given(*A_CASE).when(assessed(by=POLICE)).refuses(NoAuthority)
