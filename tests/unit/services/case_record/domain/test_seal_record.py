"""An authority orders that a case be hidden: it is sealed with all its reports, and with those that come later."""

from events.case import CaseSealed, CaseUnsealed
from services.case_record.domain.refusals import NoAuthority
from tests.controls.decided import flagged
from tests.controls.statements import States, at, states
from tests.controls.worlds import A_CASE, A_SECOND_REPORT, HOSPITAL, MERGED, POLICE, WORKER
from tests.specification import given


def sealed(*units_in_sight: str, by: str = WORKER, id_: str = "sealing") -> States:
    return states("privacy.record_sealed", at=at("09T16:00"), by=by, id=id_, units_in_sight=[*units_in_sight])


def unsealed(by: str = WORKER) -> States:
    return states("privacy.record_unsealed", at=at("10T16:00"), by=by, id="unsealing")


def test_the_case_and_its_reports_are_sealed_to_who_is_named_and_who_says_so() -> None:
    story = given(*A_CASE).when(sealed(POLICE))
    both = CaseSealed(units=(WORKER, POLICE))
    story.then(both, both)
    story.then_on("R-101", both)


def test_the_unit_that_leads_keeps_sight_whoever_says_so() -> None:
    both = CaseSealed(units=(WORKER, POLICE))
    given(*A_CASE).when(sealed(by=POLICE)).then(both, both)


def test_a_report_that_comes_to_a_sealed_case_is_sealed_with_it() -> None:
    merged = given(*A_CASE, *A_SECOND_REPORT, sealed(POLICE)).when(MERGED)
    assert merged.decision is not None
    assert [p.event for p in merged.decision.placed if isinstance(p.event, CaseSealed)] == [
        CaseSealed(units=(WORKER, POLICE))
    ]


def test_a_new_order_takes_the_place_of_an_earlier_one() -> None:
    both = CaseSealed(units=(WORKER, HOSPITAL))
    given(*A_CASE, sealed(POLICE)).when(sealed(HOSPITAL, id_="again")).then(both, both)


def test_is_ignored_when_sealed_so_already() -> None:
    given(*A_CASE, sealed(POLICE)).when(sealed(POLICE, id_="again")).nothing()


def test_unsealed_it_is_as_before() -> None:
    story = given(*A_CASE, sealed(POLICE)).when(unsealed())
    story.then(CaseUnsealed(), CaseUnsealed())
    story.then_on("R-101", CaseUnsealed())


def test_who_lost_sight_does_not_win_it_back_by_its_own_word() -> None:
    hidden = (*A_CASE, sealed())
    given(*hidden).when(unsealed(by=POLICE)).then(flagged("unsealing", "step_skipped"))
    given(*hidden).when(sealed(POLICE, by=POLICE, id_="again")).then(flagged("again", "step_skipped"))


def test_what_was_not_sealed_is_flagged() -> None:
    given(*A_CASE).when(unsealed()).then(flagged("unsealing", "step_skipped"))


def test_waits_for_a_case_that_is_not_known() -> None:
    given().when(sealed(POLICE)).waits_for_its_reference()


def test_is_refused_without_authority() -> None:
    given(*A_CASE).when(sealed(POLICE, by=HOSPITAL)).refuses(NoAuthority)
