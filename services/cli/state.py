"""What the supervisor says of itself, in one file: for `status`, `down`, and the next start after a crash."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from infra.processes import Mark, find
from infra.settings import write_private

PARTS = ("database", "broker")


class ProcessState(BaseModel):
    """One process under the supervisor; `pid` is None while it waits to be started again."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    pid: int | None
    started: float
    restarts: int
    ready: str | None  # URL that answers 200 when it is ready; None: it has no door
    problem: str | None = None  # what an operator should know and do


class State(BaseModel):
    """A supervisor and all it looks after."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pid: int
    started: float
    phase: Literal["starting", "running", "stopping", "failed"]
    problem: str | None = None
    broker: str
    clock: Literal["real", "simulated"]
    ephemeral: bool
    processes: tuple[ProcessState, ...] = ()

    @property
    def supervisor(self) -> Mark:
        """The supervisor itself."""
        return Mark(self.pid, self.started)

    @property
    def alive(self) -> bool:
        """Whether the supervisor still runs."""
        return find(self.supervisor) is not None

    def marks(self) -> list[Mark]:
        """Return the services it looked after when it last wrote; the database and the broker are stopped otherwise."""
        services = [each for each in self.processes if each.name not in PARTS]
        return [Mark(each.pid, each.started) for each in services if each.pid is not None]

    def save(self, file: Path) -> None:
        """Write the state, whole or not at all."""
        write_private(file, self.model_dump_json(indent=1))


def read_state(file: Path) -> State | None:
    """Return what a supervisor last wrote, None when none ever ran here or the file is of another version."""
    try:
        return State.model_validate_json(file.read_bytes())
    except (FileNotFoundError, NotADirectoryError, ValidationError):
        return None
