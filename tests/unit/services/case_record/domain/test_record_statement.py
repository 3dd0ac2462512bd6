import pytest

from services.case_record.domain.refusals import NoAuthority
from tests.controls.statements import States, at, states
from tests.controls.worlds import A_CASE_WITH_A_HOSPITAL, A_FORWARDED_REPORT, HOSPITAL, POLICE, SCHOOL, WORKER
from tests.specification import given

WITH_A_SCHOOL = (*A_CASE_WITH_A_HOSPITAL, states("social_work.agency_invited", at=at("07T08:20"), unit=SCHOOL))
KEPT = [
    ("police.scene_attended", POLICE),
    ("police.immediate_danger_stopped", POLICE),
    ("police.social_sector_notified", POLICE),
    ("police.administrative_handling_recorded", POLICE),
    ("health.emergency_care_provided", HOSPITAL),
    ("health.medical_exam_completed", HOSPITAL),
    ("education.attendance_noted", SCHOOL),
    ("social_work.case_meeting_held", WORKER),
    ("social_work.carer_reassessed", WORKER),
]


def stated(type_: str, by: str, about: str = "C-55") -> States:
    return states(type_, about, at=at("07T09:00"), by=by, id="stated")


@pytest.mark.parametrize(("type_", "by"), KEPT)
def test_the_statement_is_kept_and_nothing_follows(type_: str, by: str) -> None:
    heard = given(*WITH_A_SCHOOL).when(stated(type_, by)).nothing().recorded_on("C-55")
    assert (by, "stated") in heard.story.members[heard.story.on["C-55"]].proceedings.statements


def test_before_there_is_a_case_it_is_kept_on_the_report() -> None:
    given(*A_FORWARDED_REPORT).when(stated("police.scene_attended", POLICE, "R-101")).nothing().recorded_on("R-101")


@pytest.mark.parametrize(("type_", "by"), KEPT)
def test_waits_for_a_case_that_is_not_known(type_: str, by: str) -> None:
    given().when(stated(type_, by)).waits_for_its_reference()


@pytest.mark.parametrize(("type_", "by"), KEPT)
def test_is_refused_without_authority(type_: str, by: str) -> None:
    given(*WITH_A_SCHOOL).when(stated(type_, WORKER if by != WORKER else POLICE)).refuses(NoAuthority)
