from events.case import EmergencyEnded
from services.case_record.domain.refusals import NoAuthority
from tests.controls.decided import flagged, met
from tests.controls.statements import States, at, states
from tests.controls.worlds import A_CASE, A_SEPARATION, COMMITTEE, POLICE
from tests.specification import given


def lifted(when: str = "21T10:00", by: str = COMMITTEE) -> States:
    return states("social_work.temporary_separation_lifted", at=at(when), by=by, id="lifted")


def test_the_separation_and_the_emergency_end() -> None:
    given(*A_SEPARATION).when(lifted()).then(met("separation_max_15d", at("21T10:00")), EmergencyEnded())


def test_after_fifteen_days_it_is_flagged() -> None:
    given(*A_SEPARATION).when(lifted("22T10:00")).then(
        met("separation_max_15d", at("22T10:00"), late=True),
        flagged("lifted", "separation_over_15_days"),
        EmergencyEnded(),
    )


def test_without_a_separation_the_missing_step_is_flagged() -> None:
    given(*A_CASE).when(lifted()).then(flagged("lifted", "step_skipped"))


def test_is_ignored_when_lifted_already() -> None:
    given(*A_SEPARATION, lifted("20T10:00")).when(lifted()).then(flagged("lifted", "step_skipped"))


def test_waits_for_a_case_that_is_not_known() -> None:
    given().when(lifted()).waits_for_its_reference()


def test_is_refused_without_authority() -> None:
    given(*A_SEPARATION).when(lifted(by=POLICE)).refuses(NoAuthority)
