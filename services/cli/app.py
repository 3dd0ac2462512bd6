"""The command `chungtay`: which commands there are; how each is asked for lies in `services.cli.commands`.

Exit codes: 0 done, 1 a check failed, 2 used wrongly, 3 the platform is not reachable.
"""

import signal
import sys
from collections import UserDict
from importlib import import_module
from typing import Any, NoReturn

import typer
from typer.core import TyperGroup
from typer.main import get_command

from infra.processes import leave_no_core
from services.cli.output import complain
from services.cli.stops import Exit, Stop

_COMMANDS = {
    "up": "services.cli.commands.up",
    "down": "services.cli.commands.down",
    "status": "services.cli.commands.status",
    "retry": "services.cli.commands.retry",
    "doctor": "services.cli.commands.doctor",
    "reset": "services.cli.commands.reset",
    "demo": "services.cli.commands.demo",
    "token": "services.cli.commands.token",
    "access": "services.cli.commands.access",
    "letter-keys": "services.cli.commands.letter_keys",
    "publish": "services.cli.commands.publish",
    "template": "services.cli.commands.template",
    "import": "services.cli.commands.import_",
    "replay": "services.cli.commands.replay",
    "erase": "services.cli.commands.erase",
    "keys": "services.cli.commands.keys",
    "verify": "services.cli.commands.verify",
    "rebuild": "services.cli.commands.rebuild",
    "serve": "services.cli.commands.serve",
    "agreement": "services.cli.commands.agreement",
}


class _WhenAsked(UserDict[str, Any]):
    """The commands by name; each is imported when it is taken out, for to import all of them takes over a second."""

    def __getitem__(self, name: str) -> Any:
        return get_command(import_module(super().__getitem__(name)).command)


class _Commands(TyperGroup):
    """The commands in the order of `--help`."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = _WhenAsked(_COMMANDS)


app = typer.Typer(cls=_Commands, name="chungtay", no_args_is_help=True, add_completion=False, rich_markup_mode="rich")


@app.callback(epilog="Exit codes: 0 done, 1 a check failed, 2 used wrongly, 3 the platform is not reachable.")
def chungtay() -> None:
    """Chung Tay: agencies that protect a child work one case together, and each sees exactly what it may."""


def main() -> None:
    """Run a command; tell what stopped it in one line. SIGTERM unwinds as Ctrl-C does, so nothing is left running."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    leave_no_core()
    try:
        app()
    except Stop as stop:
        _end(stop)
    except OSError as problem:
        where = problem.filename or "This machine"
        _end(Stop(Exit.USED_WRONGLY, f"{where}: {problem.strerror}. Run as its owner, or choose another --data-dir."))


def _end(stop: Stop) -> NoReturn:
    complain(stop, as_json="--json" in sys.argv)
    sys.exit(stop.code)
