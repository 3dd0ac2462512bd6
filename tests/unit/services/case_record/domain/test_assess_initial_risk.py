from events.case import EmergencyDeclared
from services.case_record.domain.refusals import NoAuthority
from tests.controls.decided import flagged, met, stage
from tests.controls.statements import States, at, states
from tests.controls.worlds import A_CASE, A_FORWARDED_REPORT, A_SEPARATION, AN_EMERGENCY, COMMITTEE, POLICE, WORKER
from tests.specification import given


def assessed(*, emergency: bool, when: str = "06T22:20", about: str = "C-55", by: str = WORKER) -> States:
    return states("social_work.initial_risk_assessed", about, at=at(when), by=by, id="assessed", emergency=emergency)


def test_an_emergency_is_declared() -> None:
    given(*A_CASE).when(assessed(emergency=True)).then(stage("initial_assessment"), EmergencyDeclared())


def test_without_an_emergency_nothing_more_is_asked_for_in_twelve_hours() -> None:
    heard = given(*A_CASE).when(assessed(emergency=False))
    heard.then_on("C-55", stage("initial_assessment"), met("emergency_12h", at("06T22:20")))
    heard.then_on("R-101", met("emergency_12h", at("06T22:20")))


def test_before_there_is_a_case_the_emergency_counts_and_the_missing_step_is_flagged() -> None:
    given(*A_FORWARDED_REPORT).when(assessed(emergency=True, about="R-101")).then(
        flagged("assessed", "step_skipped"), EmergencyDeclared()
    )


def test_is_ignored_when_declared_already() -> None:
    given(*AN_EMERGENCY).when(assessed(emergency=True, when="06T22:40")).then(stage("initial_assessment"))


def test_an_emergency_that_has_ended_is_not_declared_by_old_news() -> None:
    lifted = states("social_work.temporary_separation_lifted", at=at("10T10:00"), by=COMMITTEE)
    given(*A_SEPARATION, lifted).when(assessed(emergency=True, when="06T22:15")).nothing()


def test_waits_for_a_case_that_is_not_known() -> None:
    given().when(assessed(emergency=True)).waits_for_its_reference()


def test_is_refused_without_authority() -> None:
    given(*A_CASE).when(assessed(emergency=True, by=POLICE)).refuses(NoAuthority)
