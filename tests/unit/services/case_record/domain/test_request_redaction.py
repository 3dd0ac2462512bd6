from services.case_record.domain.refusals import NoAuthority
from tests.controls.decided import started
from tests.controls.statements import States, at, states
from tests.controls.worlds import A_CASE, A_CLOSED_CASE, POLICE, WORKER
from tests.specification import given

TWO_DAYS = started("dsr_response_2wd", at("09T09:00"), at("13T23:59").replace(second=59))


def requested(when: str = "09T09:00", by: str = WORKER) -> States:
    return states("privacy.redaction_requested", at=at(when), by=by, id="requested")


def test_two_working_days_begin() -> None:
    given(*A_CASE).when(requested()).then(TWO_DAYS)


def test_it_may_come_after_closure() -> None:
    given(*A_CLOSED_CASE).when(requested()).then(TWO_DAYS)


def test_is_ignored_while_an_earlier_request_is_open() -> None:
    given(*A_CASE, requested()).when(requested("09T10:00")).nothing()


def test_waits_for_a_case_that_is_not_known() -> None:
    given().when(requested()).waits_for_its_reference()


def test_is_refused_without_authority() -> None:
    given(*A_CASE).when(requested(by=POLICE)).refuses(NoAuthority)
