"""What is so in one report or case, written down plainly: the model says it, and the register is read for it."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass
class Clock:
    """A legal clock as it was started last."""

    starts_at: datetime
    due_at: datetime
    met_at: datetime | None = None
    late: bool = False


@dataclass
class Task:
    unit: str
    status: str
    due_at: datetime | None


@dataclass
class Facts:
    """One report or case; tasks and flags go by the statement they came of."""

    kind: str
    leads: list[str] = field(default_factory=list)
    received_at: datetime | None = None
    parties: dict[str, bool] = field(default_factory=dict)  # holder -> whether it has a name of its own
    links: set[tuple[UUID, UUID, str]] = field(default_factory=set)  # report, case, role
    stage: str | None = None
    police_stage: str | None = None
    emergency: bool = False
    unfounded: bool = False
    closed: bool = False
    clocks: dict[str, Clock] = field(default_factory=dict)
    tasks: dict[str, Task] = field(default_factory=dict)
    flags: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    corrected: set[tuple[str, str]] = field(default_factory=set)
    stated: list[tuple[str, str]] = field(default_factory=list)
    task_names: dict[str, str] = field(default_factory=dict, compare=False)  # chance made them


def moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def note(facts: Facts, recorded: dict[str, Any]) -> None:
    """Note one recorded event, read as plain JSON."""
    data, cause = recorded["data"]["open"], recorded.get("causationid", "")
    if recorded["source"] != "case_record":
        facts.stated.append((recorded["source"], recorded["id"]))
        return
    name = recorded["type"].split(".")[1]
    if name in _NOTES:
        _NOTES[name](facts, data, cause)
    else:
        _note_state(facts, name, data)


def _note_state(facts: Facts, name: str, data: dict[str, Any]) -> None:
    match name:
        case "report_opened":
            facts.kind, facts.received_at = "report", datetime.fromisoformat(data["received_at"])
        case "case_opened":
            facts.kind = "case"
            facts.leads.append(data["lead_unit"])
        case "report_linked":
            facts.links.add((UUID(data["report"]), UUID(data["case"]), data["role"]))
        case "stage_entered":
            facts.stage = data["stage"]
        case "investigation_stage_entered":
            facts.police_stage = data["stage"]
        case "emergency_declared" | "emergency_ended":
            facts.emergency = name == "emergency_declared"
        case "report_found_unfounded":
            facts.unfounded = True
        case "case_closed" | "case_reopened":
            facts.closed = name == "case_closed"
        case _:
            raise AssertionError(f"the model knows nothing of {name}")


def _joined(facts: Facts, data: dict[str, Any], _: str) -> None:
    holder = data["unit"] or data["audience"]
    facts.parties[holder] = facts.parties.get(holder, False) or data["reference"] is not None


def _started(facts: Facts, data: dict[str, Any], _: str) -> None:
    starts, due = datetime.fromisoformat(data["starts_at"]), datetime.fromisoformat(data["due_at"])
    facts.clocks[data["rule"]] = Clock(starts, due)


def _met(facts: Facts, data: dict[str, Any], _: str) -> None:
    clock = facts.clocks[data["rule"]]
    assert clock.met_at is None, "a clock was met twice"
    clock.met_at, clock.late = datetime.fromisoformat(data["met_at"]), data["late"]


def _assigned(facts: Facts, data: dict[str, Any], cause: str) -> None:
    facts.task_names[data["task"]] = cause
    facts.tasks[cause] = Task(data["unit"], "referred", moment(data["due_at"]))


def _progressed(facts: Facts, data: dict[str, Any], _: str) -> None:
    facts.tasks[facts.task_names[data["task"]]].status = data["status"]


def _corrected(facts: Facts, data: dict[str, Any], _: str) -> None:
    facts.corrected.add((data["corrected"], data["correction"]))


def _flagged(facts: Facts, data: dict[str, Any], cause: str) -> None:
    assert data["statement"] == cause
    facts.flags[cause, data["flag"], data["audience"]] += 1


_NOTES = {
    "party_joined": _joined,
    "deadline_started": _started,
    "deadline_met": _met,
    "task_assigned": _assigned,
    "task_progressed": _progressed,
    "statement_corrected": _corrected,
    "statement_flagged": _flagged,
}
