"""Who may say that what is held of somebody is to be destroyed: it reaches what everybody said, and is for ever."""

from services.case_record.domain.refusals import NoAuthority
from tests.controls.statements import States, at, states
from tests.controls.worlds import A_CASE, A_CLOSED_CASE, A_REPORT, A_SEPARATION, COMMITTEE, HOTLINE, POLICE, WORKER
from tests.specification import given


def erased(by: str, about: str = "C-55") -> States:
    return states("privacy.subject_key_destroyed", about, at=at("30T11:00"), by=by)


def test_is_recorded_when_the_unit_that_leads_the_case_says_so() -> None:
    given(*A_CASE).when(erased(WORKER)).nothing()


def test_it_may_come_after_closure() -> None:
    given(*A_CLOSED_CASE).when(erased(WORKER)).nothing()


def test_is_refused_when_another_unit_of_the_agency_says_so() -> None:
    given(*A_SEPARATION).when(erased(COMMITTEE)).refuses(NoAuthority)


def test_is_refused_when_who_once_received_the_report_says_so_of_the_case() -> None:
    given(*A_CASE).when(erased(HOTLINE, "R-101")).refuses(NoAuthority)


def test_is_recorded_of_a_report_without_a_case_when_who_received_it_says_so() -> None:
    given(*A_REPORT).when(erased(HOTLINE, "R-101")).nothing()


def test_waits_for_a_case_that_is_not_known() -> None:
    given().when(erased(WORKER)).waits_for_its_reference()


def test_is_refused_without_authority() -> None:
    given(*A_CASE).when(erased(POLICE)).refuses(NoAuthority)
