"""A case is sealed through the doors: whoever the order does not name sees it no more, and is not told why."""

import secrets
from dataclasses import dataclass
from typing import Any

import pytest

from services.cli.demo.player import Desks, cases
from services.cli.desk import told
from tests.controls.examples import submitted
from tests.waiting import eventually
from tests.walk.platforms import Platform, desks_of

pytestmark = [pytest.mark.walk, pytest.mark.timeout(300)]

WORKER, POLICE, HOSPITAL, COORDINATOR = (
    "child_protection_00340",
    "commune_police_00340",
    "hospital_h1",
    "coordination_01",
)
LEFT_OUT = (HOSPITAL, COORDINATOR)


@dataclass(frozen=True)
class Case:
    """A case on a platform, and what each unit that takes part calls it."""

    desks: Desks
    names: dict[str, str]

    def state(self, unit_id: str, type_: str, **data: Any) -> dict[str, Any]:
        """State something about the case, and return what its publisher is told once it is in the views."""
        event = submitted(type_, source=unit_id, subject=self.names[unit_id], id=secrets.token_hex(8), data=data)
        publisher = self.desks.publisher(unit_id)
        told(publisher.publish(event.model_dump(mode="json")))

        def outcome() -> dict[str, Any]:
            return dict(told(publisher.get("/v1/events", {"source": event.source, "id": event.id})))

        eventually(lambda: bool(outcome()["shown"]))
        return outcome()

    def seen_by(self, unit_id: str) -> tuple[bool, bool]:
        """Say whether a unit sees the case by its name, and whether in its list."""
        reader, name = self.desks.reader(unit_id), self.names[unit_id]
        return reader.get(f"/v1/cases/{name}").is_success, name in {one["case"] for one in cases(reader)}


@pytest.fixture
def case(running: Platform) -> Case:
    """A case that the worker leads, and in which police and hospital take part."""
    desks = desks_of(running)
    readers = (POLICE, HOSPITAL, COORDINATOR)
    before = {one: {row["case"] for row in cases(desks.reader(one))} for one in readers}
    made = Case(desks, {WORKER: f"TN-{secrets.token_hex(4)}"})
    made.state(WORKER, "social_work.report_received.v1")
    report, made.names[WORKER] = made.names[WORKER], f"HS-{secrets.token_hex(4)}"
    made.state(WORKER, "social_work.case_opened.v1", report=report)
    for invited in (POLICE, HOSPITAL):
        made.state(WORKER, "social_work.agency_invited.v1", unit=invited)
    for one in readers:
        seen = {row["case"] for row in cases(desks.reader(one)) if row["kind"] == "case"}
        [made.names[one]] = seen - before[one]
    return made


def what_stays(outcome: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in outcome.items() if name not in {"id", "accepted_at", "recorded_at"}}


def test_whom_the_order_does_not_name_sees_it_no_more_and_is_not_told_why(case: Case) -> None:
    before = case.state(HOSPITAL, "health.medical_exam_completed.v1")
    case.state(WORKER, "privacy.record_sealed.v1", units_in_sight=[POLICE])
    assert [case.seen_by(one) for one in LEFT_OUT] == [(False, False)] * 2
    assert [case.seen_by(one) for one in (WORKER, POLICE)] == [(True, True)] * 2
    after = case.state(HOSPITAL, "health.medical_exam_completed.v1")
    assert what_stays(after) == what_stays(before)
    assert case.seen_by(HOSPITAL) == (False, False)
    case.state(WORKER, "privacy.record_unsealed.v1")
    assert [case.seen_by(one) for one in LEFT_OUT] == [(True, True)] * 2
