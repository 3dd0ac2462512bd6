"""Another report about the same child; E.4, assertion 1: the clock counts from the earliest receipt."""

from events.case import ReportLinked
from services.case_record.domain.case import Case
from services.case_record.domain.refusals import NoAuthority
from tests.controls.decided import flagged, met, started
from tests.controls.statements import at, states
from tests.controls.worlds import (
    A_CASE,
    A_FORWARDED_REPORT,
    A_SECOND_REPORT,
    A_SEPARATION,
    AN_EARLIER_REPORT,
    COMMITTEE,
    HOTLINE,
    MERGED,
    POLICE,
    SCHOOL,
    WORKER,
)
from tests.specification import Heard, Joined, given

UNCONFIRMED = states(
    "social_work.reports_merged", at=at("07T08:00"), report="@ref:R-102", confirmed_by_person=False, id="merged"
)


def link(heard: Heard) -> ReportLinked:
    story = heard.story
    return ReportLinked(report=story.on["R-102"].id, case=story.on["C-55"].id, role="duplicate")


def test_both_streams_are_linked_and_everybody_reaches_both() -> None:
    school_asked = states("police.report_forwarded", "R-102", at=at("06T21:30"), to_unit=SCHOOL)
    heard = given(*A_CASE, *A_SECOND_REPORT, school_asked).when(MERGED).recorded_on("C-55")
    heard.then_on("C-55", link(heard), Joined(SCHOOL, "linked"))
    heard.then_on("R-101", Joined(SCHOOL, "linked", named=False))
    heard.then_on(
        "R-102",
        link(heard),
        Joined(HOTLINE, "linked", named=False),
        Joined(COMMITTEE, "linked", named=False),
    )


def test_a_later_receipt_leaves_the_clock_alone() -> None:
    heard = given(*A_CASE, *A_SECOND_REPORT).when(MERGED)
    assert heard.story.members[heard.story.on["C-55"]].proceedings.clocks["emergency_12h"].starts_at == at("06T21:10")


def test_an_earlier_receipt_starts_the_clock_anew() -> None:
    heard = given(*A_CASE, *AN_EARLIER_REPORT).when(MERGED)
    heard.then_on("C-55", link(heard), started("emergency_12h", at("06T20:30"), at("07T08:30")))


def test_what_was_done_in_time_may_prove_late_by_the_earlier_receipt() -> None:
    long_before = (
        states("police.report_received", "R-102", at=at("06T11:00"), received_at=at("06T11:00").isoformat()),
        states("police.report_forwarded", "R-102", at=at("06T11:10"), to_unit=WORKER),
    )
    heard = given(*A_SEPARATION, *long_before).when(MERGED)
    heard.then_on(
        "C-55",
        link(heard),
        started("emergency_12h", at("06T11:00"), at("06T23:00")),
        met("emergency_12h", at("06T23:30"), late=True),
        flagged("merged", "late_decision"),
    )


def test_the_clock_of_a_duplicate_stops_when_the_child_is_safe_already() -> None:
    heard = given(*A_SEPARATION, *A_SECOND_REPORT).when(MERGED)
    heard.then_on(
        "R-102",
        link(heard),
        Joined(HOTLINE, "linked", named=False),
        Joined(COMMITTEE, "linked", named=False),
        met("emergency_12h", at("06T23:30")),
    )


def test_a_transfer_stops_the_clock_of_a_duplicate_too() -> None:
    transferred = states(
        "police.crime_report_transferred", at=at("06T23:00"), by=POLICE, to_unit="investigation_police_01"
    )
    story = given(*A_CASE, *A_SECOND_REPORT, transferred).when(MERGED).story
    assert story.members[story.on["R-102"]].proceedings.clocks["police_transfer_24h"].met_at == at("06T23:00")


def test_both_histories_are_kept() -> None:
    story = given(*A_CASE, *A_SECOND_REPORT).when(MERGED).story
    case = story.members[story.on["C-55"]]
    assert isinstance(case, Case)
    assert case.reports == (story.on["R-101"].id, story.on["R-102"].id)
    assert len(story.members[story.on["R-102"]].proceedings.statements) == len(A_SECOND_REPORT)


def test_without_a_persons_word_nothing_is_linked() -> None:
    given(*A_CASE, *A_SECOND_REPORT).when(UNCONFIRMED).then(flagged("merged", "step_skipped"))


def test_without_a_case_nothing_is_linked() -> None:
    onto_a_report = states(
        "social_work.reports_merged",
        "R-101",
        at=at("06T21:40"),
        report="@ref:R-102",
        confirmed_by_person=True,
        id="early",
    )
    given(*A_FORWARDED_REPORT, *A_SECOND_REPORT).when(onto_a_report).then(flagged("early", "step_skipped"))


def test_is_ignored_when_the_report_is_linked_already() -> None:
    again = states(
        "social_work.reports_merged", at=at("07T08:10"), report="@ref:R-102", confirmed_by_person=True, id="again"
    )
    given(*A_CASE, *A_SECOND_REPORT, MERGED).when(again).then(flagged("again", "already_linked", "case_manager"))


def test_waits_for_a_report_that_is_not_known() -> None:
    given(*A_CASE).when(MERGED).waits_for_its_reference()


def test_is_refused_without_authority() -> None:
    by_police = states("social_work.reports_merged", at=at("07T08:00"), by=POLICE, report="@ref:R-102")
    given(*A_CASE, *A_SECOND_REPORT).when(by_police).refuses(NoAuthority)
