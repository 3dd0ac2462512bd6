"""E.2, step 16: what was stated of the wrong child is taken back where it stands, and stated anew of the right one."""

from events.case import StatementVoided
from services.case_record.domain.refusals import NoAuthority
from tests.controls.decided import flagged
from tests.controls.statements import States, at, states
from tests.controls.worlds import A_CASE_WITH_A_HOSPITAL, A_SECOND_REPORT, HOSPITAL, POLICE, SCHOOL
from tests.specification import given

EXAMINED = (
    *A_CASE_WITH_A_HOSPITAL,
    states("health.medical_exam_completed", at=at("06T23:05"), by=HOSPITAL, id="examined"),
)


def voided(voids: str, by: str = HOSPITAL, about: str = "C-55") -> States:
    told = {"voids": voids, "reason": "wrong_child"}
    return states("privacy.statement_voided", about, at=at("09T16:00"), by=by, id="voiding", **told)


def test_a_unit_takes_its_own_statement_back() -> None:
    given(*EXAMINED).when(voided("examined")).then(StatementVoided(voided="examined", voiding="voiding"))


def test_the_statement_stays() -> None:
    story = given(*EXAMINED).when(voided("examined")).story
    assert (HOSPITAL, "examined") in story.members[story.on["C-55"]].proceedings.statements


def test_what_was_said_of_the_report_is_taken_back_where_it_stands() -> None:
    scene = states("police.scene_attended", "R-102", at=at("06T21:40"), by=POLICE, id="scene")
    heard = given(*A_SECOND_REPORT, scene).when(voided("scene", by=POLICE, about="R-102"))
    heard.then_on("R-102", StatementVoided(voided="scene", voiding="voiding"))


def test_another_units_statement_is_as_good_as_unknown() -> None:
    given(*EXAMINED).when(voided("examined", by=POLICE)).then(flagged("voiding", "unknown_statement", "police"))


def test_what_nobody_stated_is_flagged() -> None:
    given(*EXAMINED).when(voided("never")).then(flagged("voiding", "unknown_statement", "health"))


def test_waits_for_a_case_that_is_not_known() -> None:
    given(*EXAMINED).when(voided("examined", by=SCHOOL)).waits_for_its_reference()


def test_is_refused_without_authority() -> None:
    """The case record's own types are nobody else's to state."""
    given(*EXAMINED).when(states("case.statement_voided", at=at("09T16:00"), by=HOSPITAL)).refuses(NoAuthority)
