from events.case import CaseOpened, EmergencyDeclared, ReportLinked
from services.case_record.domain.case import Case
from services.case_record.domain.refusals import NoAuthority
from tests.controls.decided import flagged, met, stage, started
from tests.controls.statements import States, at, states
from tests.controls.worlds import (
    A_CASE,
    A_FORWARDED_REPORT,
    A_REPORT,
    COMMITTEE,
    EMERGENCY_DUE,
    HOTLINE,
    LEGAL_AID,
    POLICE,
    RECEIVED_AT,
    WORKER,
)
from tests.specification import Heard, Joined, given

STANDING = (Joined("coordinator", "standing"), Joined("auditor", "standing"))


def opened(about: str = "C-55", by: str = WORKER, id_: str = "opened") -> States:
    return states("social_work.case_opened", about, at=at("06T22:05"), by=by, id=id_, report="@ref:R-101")


def link(heard: Heard) -> ReportLinked:
    story = heard.story
    return ReportLinked(report=story.on["R-101"].id, case=story.on["C-55"].id, role="origin")


def test_a_case_begins_and_everybody_of_the_report_takes_part() -> None:
    heard = given(*A_FORWARDED_REPORT).when(opened())
    heard.then_on(
        "C-55",
        CaseOpened(lead_unit=WORKER),
        Joined(WORKER, "opened"),
        *STANDING,
        Joined(HOTLINE, "linked"),
        Joined(COMMITTEE, "linked"),
        Joined(POLICE, "linked"),
        link(heard),
        stage("suspected"),
        started("emergency_12h", RECEIVED_AT, EMERGENCY_DUE),
    ).recorded_on("C-55")
    heard.then_on("R-101", link(heard))


def test_there_is_exactly_one_lead_unit() -> None:
    story = given(*A_FORWARDED_REPORT).when(opened()).story
    case = story.members[story.on["C-55"]]
    assert isinstance(case, Case)
    assert case.lead_unit == WORKER


def test_the_opener_keeps_its_own_name_and_the_others_are_given_one_each() -> None:
    story = given(*A_FORWARDED_REPORT).when(opened()).story
    names = [name for (_, name), stream in story.names.items() if stream == story.on["C-55"]]
    assert "C-55" in names
    assert len(set(names)) == len(names) == 6


def test_what_was_done_before_the_case_meets_its_clock() -> None:
    assessed = states("social_work.initial_risk_assessed", "R-101", at=at("06T21:50"), emergency=True)
    separated = states("social_work.temporary_separation_ordered", "R-101", at=at("06T22:00"))
    heard = given(*A_FORWARDED_REPORT, assessed, separated).when(opened())
    heard.then_on(
        "C-55",
        CaseOpened(lead_unit=WORKER),
        Joined(WORKER, "opened"),
        *STANDING,
        *(Joined(unit, "linked") for unit in (HOTLINE, COMMITTEE, POLICE)),
        link(heard),
        stage("suspected"),
        EmergencyDeclared(),
        started("emergency_12h", RECEIVED_AT, EMERGENCY_DUE),
        met("emergency_12h", at("06T22:00")),
    )


def test_the_name_of_the_report_leads_to_the_case_when_the_opener_uses_it_again() -> None:
    story = given(*A_REPORT).when(opened("R-101", by=HOTLINE)).story
    (case,) = (stream for stream in story.members if stream.kind == "case")
    given_name = next(name for (unit, name), stream in story.names.items() if unit == HOTLINE and stream == case)
    assert given_name != "R-101"
    story.hear(states("social_work.needs_assessed", "R-101", at=at("10T16:00"), by=HOTLINE))
    state = story.members[case]
    assert isinstance(state, Case)
    assert state.stage == "needs_assessment"


def test_a_second_opening_is_added_to_the_first_and_flagged() -> None:
    heard = given(*A_CASE).when(opened("C-56", by=COMMITTEE, id_="again"))
    heard.then(flagged("again", "already_open", "committee"), Joined(COMMITTEE, "opened")).recorded_on("C-55")
    assert heard.story.names[COMMITTEE, "C-56"] == heard.story.on["C-55"]


def test_is_ignored_when_opened_again_under_the_same_name() -> None:
    given(*A_CASE).when(opened(id_="again")).then(flagged("again", "already_open", "case_manager"))


def test_a_unit_without_a_view_leads_without_seeing() -> None:
    report = (states("social_work.report_received", "R-101", at=RECEIVED_AT, by=LEGAL_AID),)
    heard = given(*report).when(opened(by=LEGAL_AID))
    assert CaseOpened(lead_unit=LEGAL_AID) in [placed.event for placed in heard._placed()]
    assert heard.story.names[LEGAL_AID, "C-55"] == heard.story.on["C-55"]


def test_waits_for_a_report_that_is_not_known() -> None:
    given().when(opened()).waits_for_its_reference()


def test_is_refused_without_authority() -> None:
    given(*A_FORWARDED_REPORT).when(opened(by=POLICE)).refuses(NoAuthority)
