import pytest

from services.case_record.domain.refusals import NoAuthority
from tests.controls.decided import flagged
from tests.controls.statements import States, at, states
from tests.controls.worlds import (
    A_CASE,
    A_CASE_WITH_A_HOSPITAL,
    A_FORWARDED_REPORT,
    HOSPITAL,
    LEGAL_AID,
    POLICE,
    WORKER,
)
from tests.specification import Joined, given


def invited(unit: str, about: str = "C-55", by: str = WORKER) -> States:
    return states("social_work.agency_invited", about, at=at("06T22:25"), by=by, id="invited", unit=unit)


def test_the_unit_joins_the_case_under_a_name_of_its_own_and_reaches_the_report() -> None:
    heard = given(*A_CASE).when(invited(HOSPITAL)).recorded_on("C-55")
    heard.then_on("C-55", Joined(HOSPITAL, "invited"))
    heard.then_on("R-101", Joined(HOSPITAL, "linked", named=False))


def test_before_there_is_a_case_it_joins_the_report() -> None:
    given(*A_FORWARDED_REPORT).when(invited(HOSPITAL, "R-101")).then(Joined(HOSPITAL, "invited"))


def test_under_the_name_of_the_report_it_joins_the_case() -> None:
    given(*A_CASE).when(invited(HOSPITAL, "R-101")).then_on("C-55", Joined(HOSPITAL, "invited")).recorded_on("C-55")


def test_is_ignored_when_the_unit_takes_part_already() -> None:
    given(*A_CASE_WITH_A_HOSPITAL).when(invited(HOSPITAL)).nothing()


@pytest.mark.parametrize("unit", ["no_such_unit", LEGAL_AID])
def test_a_unit_that_cannot_join_is_flagged(unit: str) -> None:
    given(*A_CASE).when(invited(unit)).then(flagged("invited", "unit_cannot_join", "case_manager"))


def test_waits_for_a_case_that_is_not_known() -> None:
    given().when(invited(HOSPITAL)).waits_for_its_reference()


def test_is_refused_without_authority() -> None:
    given(*A_CASE).when(invited(HOSPITAL, by=POLICE)).refuses(NoAuthority)
