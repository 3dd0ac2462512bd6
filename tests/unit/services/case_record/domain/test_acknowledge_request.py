from services.case_record.domain.refusals import NoAuthority
from tests.controls.decided import flagged, met
from tests.controls.statements import States, at, states
from tests.controls.worlds import A_CASE, POLICE, WORKER
from tests.specification import given

REQUESTED = (*A_CASE, states("privacy.redaction_requested", at=at("09T09:00")))


def acknowledged(when: str = "10T15:00", by: str = WORKER) -> States:
    return states("privacy.request_acknowledged", at=at(when), by=by, id="acknowledged")


def test_the_request_is_answered_in_time() -> None:
    given(*REQUESTED).when(acknowledged()).then(met("dsr_response_2wd", at("10T15:00")))


def test_after_two_working_days_it_is_flagged() -> None:
    given(*REQUESTED).when(acknowledged("14T08:00")).then(
        met("dsr_response_2wd", at("14T08:00"), late=True), flagged("acknowledged", "late_answer")
    )


def test_without_a_request_the_missing_step_is_flagged() -> None:
    given(*A_CASE).when(acknowledged()).then(flagged("acknowledged", "step_skipped"))


def test_is_ignored_when_answered_already() -> None:
    given(*REQUESTED, acknowledged()).when(acknowledged("10T16:00")).then(flagged("acknowledged", "step_skipped"))


def test_waits_for_a_case_that_is_not_known() -> None:
    given().when(acknowledged()).waits_for_its_reference()


def test_is_refused_without_authority() -> None:
    given(*REQUESTED).when(acknowledged(by=POLICE)).refuses(NoAuthority)
