"""The command `serve`: this process becomes one service."""

import os
import sys
from pathlib import Path

from infra.settings import SETTINGS_VARIABLE
from services.cli.stops import Exit, Stop

_SERVICES = ("keys", "agencies", "case_record", "relay", "projector", "coordination", "audit")


def serve(data_dir: Path, service: str) -> None:
    """Become one service, as in production.

    Raises:
        Stop: if there is no such service or no settings for it.
    """
    if service not in _SERVICES:
        raise Stop(Exit.USED_WRONGLY, f"There is no service {service}; there are {', '.join(_SERVICES)}.")
    settings = os.environ.get(SETTINGS_VARIABLE, str(data_dir.absolute() / "run" / f"{service}.json"))
    if not Path(settings).exists():
        raise Stop(Exit.USED_WRONGLY, f"{settings} is missing: name a settings file in {SETTINGS_VARIABLE}.")
    sys.stdout.flush()
    os.execve(  # noqa: S606 - the process becomes the service
        sys.executable,
        [sys.executable, "-P", "-m", f"services.{service}"],
        {**os.environ, SETTINGS_VARIABLE: settings},
    )
