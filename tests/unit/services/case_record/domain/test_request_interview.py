"""E.2, step 12: who plans an interview beyond the day's is warned, and may hold it: the law knows exceptions."""

from services.case_record.domain.refusals import NoAuthority
from tests.controls.decided import flagged
from tests.controls.statements import States, at, states
from tests.controls.worlds import A_CASE, POLICE, WORKER
from tests.specification import given


def held(when: str) -> States:
    return states("police.interview_held", at=at(when), by=POLICE)


def requested(for_: str, by: str = POLICE) -> States:
    planned = at(for_).isoformat()
    return states("police.interview_requested", at=at("07T12:00"), by=by, id="request", planned_at=planned)


def test_the_first_of_a_day_is_no_news() -> None:
    given(*A_CASE, held("07T09:00")).when(requested("08T09:00")).nothing()


def test_the_second_of_a_day_warns_whoever_plans_it() -> None:
    given(*A_CASE, held("07T09:00")).when(requested("07T14:00")).then(
        flagged("request", "second_interview_same_day", "police")
    )


def test_the_third_of_a_day_is_one_too_many() -> None:
    given(*A_CASE, held("07T09:00"), held("07T11:00")).when(requested("07T14:00")).then(
        flagged("request", "interview_limit_day", "police")
    )


def test_a_warning_does_not_keep_it_from_being_held() -> None:
    twice = (*A_CASE, held("07T09:00"), requested("07T14:00"))
    given(*twice).when(held("07T14:00")).nothing().recorded_on("C-55")


def test_waits_for_a_case_that_is_not_known() -> None:
    given().when(requested("07T14:00")).waits_for_its_reference()


def test_is_refused_without_authority() -> None:
    given(*A_CASE).when(requested("07T14:00", by=WORKER)).refuses(NoAuthority)
