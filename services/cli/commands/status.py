"""How `status` is asked for; what it does is in `services.cli.status`."""

import typer

from services.cli import data_dir
from services.cli import status as telling
from services.cli.arguments import DataDirOption, JsonOption

command = typer.Typer(add_completion=False)


@command.command(epilog="Example: chungtay status --json")
def status(data_dir: DataDirOption = data_dir.DEFAULT, as_json: JsonOption = False) -> None:
    """Show each process, whether it is ready, and how far the views lag; exit 1 when something is not well."""
    telling.status(data_dir, as_json=as_json)
