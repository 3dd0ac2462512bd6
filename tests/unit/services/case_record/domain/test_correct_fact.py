"""E.4, assertion 7: a correction never changes what was stated."""

from events.case import StatementCorrected
from services.case_record.domain.refusals import NoAuthority
from tests.controls.decided import flagged
from tests.controls.statements import States, at, states
from tests.controls.worlds import A_CASE, A_CASE_WITH_A_HOSPITAL, COMMITTEE, HOSPITAL, WORKER
from tests.specification import given


def corrected(corrects: str, by: str = WORKER, about: str = "C-55") -> States:
    return states(
        "social_work.fact_corrected",
        about,
        at=at("09T16:00"),
        by=by,
        id="correction",
        corrects=corrects,
        reason="project06_match",
    )


def test_a_statement_takes_the_place_of_an_earlier_one_of_the_same_unit() -> None:
    given(*A_CASE).when(corrected("opened")).then(StatementCorrected(corrected="opened", correction="correction"))


def test_both_statements_stay() -> None:
    story = given(*A_CASE).when(corrected("opened")).story
    statements = story.members[story.on["C-55"]].proceedings.statements
    assert {(WORKER, "opened"), (WORKER, "correction")} <= statements


def test_a_statement_about_the_report_is_corrected_where_it_stands() -> None:
    said = states("social_work.report_verified", "R-101", at=at("06T21:50"), id="verified", by=WORKER)
    heard = given(*A_CASE, said).when(corrected("verified")).recorded_on("C-55")
    heard.then_on("R-101", StatementCorrected(corrected="verified", correction="correction"))


def test_a_correction_may_be_corrected() -> None:
    again = states("social_work.fact_corrected", at=at("10T16:00"), by=WORKER, id="again", corrects="correction")
    given(*A_CASE, corrected("opened")).when(again).then(StatementCorrected(corrected="correction", correction="again"))


def test_what_nobody_stated_is_flagged() -> None:
    given(*A_CASE).when(corrected("never")).then(flagged("correction", "unknown_statement", "case_manager"))


def test_what_another_unit_stated_is_as_good_as_unknown() -> None:
    given(*A_CASE).when(corrected("opened", by=COMMITTEE)).then(flagged("correction", "unknown_statement", "committee"))


def test_waits_for_a_case_that_is_not_known() -> None:
    given().when(corrected("opened")).waits_for_its_reference()


def test_is_refused_without_authority() -> None:
    given(*A_CASE_WITH_A_HOSPITAL).when(corrected("opened", by=HOSPITAL)).refuses(NoAuthority)
