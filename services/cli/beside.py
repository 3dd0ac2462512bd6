"""What a service does once when asked to: in a process of its own, with the settings that the service runs with.

Such a process says on standard output, a JSON object a line, how far it is, and last `result`, or `problem` and
`reachable`.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from infra.settings import SETTINGS_VARIABLE
from services.cli.endpoints import read_endpoints
from services.cli.stops import Exit, Stop

Said = dict[str, Any]


def done_beside(data_dir: Path, service: str, *words: str, hear: Callable[[Said], None]) -> Said:
    """Return the result of what a service was asked to do; `hear` is told every line before it.

    The process ends when this command does.

    Raises:
        Stop: if no such service ever ran here, or it could not be done.
    """
    read_endpoints(data_dir)  # says how to start a platform where none runs
    settings = data_dir.absolute() / "run" / f"{service}.json"
    if not settings.exists():
        raise Stop(Exit.NOT_REACHABLE, f"{settings} is missing: start the platform with `chungtay up`.")
    with subprocess.Popen(  # noqa: S603 - the command is ours
        [sys.executable, "-P", "-m", f"services.{service}", *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, SETTINGS_VARIABLE: str(settings)},
    ) as process:
        try:
            return _result(process, hear)
        finally:
            process.terminate()


def _result(process: "subprocess.Popen[str]", hear: Callable[[Said], None]) -> Said:
    """Return the result once it is told.

    Raises:
        Stop: if a problem is told instead, or neither.
    """
    for line in process.stdout or ():
        said: Said = json.loads(line)
        if "result" in said:
            return dict(said["result"])
        if "problem" in said:
            raise Stop(Exit.CHECK_FAILED if said["reachable"] else Exit.NOT_REACHABLE, said["problem"])
        hear(said)
    raise Stop(Exit.CHECK_FAILED, "It ended before it was done; nothing was changed. Run it again.")
