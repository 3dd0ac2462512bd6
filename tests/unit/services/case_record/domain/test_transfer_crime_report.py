from services.case_record.domain.refusals import NoAuthority
from tests.controls.decided import flagged, met
from tests.controls.statements import States, at, states
from tests.controls.worlds import A_CASE, A_SECOND_REPORT, INVESTIGATORS, MERGED, POLICE, WORKER
from tests.specification import Joined, given

MERGED_CASE = (*A_CASE, *A_SECOND_REPORT, MERGED)


def transferred(when: str = "07T09:30", about: str = "C-55", by: str = POLICE) -> States:
    return states("police.crime_report_transferred", about, at=at(when), by=by, id="transferred", to_unit=INVESTIGATORS)


def test_the_day_is_kept_and_the_investigating_body_joins() -> None:
    heard = given(*MERGED_CASE).when(transferred()).recorded_on("C-55")
    heard.then_on("C-55", Joined(INVESTIGATORS, "invited"))
    heard.then_on("R-102", met("police_transfer_24h", at("07T09:30")), Joined(INVESTIGATORS, "linked", named=False))


def test_after_a_day_it_is_flagged() -> None:
    given(*MERGED_CASE).when(transferred("08T09:30")).then_on(
        "C-55", flagged("transferred", "late_transfer"), Joined(INVESTIGATORS, "invited")
    )


def test_before_there_is_a_case_it_joins_the_report() -> None:
    given(*A_SECOND_REPORT).when(transferred(about="R-102")).then(
        met("police_transfer_24h", at("07T09:30")), Joined(INVESTIGATORS, "invited")
    )


def test_is_ignored_when_transferred_already() -> None:
    given(*MERGED_CASE, transferred()).when(transferred("07T10:00")).nothing()


def test_waits_for_a_case_that_is_not_known() -> None:
    given().when(transferred()).waits_for_its_reference()


def test_is_refused_without_authority() -> None:
    given(*MERGED_CASE).when(transferred(by=WORKER)).refuses(NoAuthority)
