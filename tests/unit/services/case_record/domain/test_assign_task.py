from datetime import datetime

from events.case import TaskAssigned
from events.parties import Audience
from services.case_record.domain.refusals import NoAuthority
from tests.controls.decided import flagged
from tests.controls.statements import States, at, states
from tests.controls.worlds import (
    A_CASE,
    A_CASE_WITH_A_HOSPITAL,
    A_CLOSED_CASE,
    HOSPITAL,
    LEGAL_AID,
    POLICE,
    SCHOOL,
    WORKER,
)
from tests.specification import Heard, given

DUE = "2026-06-30T17:00:00+07:00"


def assigned(unit: str, by: str = WORKER) -> States:
    return states("social_work.plan_task_assigned", at=at("16T11:00"), by=by, id="assigned", unit=unit, due_at=DUE)


def referred(unit: str) -> States:
    return states("social_work.service_referred", at=at("17T08:00"), id="referred", unit=unit)


def task(heard: Heard, unit: str, audience: Audience | None, due_at: datetime | None) -> TaskAssigned:
    return TaskAssigned(task=heard.story.task, audience=audience, unit=unit, due_at=due_at)


def test_the_unit_has_a_task_under_an_opaque_name() -> None:
    heard = given(*A_CASE_WITH_A_HOSPITAL).when(assigned(HOSPITAL))
    heard.then(task(heard, HOSPITAL, Audience.HEALTH, datetime.fromisoformat(DUE))).recorded_on("C-55")
    assert len(heard.story.task) == 12


def test_a_referral_is_a_task_without_a_day() -> None:
    heard = given(*A_CASE_WITH_A_HOSPITAL).when(referred(HOSPITAL))
    heard.then(task(heard, HOSPITAL, Audience.HEALTH, None))


def test_a_body_without_a_view_may_have_a_task() -> None:
    heard = given(*A_CASE).when(referred(LEGAL_AID))
    heard.then(task(heard, LEGAL_AID, None, None))


def test_a_unit_that_does_not_take_part_is_flagged() -> None:
    heard = given(*A_CASE_WITH_A_HOSPITAL).when(referred(SCHOOL))
    heard.then(task(heard, SCHOOL, Audience.EDUCATION, None), flagged("referred", "step_skipped"))


def test_a_unit_that_is_unknown_is_flagged() -> None:
    heard = given(*A_CASE).when(referred("no_such_unit"))
    heard.then(task(heard, "no_such_unit", None, None), flagged("referred", "unit_cannot_join", "case_manager"))


def test_after_closure_it_is_flagged() -> None:
    heard = given(*A_CLOSED_CASE).when(referred(LEGAL_AID))
    heard.then(task(heard, LEGAL_AID, None, None), flagged("referred", "after_closure", "case_manager"))


def test_two_tasks_have_two_names() -> None:
    first = given(*A_CASE_WITH_A_HOSPITAL).when(assigned(HOSPITAL)).story
    before = first.task
    first.hear(referred(HOSPITAL))
    assert first.task != before


def test_waits_for_a_case_that_is_not_known() -> None:
    given().when(assigned(HOSPITAL)).waits_for_its_reference()


def test_is_refused_without_authority() -> None:
    given(*A_CASE).when(assigned(HOSPITAL, by=POLICE)).refuses(NoAuthority)
