"""The command `down`: stop a platform and everything it started, also what a killed supervisor left behind."""

import json
import subprocess
import sys
from pathlib import Path

from infra import processes
from services.cli.data_dir import DataDir
from services.cli.options import file_of
from services.cli.output import say, say_json
from services.cli.state import read_state
from services.cli.stops import Exit, Stop

_PATIENCE_S = 45.0  # the supervisor itself gives its processes 10 s, its broker and its database what they need


def down(data_dir: Path, *, as_json: bool) -> None:
    """Stop a platform and say whether there was one."""
    ran = stop_platform(DataDir(data_dir.absolute()))
    if as_json:
        say_json({"stopped": ran})
    else:
        say("Stopped." if ran else f"Nothing runs in {data_dir}.")


def stop_platform(place: DataDir) -> bool:
    """Stop the platform of a data dir; tell whether anything ran."""
    state = read_state(place.state)
    if state is not None and state.alive:
        processes.end([state.supervisor], _PATIENCE_S)
        return True
    return file_of(place).exists() and _end_left_behind(place)


def _end_left_behind(place: DataDir) -> bool:
    """End what outlived its supervisor, in a process that knows the parts.

    Raises:
        Stop: if something cannot be ended.
    """
    done = subprocess.run(  # noqa: S603 - the command is ours
        [sys.executable, "-P", "-m", "services.cli.left_behind", str(file_of(place))],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise Stop(Exit.CHECK_FAILED, f"What a killed supervisor left in {place.root} cannot be ended: {last}")
    return bool(json.loads(done.stdout))
