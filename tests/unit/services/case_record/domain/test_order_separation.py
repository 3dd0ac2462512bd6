"""E.4, assertion 2: a decision later than 12 hours is told to the coordinator and never blocked."""

from services.case_record.domain.refusals import NoAuthority
from tests.controls.decided import flagged, met, started
from tests.controls.statements import States, at, states
from tests.controls.worlds import A_FORWARDED_REPORT, A_SEPARATION, AN_EMERGENCY, COMMITTEE, POLICE
from tests.specification import given


def ordered(when: str = "06T23:30", until: str = "21T23:30", about: str = "C-55", by: str = COMMITTEE) -> States:
    return states(
        "social_work.temporary_separation_ordered",
        about,
        at=at(when),
        by=by,
        id="ordered",
        until=f"2026-04-{until}:00+07:00",
    )


def test_the_twelve_hours_are_kept_and_fifteen_days_begin() -> None:
    heard = given(*AN_EMERGENCY).when(ordered()).recorded_on("C-55")
    heard.then_on(
        "C-55",
        met("emergency_12h", at("06T23:30")),
        started("separation_max_15d", at("06T23:30"), at("21T23:30")),
    )
    heard.then_on("R-101", met("emergency_12h", at("06T23:30")))


def test_a_decision_on_the_last_minute_is_in_time() -> None:
    given(*AN_EMERGENCY).when(ordered("07T09:10", "10T09:10")).then_on(
        "C-55",
        met("emergency_12h", at("07T09:10")),
        started("separation_max_15d", at("07T09:10"), at("22T09:10")),
    )


def test_a_late_decision_is_told_to_the_coordinator_and_takes_effect() -> None:
    given(*AN_EMERGENCY).when(ordered("07T10:00")).then_on(
        "C-55",
        met("emergency_12h", at("07T10:00"), late=True),
        flagged("ordered", "late_decision"),
        started("separation_max_15d", at("07T10:00"), at("22T10:00")),
    )


def test_more_than_fifteen_days_are_flagged() -> None:
    given(*AN_EMERGENCY).when(ordered(until="25T08:00")).then_on(
        "C-55",
        met("emergency_12h", at("06T23:30")),
        started("separation_max_15d", at("06T23:30"), at("21T23:30")),
        flagged("ordered", "separation_over_15_days"),
    )


def test_an_extension_does_not_start_the_days_anew() -> None:
    given(*A_SEPARATION).when(ordered("15T09:00", "21T12:00")).nothing()


def test_an_extension_past_the_fifteen_days_is_flagged() -> None:
    given(*A_SEPARATION).when(ordered("20T09:00", "24T09:00")).then(flagged("ordered", "separation_over_15_days"))


def test_before_there_is_a_case_the_clocks_of_the_report_are_kept() -> None:
    given(*A_FORWARDED_REPORT).when(ordered(about="R-101")).then(
        met("emergency_12h", at("06T23:30")),
        started("separation_max_15d", at("06T23:30"), at("21T23:30")),
    )


def test_waits_for_a_case_that_is_not_known() -> None:
    given().when(ordered()).waits_for_its_reference()


def test_is_refused_without_authority() -> None:
    given(*AN_EMERGENCY).when(ordered(by=POLICE)).refuses(NoAuthority)
