"""Two units that each speak of one child are told so, through their doors; and of a sealed case neither is told."""

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

POLICE, SCHOOL, COORDINATOR = "commune_police_00340", "school_s1", "coordination_01"
HOSPITAL = "hospital_h1"
RAISED = {POLICE: "police.report_received.v1", SCHOOL: "education.concern_raised.v1"}


@dataclass(frozen=True)
class Child:
    """A child of whom units speak, each under a reference of its own."""

    desks: Desks
    name: str
    references: dict[str, str]

    def state(self, unit: str, type_: str, **data: Any) -> None:
        """State something, and wait until it is in the views."""
        event = submitted(type_, source=unit, subject=self.references[unit], id=secrets.token_hex(8), data=data)
        publisher = self.desks.publisher(unit)
        told(publisher.publish(event.model_dump(mode="json")))
        asked = {"source": event.source, "id": event.id}
        eventually(lambda: bool(told(publisher.get("/v1/events", asked))["shown"]))

    def raise_(self, unit: str) -> None:
        self.state(
            unit, RAISED.get(unit, "health.concern_raised.v1"), child_name=self.name, child_birth_date="2016-09-02"
        )

    def read(self, unit: str) -> Any:
        return told(self.desks.reader(unit).get(f"/v1/cases/{self.references[unit]}"))

    def matches(self, unit: str) -> list[dict[str, Any]]:
        return list(self.read(unit)["matches"])

    def stand(self, *statuses: str) -> None:
        """Wait until the match stands so at each unit: it is compared after it is recorded."""
        eventually(
            lambda: [[one["status"] for one in self.matches(unit)] for unit in RAISED] == [[s] for s in statuses]
        )

    def answer(self, unit: str, verb: str) -> None:
        [match] = self.matches(unit)
        [type_] = [one for one in match["answers"] if verb in one]
        self.state(unit, type_, match=match["match"])

    def seen_by_the_coordinator(self, before: set[str]) -> list[dict[str, Any]]:
        reader = self.desks.reader(COORDINATOR)
        new = {row["case"] for row in cases(reader)} - before
        return [match for one in sorted(new) for match in told(reader.get(f"/v1/cases/{one}"))["matches"]]


@pytest.fixture
def child(running: Platform) -> Child:
    of_each = {unit: secrets.token_hex(6) for unit in (*RAISED, HOSPITAL)}
    return Child(desks_of(running), f"TRE-EM {secrets.token_hex(6)}", of_each)


def test_both_are_told_confirm_and_take_it_back(child: Child) -> None:
    before = {row["case"] for row in cases(child.desks.reader(COORDINATOR))}
    for unit in RAISED:
        child.raise_(unit)
    child.stand("suggested", "suggested")
    for unit, other in ((POLICE, SCHOOL), (SCHOOL, POLICE)):
        [match] = child.matches(unit)
        assert (match["unit"], match["pair"]) == (unit, None)
        assert match["vi"] != match["en"]
        assert other not in str(child.read(unit))
    child.answer(POLICE, "confirmed")
    child.stand("confirmed", "suggested")
    child.answer(SCHOOL, "confirmed")
    child.stand("established", "established")
    [pair] = {child.matches(unit)[0]["pair"] for unit in RAISED}
    assert [(one["pair"], one["answers"]) for one in child.seen_by_the_coordinator(before)] == [(pair, [])] * 2
    child.answer(SCHOOL, "withdrawn")
    child.stand("ended", "ended")
    assert [child.matches(unit)[0]["answers"] for unit in RAISED] == [[], []]


def test_of_a_sealed_case_neither_is_told(child: Child) -> None:
    child.raise_(POLICE)
    child.state(POLICE, "privacy.record_sealed.v1", units_in_sight=[POLICE])
    child.raise_(SCHOOL)
    child.raise_(HOSPITAL)  # what was recorded before is compared by the time this is
    eventually(lambda: [len(child.matches(unit)) for unit in (HOSPITAL, SCHOOL)] == [1, 1])
    assert child.matches(POLICE) == []
