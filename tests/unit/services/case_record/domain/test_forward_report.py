import pytest

from services.case_record.domain.refusals import NoAuthority
from tests.controls.decided import flagged
from tests.controls.statements import States, at, states
from tests.controls.worlds import (
    A_CASE,
    A_FORWARDED_REPORT,
    A_REPORT,
    A_SECOND_REPORT,
    COMMITTEE,
    HOTLINE,
    LEGAL_AID,
    MERGED,
    POLICE,
    SCHOOL,
)
from tests.specification import Joined, given


def forwarded(to_unit: str, about: str = "R-101", by: str = HOTLINE) -> States:
    return states("social_work.report_forwarded", about, at=at("06T21:18"), by=by, id="forwarded", to_unit=to_unit)


def test_the_receiver_joins_under_a_name_of_its_own() -> None:
    heard = given(*A_REPORT).when(forwarded(COMMITTEE)).then(Joined(COMMITTEE, "forwarded"))
    assert heard.story.reference(COMMITTEE, "R-101") not in {"R-101", "0NAME0NOWHERE"}


def test_who_joins_a_linked_report_joins_its_case() -> None:
    heard = given(*A_CASE).when(forwarded(SCHOOL))
    heard.then(Joined(SCHOOL, "linked"), Joined(SCHOOL, "forwarded")).recorded_on("R-101")
    heard.then_on("C-55", Joined(SCHOOL, "linked"))


def test_is_ignored_when_the_receiver_takes_part_already() -> None:
    given(*A_FORWARDED_REPORT).when(forwarded(POLICE)).nothing()


@pytest.mark.parametrize("unit", ["no_such_unit", LEGAL_AID])
def test_a_unit_that_cannot_join_is_flagged(unit: str) -> None:
    given(*A_REPORT).when(forwarded(unit)).then(flagged("forwarded", "unit_cannot_join", "hotline"))


def test_under_the_name_of_a_case_it_is_flagged() -> None:
    given(*A_CASE).when(forwarded(SCHOOL, "C-55")).then(flagged("forwarded", "step_skipped")).recorded_on("C-55")


def test_waits_for_a_report_that_is_not_known() -> None:
    given().when(forwarded(COMMITTEE)).waits_for_its_reference()


def test_another_units_name_is_as_good_as_unknown() -> None:
    given(*A_REPORT).when(forwarded(COMMITTEE, by=COMMITTEE)).waits_for_its_reference()


def test_is_refused_without_authority() -> None:
    given(*A_REPORT).when(forwarded(COMMITTEE, by=POLICE)).refuses(NoAuthority)


def test_who_reached_the_report_through_its_case_is_given_a_name_of_it() -> None:
    heard = given(*A_CASE, *A_SECOND_REPORT, MERGED)
    told = states("police.report_forwarded", "R-102", at=at("07T09:00"), by=POLICE, to_unit=COMMITTEE)
    heard.when(told).then(Joined(COMMITTEE, "forwarded"))
