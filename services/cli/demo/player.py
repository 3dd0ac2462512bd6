"""Plays a scenario: every event through its own unit's door, with that unit's own token, in the scenario's own time."""

import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from pydantic import JsonValue

from infra.clock import SimulatedClock
from infra.ids import Ids
from services.cli.demo.names import Names, awaited_tasks, given_names, kind_of, names_used, shown_name
from services.cli.demo.scenario import Scenario, ScenarioEvent, Step
from services.cli.desk import Desk, told
from services.cli.stops import Exit, Stop
from services.cli.waiting import soon

_WITHIN_S = 90.0  # also when a process is killed on the way and has to come back
_PAUSE_S = 0.02

Change = Callable[[ScenarioEvent, dict[str, JsonValue]], dict[str, JsonValue]]


class Desks:
    """The publishing and the reading desk of each unit."""

    def __init__(self, publisher: Callable[[str], Desk], reader: Callable[[str], Desk]) -> None:
        self._publisher = publisher
        self._reader = reader
        self._publishers: dict[str, Desk] = {}
        self._readers: dict[str, Desk] = {}

    def publisher(self, unit: str) -> Desk:
        """Return the desk at which a unit publishes."""
        if unit not in self._publishers:
            self._publishers[unit] = self._publisher(unit)
        return self._publishers[unit]

    def reader(self, unit: str) -> Desk:
        """Return the desk at which a unit reads its own view."""
        if unit not in self._readers:
            self._readers[unit] = self._reader(unit)
        return self._readers[unit]


class Player:
    """One run of a scenario; `change` may alter an event's data before it is sent (the canaries do)."""

    def __init__(self, scenario: Scenario, desks: Desks, clock: SimulatedClock, ids: Ids, change: Change) -> None:
        self._desks = desks
        self._clock = clock
        self._ids = ids
        self._change = change
        self._awaited = given_names(scenario)
        self._awaited_tasks = awaited_tasks(scenario)
        self.names = Names(ids.reference)
        self.sent: list[tuple[str, str]] = []

    def play(self, step: Step) -> None:
        """State everything in the step, each event at its own moment.

        Raises:
            Stop: if an event is refused, or is not recorded in time.
        """
        for event in step.events:
            moment = event.at or step.at
            self._clock.set(moment)
            self._state(event, moment)

    def _state(self, event: ScenarioEvent, at: datetime) -> None:
        for name in names_used(event):
            if (event.unit, name) in self._awaited:
                self._learn(event.unit, name)
        id_ = self.names.event_ids[event.id_label] = str(self._ids.uuid())
        body: dict[str, JsonValue] = {
            "specversion": "1.0",
            "id": id_,
            "source": event.unit,
            "type": event.type,
            "time": at.isoformat(),
            "subject": self.names.subject(event),
            "datacontenttype": "application/json",
            "data": self._change(event, self.names.data(event)),
        }
        told(self._desks.publisher(event.unit).publish(body))
        self._await_record(event, id_)
        self.sent.append((event.unit, id_))
        self._learn_what_follows(event)

    def _learn_what_follows(self, event: ScenarioEvent) -> None:
        """Let those who were given a reference or a task look it up, before another is given to them."""
        name = shown_name(event.subject)
        for receiver in _receivers(event):
            if (receiver, name) in self._awaited:
                self._learn(receiver, name)
        for unit, label in self._awaited_tasks:
            if label == event.id_label:
                self._learn_task(unit, event)

    def _await_record(self, event: ScenarioEvent, id_: str) -> None:
        """Wait until the case record has said what became of an event.

        Raises:
            Stop: if it was rejected, or nothing was said in time.
        """
        desk = self._desks.publisher(event.unit)
        deadline = time.monotonic() + _WITHIN_S
        while True:
            outcome = told(desk.get("/v1/events", {"source": event.unit, "id": id_}))
            match outcome["status"]:
                case "recorded":
                    return
                case "rejected":
                    raise Stop(Exit.CHECK_FAILED, f"{event.type} of {event.unit} was rejected: {outcome['problem']}")
                case _ if time.monotonic() > deadline:
                    raise Stop(
                        Exit.CHECK_FAILED,
                        f"{event.type} of {event.unit} is still {outcome['status']} after {_WITHIN_S:.0f} s: "
                        "see `chungtay status` and the logs.",
                    )
            time.sleep(_PAUSE_S)

    def _learn(self, unit: str, name: str) -> None:
        """Find in a unit's own list the reference that it was given."""
        if (unit, name) in self.names.references:
            return
        known = self.names.known(unit)

        def new_reference() -> str | None:
            rows = cases(self._desks.reader(unit))
            new = [row["case"] for row in rows if row["kind"] == kind_of(name) and row["case"] not in known]
            return new[0] if new else None

        self.names.references[unit, name] = _soon(new_reference, f"{unit} was not given {name}")

    def _learn_task(self, unit: str, event: ScenarioEvent) -> None:
        """Find in a unit's own view the task that an event began."""
        known = set(self.names.tasks.values())

        def new_task() -> str | None:
            reader = self._desks.reader(unit)
            files = [told(reader.get(f"/v1/cases/{row['case']}")) for row in cases(reader)]
            tasks = [task for file in files for task in file["tasks"] if task["unit"] == event.data["unit"]]
            return next((str(task["task"]) for task in tasks if task["task"] not in known), None)

        self.names.tasks[unit, event.id_label] = _soon(new_task, f"{unit} does not see its task")


def cases(desk: Desk) -> list[Mapping[str, Any]]:
    """Return the whole list of cases that a desk sees."""
    return list(pages(desk, "/v1/cases", "cases"))


def pages(desk: Desk, path: str, name: str) -> Iterator[Mapping[str, Any]]:
    """Yield the rows of a list, page by page."""
    after: str | None = None
    while True:
        page = told(desk.get(path, {"after": str(after)} if after else None))
        yield from page[name]
        if not page["has_more"]:
            return
        after = page["after"]


def _receivers(event: ScenarioEvent) -> list[str]:
    named = (event.data.get("to_unit"), event.data.get("unit"))
    return [unit for unit in named if isinstance(unit, str)]


def _soon(look: Callable[[], str | None], otherwise: str) -> str:
    """Return what `look` finds, as soon as it does.

    Raises:
        Stop: if it does not in time.
    """
    late = f"{otherwise} within {_WITHIN_S:.0f} s: see `chungtay status` and the logs."
    return soon(look, _WITHIN_S, Stop(Exit.CHECK_FAILED, late))
