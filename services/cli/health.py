"""How a running platform is: its processes, whether each is ready, how far the views lag behind the register."""

from dataclasses import asdict, dataclass
from typing import Any

from infra.postgres.faults import DatabaseUnreachableError
from infra.postgres.health import Lag, lag
from infra.postgres.quarantine import HeldStream, held_streams
from infra.processes import Mark, memory_bytes
from services.cli.data_dir import DataDir
from services.cli.endpoints import read_endpoints
from services.cli.output import typed
from services.cli.readiness import answers
from services.cli.retrying import told
from services.cli.state import ProcessState, read_state
from services.cli.stops import Exit, Stop

_BYTES_PER_MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ProcessHealth:
    """One process as it is now."""

    name: str
    pid: int | None
    restarts: int
    ready: bool
    memory_mb: float
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Health:
    """The whole platform as it is now; `lag` counts events that a reader of the register has not seen yet.

    `quarantine` are the cases that the views cannot show.
    """

    clock: str
    broker: str
    processes: tuple[ProcessHealth, ...]
    lag: dict[str, int]
    age_s: dict[str, float]  # how long the oldest of it has waited
    quarantine: tuple[HeldStream, ...]
    problem: str | None = None  # why the database or the broker does not come back
    retry: str = "`chungtay retry --all`"  # as it must be typed for this data dir

    @property
    def well(self) -> bool:
        """Whether every process is ready and every case can be shown; lag alone is no illness."""
        return self.mend is None and all(each.ready for each in self.processes)

    @property
    def mend(self) -> str | None:
        """What an operator should do first; None when all is well."""
        problems = [self.problem, *(each.problem for each in self.processes)]
        if (first := next((problem for problem in problems if problem), None)) is not None:
            return first
        if self.quarantine:
            return (
                f"{len(self.quarantine)} wait in quarantine: the projector's log names each fault's place; "
                f"mend the cause, then {self.retry}."
            )
        return None

    def told(self) -> dict[str, Any]:
        """Return all of it for a program."""
        shown = {name: value for name, value in asdict(self).items() if name != "retry"}
        return {**shown, "quarantine": [told(held) for held in self.quarantine], "well": self.well}


def look_at(place: DataDir) -> Health:
    """Return how the platform of a data dir is.

    Raises:
        Stop: if none runs there.
    """
    state = read_state(place.state)
    if state is None or not state.alive:
        raise Stop(Exit.NOT_REACHABLE, f"No platform runs in {place.root}: start it with {typed('up', place.root)}.")
    seen, quarantine, problem = _seen(read_endpoints(place.root).postgres)
    return Health(
        clock=state.clock,
        broker=state.broker,
        processes=tuple(_health(each) for each in state.processes),
        lag=seen.behind() if seen else {},
        age_s=seen.ages_s() if seen else {},
        quarantine=quarantine,
        problem=state.problem or problem,
        retry=typed("retry --all", place.root),
    )


def _seen(operator_dsn: str) -> tuple[Lag | None, tuple[HeldStream, ...], str | None]:
    try:
        return lag(operator_dsn), tuple(held_streams(operator_dsn)), None
    except DatabaseUnreachableError:
        return None, (), "The database does not answer; the supervisor is starting it again."


def _health(state: ProcessState) -> ProcessHealth:
    held = memory_bytes(Mark(state.pid, state.started)) if state.pid is not None else None
    if held is None:
        return ProcessHealth(state.name, None, state.restarts, ready=False, memory_mb=0.0, problem=state.problem)
    ready = state.ready is None or answers(state.ready)
    return ProcessHealth(state.name, state.pid, state.restarts, ready, held / _BYTES_PER_MB, state.problem)
