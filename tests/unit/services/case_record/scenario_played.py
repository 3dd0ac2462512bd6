"""A scenario as the case record hears it, played in memory."""

import tomllib
from datetime import datetime
from typing import Any

from services.case_record.domain.case import Case
from services.case_record.domain.report import Report
from services.case_record.domain.streams import Stream
from tests.controls.office import Office, final_state
from tests.controls.statements import States
from tests.fakes.memory_case_store import MemoryCaseStore
from tests.house.sources import CHECKOUT


def played(number: int) -> Office:
    """Return the case record after a scenario, every statement of it recorded."""
    office = Office(MemoryCaseStore())
    assert {outcome.status for outcome in office.send(*_told(number))} == {"recorded"}
    return office


def state(office: Office, kind: Any, name: str) -> Report | Case:
    stream = Stream(kind, office.on[name])
    return final_state(office.store, [stream])[stream]


def open_fields(office: Office, name: str, type_: str) -> list[dict[str, Any]]:
    return [one.data.open for one in office.history(name) if one.type == type_]


def _told(number: int) -> list[States]:
    file = CHECKOUT / "tests" / "scenarios" / f"scenario_{number}.toml"
    steps = tomllib.loads(file.read_text(encoding="utf-8"))["steps"]
    return [_states(step, event) for step in steps for event in step["events"]]


def _states(step: dict[str, Any], event: dict[str, Any]) -> States:
    moment: datetime = event.get("at", step["at"])
    about = event["subject"].removeprefix("@:")
    return States(event["type"], about, event["unit"], moment, event["id_label"], event.get("data", {}))
