"""How `retry` is asked for; what it does is in `services.cli.retrying`."""

from typing import Annotated
from uuid import UUID

import typer

from services.cli import data_dir, retrying
from services.cli.arguments import DataDirOption, JsonOption

command = typer.Typer(add_completion=False)


@command.command(epilog="Examples: chungtay retry --all   |   chungtay retry 0f5c…")
def retry(
    *,
    stream: Annotated[UUID | None, typer.Argument(help="The stream to try again.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Try every stream in quarantine again.")] = False,
    data_dir: DataDirOption = data_dir.DEFAULT,
    as_json: JsonOption = False,
) -> None:
    """Show cases again that waited in quarantine, once the cause is mended; exit 1 when any still waits."""
    retrying.retry(data_dir, stream, every=every, as_json=as_json)
