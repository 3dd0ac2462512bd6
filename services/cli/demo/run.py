"""One run of the demo on a platform that runs: play, wait for the views, look, ask for the verdict."""

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from events.parties import DOOR_AUDIENCES, Audience
from events.units import unit
from infra.clock import SimulatedClock
from infra.ids import RandomIds
from infra.postgres.faults import DatabaseUnreachableError
from infra.postgres.health import lag
from services.cli.data_dir import DataDir
from services.cli.demo.canaries import Canaries
from services.cli.demo.names import kind_of
from services.cli.demo.player import Desks, Player, cases
from services.cli.demo.scenario import Scenario
from services.cli.demo.sights import Look, Seat, Seen, look
from services.cli.desk import Desk, told
from services.cli.endpoints import Endpoints, read_endpoints
from services.cli.output import console
from services.cli.passes import Pass, issue
from services.cli.reading import AUDITOR, PURPOSE
from services.cli.stops import Exit, Stop

_CAUGHT_UP_WITHIN_S = 60.0
_PAUSE_S = 0.05


@dataclass(frozen=True, slots=True)
class Asked:
    """What the demo was asked to do."""

    data_dir: Path
    broker: str
    scenario: Path
    canaries: Path | None

    @property
    def place(self) -> DataDir:
        """The folder of the demo's platform."""
        return DataDir(self.data_dir.absolute())


@dataclass(frozen=True, slots=True)
class Shown:
    """What came of a demo; seconds run from the command's start."""

    at_work: dict[str, dict[str, Seen]]
    closed: dict[str, dict[str, Seen]]
    looked_after: tuple[int, int]  # steps
    verify: dict[str, Any]
    cases: dict[str, str]  # what the auditor calls each report and case, by the name on show
    seconds_to_running: float
    seconds_to_table: float

    def told(self) -> dict[str, Any]:
        """Return all of it for a program."""
        return {
            f"after_{self.looked_after[0]}": self.at_work,
            f"after_{self.looked_after[1]}": self.closed,
            "verify": self.verify,
            "cases": self.cases,
            "seconds": {"to_running": round(self.seconds_to_running, 1), "to_table": round(self.seconds_to_table, 1)},
        }


class Run:
    """The demo on one platform; seconds count from `began`."""

    def __init__(self, asked: Asked, scenario: Scenario, began: float, running_s: float) -> None:
        self._asked = asked
        self._scenario = scenario
        self._began = began
        self._running_s = running_s
        self._endpoints: Endpoints = read_endpoints(asked.place.root)
        self._canaries = Canaries()
        change = self._canaries.plant if asked.canaries else lambda _, data: data
        desks = Desks(self._publisher, self._reader)
        self._player = Player(scenario, desks, SimulatedClock(asked.place.clock), RandomIds(), change)
        self._looks: dict[int, Look] = {}

    def run(self, *, quiet: bool) -> Shown:
        """Play every step and look twice: at full work, and when closed."""
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        with Progress(*columns, console=console, disable=quiet or not console.is_terminal, transient=True) as bar:
            steps = bar.add_task("", total=len(self._scenario.steps))
            for step in self._scenario.steps:
                bar.update(steps, description=f"{step.at:%d/%m %H:%M}  {step.title_vi} / {step.title_en}"[:90])
                self._player.play(step)
                if step.number in self._scenario.look_after:
                    self._await_views()
                    self._looks[step.number] = look(self._sit)
                bar.advance(steps)
        self._await_views()
        if self._asked.canaries:
            self._write_canaries(self._asked.canaries)
        at_work, closed = self._scenario.look_after
        return Shown(
            at_work=self._looks[at_work].sights,
            closed=self._looks[closed].sights,
            looked_after=self._scenario.look_after,
            verify=told(self._auditor().get("/v1/verify")),
            cases=self._auditors_names(),
            seconds_to_running=self._running_s,
            seconds_to_table=time.monotonic() - self._began,
        )

    def _write_canaries(self, file: Path) -> None:
        pages = {number: look.pages for number, look in self._looks.items()}
        file.write_text(json.dumps({"planted": self._canaries.told(), "pages": pages}), encoding="utf-8")

    def _await_views(self) -> None:
        """Wait until nothing that was recorded is still on its way to a view.

        Raises:
            Stop: if that takes more than a minute.
        """
        deadline = time.monotonic() + _CAUGHT_UP_WITHIN_S
        while behind := self._behind():
            if time.monotonic() > deadline:
                raise Stop(Exit.CHECK_FAILED, f"The views do not catch up ({behind}): see `chungtay status`.")
            time.sleep(_PAUSE_S)

    def _behind(self) -> dict[str, int]:
        """Return what is still under way; a database that is being started again has everything under way."""
        try:
            return {name: count for name, count in lag(self._endpoints.postgres).behind().items() if count}
        except DatabaseUnreachableError:
            return {"database": 1}

    def _publisher(self, unit_id: str) -> Desk:
        agency = unit(unit_id).agency
        return Desk(self._endpoints.agencies[agency.value], self._pass(Pass(agency, unit_id)))

    def _reader(self, unit_id: str) -> Desk:
        """Sit down as the unit's own reader: where it looks its references up."""
        known = unit(unit_id)
        audience = known.audience or DOOR_AUDIENCES[known.agency][0]
        made = self._pass(Pass(known.agency, unit_id, audience))
        return Desk(self._endpoints.agencies[known.agency.value], made, purpose="case_work")

    def _sit(self, seat: Seat) -> Desk:
        made = self._pass(Pass(unit(seat.unit).agency, seat.unit, seat.audience, seat.duties))
        return Desk(self._route(seat), made, purpose=seat.purpose)

    def _route(self, seat: Seat) -> str:
        match seat.audience:
            case Audience.COORDINATOR:
                return self._endpoints.coordination
            case Audience.AUDITOR:
                return self._endpoints.audit
            case _:
                return self._endpoints.agencies[unit(seat.unit).agency.value]

    def _auditor(self) -> Desk:
        return Desk(self._endpoints.audit, self._pass(AUDITOR), purpose=PURPOSE)

    def _auditors_names(self) -> dict[str, str]:
        """Return what the auditor calls each case: the name that `replay` and `verify` take."""
        rows = [row["case"] for row in cases(self._auditor()) if row["kind"] == "case"]
        names = [name for name in self._player.names.shown() if kind_of(name) == "case"]
        return dict(zip(names, rows, strict=True))

    def _pass(self, wanted: Pass) -> str:
        return issue(self._asked.place.root, wanted)
