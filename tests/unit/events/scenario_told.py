"""The scenarios as their files tell them, and who knows of what by then."""

import json
import tomllib
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, JsonValue

from events.event import labels_of
from events.labels import Category
from events.registry import event_class
from tests.house.sources import CHECKOUT

OPENING = {
    "social_work.report_received.v1",
    "police.report_received.v1",
    "education.concern_raised.v1",
    "social_work.case_opened.v1",
}
TASK_MAKING = {"social_work.plan_task_assigned.v1", "social_work.service_referred.v1"}
GIVING = {
    "social_work.report_forwarded.v1": "to_unit",
    "police.report_forwarded.v1": "to_unit",
    "education.report_forwarded.v1": "to_unit",
    "police.crime_report_transferred.v1": "to_unit",
    "social_work.agency_invited.v1": "unit",
}


class Told(BaseModel):
    """An event of the scenario with the step it stands in."""

    model_config = ConfigDict(frozen=True)

    step: int
    at: datetime
    id_label: str
    unit: str
    type: str
    subject: str
    data: dict[str, JsonValue]

    @property
    def shown(self) -> str:
        """The display name of what it is about."""
        return self.subject.removeprefix("@:")


def _told(scenario: dict[str, Any]) -> Iterator[Told]:
    for step in scenario["steps"]:
        for event in step["events"]:
            yield Told(**{"data": {}, "at": step["at"]} | event, step=step["number"])


def scenario(number: int) -> dict[str, Any]:
    """Return a scenario as its file has it."""
    file = CHECKOUT / "tests" / "scenarios" / f"scenario_{number}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


def told_in(number: int) -> tuple[Told, ...]:
    """Return everything that is stated in a scenario, in order."""
    return tuple(_told(scenario(number)))


def plain(value: JsonValue) -> JsonValue:
    return "REFERENCE-1" if isinstance(value, str) and value.startswith("@") else value


def knows(unit_id: str, shown: str, earlier: Any) -> bool:
    """A unit knows what it chose, what it was given, and the case of a report that it knows."""
    given = {(one.data[GIVING[one.type]], one.shown) for one in earlier if one.type in GIVING}
    chosen = {(one.unit, one.subject) for one in earlier if one.type in OPENING}
    known = given | chosen
    cases = {one.subject: str(one.data["report"]).removeprefix("@ref:") for one in earlier if "case_opened" in one.type}
    return (unit_id, shown) in known or (unit_id, cases.get(shown)) in known


def labels(told: Told) -> Iterator[tuple[str, Any]]:
    yield from labels_of(event_class(told.type)).items()


def sealed_texts(told: Told) -> Iterator[str]:
    for name, label in labels(told):
        value = told.data.get(name)
        if label.category is not Category.OPERATIONAL and isinstance(value, str) and not _coded(told.type, name):
            yield value


def _coded(type_: str, name: str) -> bool:
    schema = json.dumps(event_class(type_).model_json_schema()["properties"][name])
    return any(mark in schema for mark in ('"enum"', '"format"', '"pattern"'))
