"""How `reset` is asked for; what it does is in `services.cli.reset`."""

from typing import Annotated

import typer

from services.cli import data_dir
from services.cli import reset as resetting
from services.cli.arguments import DataDirOption, JsonOption
from services.cli.data_dir import DataDir

command = typer.Typer(add_completion=False)


@command.command(epilog="Example: chungtay reset --yes")
def reset(
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    real_data_too: Annotated[
        bool, typer.Option("--yes-delete-real-data", help="Also what the real clock recorded.")
    ] = False,
    data_dir: DataDirOption = data_dir.DEFAULT,
    as_json: JsonOption = False,
) -> None:
    """Stop the platform and delete its data and keys for ever."""
    resetting.reset(DataDir(data_dir.absolute()), yes=yes, real_data_too=real_data_too, as_json=as_json)
