"""Start the supervisor of a data dir and wait until the platform runs."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from services.cli.data_dir import DataDir
from services.cli.options import Options
from services.cli.output import typed
from services.cli.state import State, read_state
from services.cli.stops import Exit, Stop

_WITHIN_S = 180.0
_LOOK_EVERY_S = 0.1


@dataclass(frozen=True, slots=True)
class Started:
    """A platform that runs, and the supervisor that keeps it so."""

    state: State
    supervisor: "subprocess.Popen[bytes]"

    def stay(self, tell: Callable[[], None]) -> None:
        """Tell that it runs and stay until the supervisor ends; Ctrl-C ends it, cleanly, also while telling."""
        while True:
            try:
                tell()
                self.supervisor.wait()
            except KeyboardInterrupt:
                self.supervisor.send_signal(signal.SIGTERM)
                tell = _nothing
            else:
                return


def _nothing() -> None:
    """Say nothing more."""


def start(options: Options, *, tell: Callable[[str], None] = lambda _: None) -> Started:
    """Start the platform and return once every process is ready; `tell` hears what is being waited for.

    Raises:
        Stop: if it runs already, if the options do not fit the data, or if it does not come up.
        KeyboardInterrupt: if a person gave up waiting; nothing is left running.
    """
    place = options.place
    place.prepare()
    refuse_mixed_clocks(place, options.simulated_from)
    refuse_running(place)
    place.state.unlink(missing_ok=True)
    supervisor = _spawn(options.save(), place.logs / "supervisor.log")
    try:
        return Started(_wait_until_running(place, supervisor, tell), supervisor)
    except KeyboardInterrupt:
        supervisor.send_signal(signal.SIGTERM)
        supervisor.wait()
        raise


def refuse_running(place: DataDir) -> None:
    """Let only one supervisor have a data dir.

    Raises:
        Stop: if another has it.
    """
    state = read_state(place.state)
    if state is not None and state.alive:
        raise Stop(
            Exit.USED_WRONGLY,
            f"A platform already runs in {place.root} (process {state.pid}): "
            f"stop it with {typed('down', place.root)} first.",
        )


def refuse_mixed_clocks(place: DataDir, simulated_from: datetime | None) -> None:
    """Keep simulated and real data apart for ever.

    Raises:
        Stop: if the data of this folder were recorded by the other kind of clock.
    """
    if not place.holds_data:
        return
    if simulated_from is None and place.clock.exists():
        raise Stop(
            Exit.USED_WRONGLY,
            f"{place.root} holds a demo in simulated time: add --clock simulated, or choose another --data-dir.",
        )
    if simulated_from is not None and not place.clock.exists():
        raise Stop(
            Exit.USED_WRONGLY,
            f"{place.root} holds data of the real clock, which must stay apart: choose another --data-dir.",
        )


def _spawn(options: Path, log: Path) -> "subprocess.Popen[bytes]":
    with os.fdopen(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as out:
        log.chmod(0o600)  # also one that an earlier version left
        return subprocess.Popen(  # noqa: S603 - the command is ours
            [sys.executable, "-P", "-m", "services.cli.supervise", str(options)],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C reaches the command, which then tells the supervisor
        )


def _wait_until_running(place: DataDir, supervisor: "subprocess.Popen[bytes]", tell: Callable[[str], None]) -> State:
    deadline = time.monotonic() + _WITHIN_S
    while time.monotonic() < deadline:
        ended = supervisor.poll() is not None
        state = read_state(place.state)
        if state is not None and state.phase == "failed":
            supervisor.wait()
            raise Stop(Exit.CHECK_FAILED, state.problem or "It did not come up.")
        if ended:
            raise Stop(Exit.CHECK_FAILED, f"The supervisor ended: see {place.logs / 'supervisor.log'}.")
        if state is not None:
            tell("Starting the services…" if state.marks() else "Starting the database and the broker…")
            if state.phase == "running":
                return state
        time.sleep(_LOOK_EVERY_S)
    supervisor.send_signal(signal.SIGTERM)
    raise Stop(Exit.CHECK_FAILED, f"The platform did not come up within {_WITHIN_S:.0f} s: see {place.logs}.")
