import pytest

from events.case import TaskProgressed
from events.parties import Audience
from services.case_record.domain.refusals import NoAuthority
from tests.controls.decided import flagged
from tests.controls.statements import States, at, states
from tests.controls.worlds import A_TASK_FOR_THE_HOSPITAL, HOSPITAL, POLICE, SCHOOL, WORKER
from tests.specification import Heard, given

WITH_A_SCHOOL = (*A_TASK_FOR_THE_HOSPITAL, states("social_work.agency_invited", at=at("07T08:20"), unit=SCHOOL))


def accepted(agency: str = "health", by: str = HOSPITAL, task: str = "@task") -> States:
    return states(f"{agency}.service_accepted", at=at("17T10:00"), by=by, id="accepted", task=task)


def delivered(agency: str = "health", by: str = HOSPITAL, task: str = "@task") -> States:
    return states(f"{agency}.service_delivered", at=at("30T10:00"), by=by, id="delivered", task=task)


def progress(heard: Heard, status: str) -> TaskProgressed:
    return TaskProgressed(task=heard.story.task, audience=Audience.HEALTH, status=status)


def test_the_unit_takes_its_task_on() -> None:
    heard = given(*A_TASK_FOR_THE_HOSPITAL).when(accepted())
    heard.then(progress(heard, "accepted")).recorded_on("C-55")


def test_the_unit_does_its_task() -> None:
    heard = given(*A_TASK_FOR_THE_HOSPITAL, accepted()).when(delivered())
    heard.then(progress(heard, "completed"))


def test_social_work_speaks_for_others() -> None:
    heard = given(*A_TASK_FOR_THE_HOSPITAL).when(delivered("social_work", WORKER))
    heard.then(progress(heard, "completed"))


@pytest.mark.parametrize("told", [accepted(), delivered()], ids=["accepted", "delivered"])
def test_is_ignored_when_done_already(told: States) -> None:
    given(*A_TASK_FOR_THE_HOSPITAL, delivered()).when(told).nothing()


def test_a_task_that_nobody_gave_is_flagged() -> None:
    given(*A_TASK_FOR_THE_HOSPITAL).when(accepted(task="never")).then(flagged("accepted", "unknown_task", "health"))


def test_another_units_task_is_as_good_as_unknown() -> None:
    given(*WITH_A_SCHOOL).when(accepted("education", SCHOOL)).then(flagged("accepted", "unknown_task", "education"))


def test_a_task_of_the_report_is_known_to_its_case() -> None:
    report = (
        states("social_work.report_received", "R-101", at=at("06T21:10"), by=WORKER),
        states("social_work.service_referred", "R-101", at=at("06T21:20"), by=WORKER, unit=WORKER),
        states("social_work.case_opened", at=at("06T22:05"), report="@ref:R-101"),
    )
    heard = given(*report).when(delivered("social_work", WORKER)).recorded_on("C-55")
    heard.then_on("R-101", TaskProgressed(task=heard.story.task, audience=Audience.CASE_MANAGER, status="completed"))


def test_waits_for_a_case_that_is_not_known() -> None:
    given().when(accepted()).waits_for_its_reference()


def test_is_refused_without_authority() -> None:
    given(*A_TASK_FOR_THE_HOSPITAL).when(accepted(by=POLICE)).refuses(NoAuthority)
