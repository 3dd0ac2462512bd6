"""How `down` is asked for; what it does is in `services.cli.down`."""

import typer

from services.cli import data_dir
from services.cli import down as stopping
from services.cli.arguments import DataDirOption, JsonOption

command = typer.Typer(add_completion=False)


@command.command(epilog="Example: chungtay down")
def down(data_dir: DataDirOption = data_dir.DEFAULT, as_json: JsonOption = False) -> None:
    """Stop the platform; its data stay."""
    stopping.down(data_dir, as_json=as_json)
