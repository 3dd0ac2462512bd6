from events.case import InvestigationStageEntered
from services.case_record.domain.case import Case
from services.case_record.domain.refusals import NoAuthority
from tests.controls.decided import started
from tests.controls.statements import States, at, states
from tests.controls.worlds import A_CASE, A_CLOSED_CASE, A_FORWARDED_REPORT, INVESTIGATORS, POLICE, WORKER
from tests.specification import given

TRANSFERRED = (
    *A_CASE,
    states("police.crime_report_transferred", at=at("07T09:30"), by=POLICE, to_unit=INVESTIGATORS),
)
ACCEPTED = InvestigationStageEntered(stage="inv:crime_report_accepted")
TWENTY_DAYS = started("crime_report_20d", at("07T14:00"), at("27T14:00"))


def accepted(about: str = "C-55", by: str = INVESTIGATORS, when: str = "07T14:00") -> States:
    return states("police.crime_report_accepted", about, at=at(when), by=by, id="accepted")


def test_the_police_track_begins_and_twenty_days_run() -> None:
    heard = given(*TRANSFERRED).when(accepted()).then(ACCEPTED, TWENTY_DAYS).recorded_on("C-55")
    case = heard.story.members[heard.story.on["C-55"]]
    assert isinstance(case, Case)
    assert (case.stage, case.investigation_stage) == ("suspected", "inv:crime_report_accepted")


def test_the_police_track_goes_on_after_closure() -> None:
    given(*A_CLOSED_CASE).when(accepted(by=POLICE)).then(ACCEPTED, TWENTY_DAYS)


def test_before_there_is_a_case_it_counts_for_the_report() -> None:
    given(*A_FORWARDED_REPORT).when(accepted("R-101", POLICE)).then(ACCEPTED, TWENTY_DAYS)


def test_is_ignored_while_the_days_run() -> None:
    given(*TRANSFERRED, accepted()).when(accepted(when="07T15:00")).then(ACCEPTED)


def test_waits_for_a_case_that_is_not_known() -> None:
    given().when(accepted()).waits_for_its_reference()


def test_is_refused_without_authority() -> None:
    given(*A_CASE).when(accepted(by=WORKER)).refuses(NoAuthority)
