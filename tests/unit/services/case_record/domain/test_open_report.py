from events.case import ReportOpened
from services.case_record.domain.refusals import NoAuthority
from tests.controls.decided import flagged, started
from tests.controls.statements import States, at, states
from tests.controls.worlds import (
    A_REPORT,
    EMERGENCY_DUE,
    HOSPITAL,
    HOTLINE,
    INVESTIGATORS,
    LEGAL_AID,
    POLICE,
    RECEIVED_AT,
)
from tests.specification import Joined, given


def received(about: str = "R-101", agency: str = "social_work", by: str = HOTLINE, id_: str = "received") -> States:
    return states(
        f"{agency}.report_received", about, at=at("06T21:12"), by=by, id=id_, received_at=RECEIVED_AT.isoformat()
    )


STANDING = (Joined("coordinator", "standing"), Joined("auditor", "standing"))
TWELVE_HOURS = started("emergency_12h", RECEIVED_AT, EMERGENCY_DUE)


def test_a_report_is_opened_and_twelve_hours_run_from_its_receipt() -> None:
    given().when(received()).then(
        ReportOpened(unit=HOTLINE, received_at=RECEIVED_AT), Joined(HOTLINE, "reported"), *STANDING, TWELVE_HOURS
    )


def test_the_police_must_transfer_within_a_day() -> None:
    given().when(received(agency="police", by=POLICE)).then(
        ReportOpened(unit=POLICE, received_at=RECEIVED_AT),
        Joined(POLICE, "reported"),
        *STANDING,
        TWELVE_HOURS,
        started("police_transfer_24h", RECEIVED_AT, at("07T21:10")),
    )


def test_the_investigating_body_need_not_transfer_to_itself() -> None:
    given().when(received(agency="police", by=INVESTIGATORS)).then(
        ReportOpened(unit=INVESTIGATORS, received_at=RECEIVED_AT),
        Joined(INVESTIGATORS, "reported"),
        *STANDING,
        TWELVE_HOURS,
    )


def test_a_unit_without_a_view_knows_its_report_by_its_own_name() -> None:
    heard = given().when(received(by=LEGAL_AID))
    heard.then(ReportOpened(unit=LEGAL_AID, received_at=RECEIVED_AT), *STANDING, TWELVE_HOURS)
    assert heard.story.names[LEGAL_AID, "R-101"] == heard.story.on["R-101"]


def test_is_ignored_when_the_report_is_open_already() -> None:
    given(*A_REPORT).when(received()).then(flagged("received", "already_open", "hotline")).recorded_on("R-101")


def test_two_units_may_use_the_same_name_for_different_reports() -> None:
    story = given(*A_REPORT).when(received(agency="police", by=POLICE)).story
    assert story.names[HOTLINE, "R-101"] != story.names[POLICE, "R-101"]


def test_is_refused_without_authority() -> None:
    given().when(received(by=HOSPITAL)).refuses(NoAuthority)
