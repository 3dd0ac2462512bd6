"""How `rebuild` is asked for; what it does is in `services.cli.rebuild`."""

from typing import Annotated

import typer

from services.cli import data_dir
from services.cli import rebuild as rebuilding
from services.cli.arguments import DataDirOption, JsonOption

command = typer.Typer(add_completion=False)


@command.command(epilog="Examples: chungtay rebuild education   |   chungtay rebuild all --verify")
def rebuild(
    view: Annotated[str, typer.Argument(help="An audience, whose view it is, or all.")],
    *,
    verify: Annotated[bool, typer.Option("--verify", help="Only compare, and change nothing.")] = False,
    data_dir: DataDirOption = data_dir.DEFAULT,
    as_json: JsonOption = False,
) -> None:
    """Fold a view from zero beside the live one and swap it in; readers and writers go on meanwhile."""
    rebuilding.rebuild(data_dir, view, verify=verify, as_json=as_json)
