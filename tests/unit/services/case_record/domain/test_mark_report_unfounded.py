from events.case import ReportFoundUnfounded
from services.case_record.domain.refusals import NoAuthority
from services.case_record.domain.report import Report
from tests.controls.decided import flagged, met
from tests.controls.statements import States, at, states
from tests.controls.worlds import A_CASE, A_FORWARDED_REPORT, HOSPITAL, WORKER
from tests.specification import given


def unfounded(when: str = "07T08:00", about: str = "R-101", by: str = WORKER) -> States:
    return states("social_work.report_marked_unfounded", about, at=at(when), by=by, id="unfounded")


def test_the_report_has_no_ground_and_its_clock_stops() -> None:
    given(*A_FORWARDED_REPORT).when(unfounded()).then(ReportFoundUnfounded(), met("emergency_12h", at("07T08:00")))


def test_that_it_came_late_is_flagged_and_blocks_nothing() -> None:
    given(*A_FORWARDED_REPORT).when(unfounded("09T10:40")).then(
        ReportFoundUnfounded(),
        met("emergency_12h", at("09T10:40"), late=True),
        flagged("unfounded", "late_decision"),
    )


def test_the_report_stays_in_the_history() -> None:
    """E.4, assertion 9: it is marked so that it is not counted, and nothing of it is taken away."""
    heard = given(*A_FORWARDED_REPORT).when(unfounded())
    report = heard.story.members[heard.story.on["R-101"]]
    assert isinstance(report, Report)
    assert report.unfounded
    assert report.received_at == at("06T21:10")
    assert len(report.proceedings.statements) == len(A_FORWARDED_REPORT) + 1


def test_the_clock_of_its_case_goes_on() -> None:
    given(*A_CASE).when(unfounded()).then_on("C-55")


def test_is_ignored_when_marked_already() -> None:
    given(*A_FORWARDED_REPORT, unfounded()).when(unfounded("07T08:30")).nothing()


def test_under_the_name_of_a_case_it_is_flagged() -> None:
    given(*A_CASE).when(unfounded(about="C-55")).then(flagged("unfounded", "step_skipped"))


def test_waits_for_a_report_that_is_not_known() -> None:
    given().when(unfounded()).waits_for_its_reference()


def test_is_refused_without_authority() -> None:
    given(*A_FORWARDED_REPORT).when(unfounded(by=HOSPITAL)).refuses(NoAuthority)
