"""Criminal Procedure Code art. 421.4: not more than twice a day; E.2, step 12: it is flagged, not blocked."""

from services.case_record.domain.refusals import NoAuthority
from tests.controls.decided import flagged
from tests.controls.statements import States, at, states
from tests.controls.worlds import A_CASE, A_SECOND_REPORT, MERGED, POLICE, WORKER
from tests.specification import given


def held(when: str, about: str = "C-55", by: str = POLICE) -> States:
    return states("police.interview_held", about, at=at(when), by=by, id=f"held-{about}-{when}")


TWICE = (*A_CASE, held("08T09:00"), held("08T14:00"))


def test_two_interviews_a_day_are_recorded() -> None:
    given(*A_CASE, held("08T09:00")).when(held("08T14:00")).nothing().recorded_on("C-55")


def test_the_third_on_one_day_is_flagged() -> None:
    given(*TWICE).when(held("08T18:00")).then(flagged("held-C-55-08T18:00", "interview_limit_day", "police"))


def test_the_day_is_that_of_viet_nam() -> None:
    """06:30 and 23:30 in Viet Nam lie on two days of UTC."""
    early = (*A_CASE, held("08T06:30"), held("08T14:00"))
    given(*early).when(held("08T23:30")).then(flagged("held-C-55-08T23:30", "interview_limit_day", "police"))
    given(*TWICE).when(held("09T00:10")).nothing()


def test_interviews_before_the_case_count() -> None:
    on_the_report = (held("07T07:00", "R-102"), held("07T07:30", "R-102"))
    given(*A_CASE, *A_SECOND_REPORT, *on_the_report, MERGED).when(held("07T12:00")).then(
        flagged("held-C-55-07T12:00", "interview_limit_day", "police")
    )


def test_waits_for_a_case_that_is_not_known() -> None:
    given().when(held("08T09:00")).waits_for_its_reference()


def test_is_refused_without_authority() -> None:
    given(*A_CASE).when(held("08T09:00", by=WORKER)).refuses(NoAuthority)
