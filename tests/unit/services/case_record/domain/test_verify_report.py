from services.case_record.domain.refusals import NoAuthority
from tests.controls.decided import flagged
from tests.controls.statements import States, at, states
from tests.controls.worlds import A_CASE, A_FORWARDED_REPORT, HOSPITAL, SCHOOL, WORKER
from tests.specification import given

VERIFIED_BY_A_SCHOOL = (
    *A_FORWARDED_REPORT,
    states("social_work.report_forwarded", "R-101", at=at("06T21:20"), to_unit=SCHOOL),
)


def verified(about: str = "R-101", agency: str = "social_work", by: str = WORKER) -> States:
    return states(f"{agency}.report_verified", about, at=at("09T10:00"), by=by, id="verified", outcome="unfounded")


def test_is_recorded_on_the_report_and_decides_nothing() -> None:
    given(*A_FORWARDED_REPORT).when(verified()).nothing().recorded_on("R-101")


def test_stays_on_the_report_when_that_has_a_case() -> None:
    given(*A_CASE).when(verified()).nothing().recorded_on("R-101")


def test_a_school_that_was_asked_verifies_too() -> None:
    given(*VERIFIED_BY_A_SCHOOL).when(verified(agency="education", by=SCHOOL)).nothing()


def test_under_the_name_of_a_case_it_is_flagged() -> None:
    given(*A_CASE).when(verified("C-55")).then(flagged("verified", "step_skipped"))


def test_waits_for_a_report_that_is_not_known() -> None:
    given().when(verified()).waits_for_its_reference()


def test_is_refused_without_authority() -> None:
    given(*A_FORWARDED_REPORT).when(verified(by=HOSPITAL)).refuses(NoAuthority)
