"""How `access end` and `access list` are asked for; what they do is in `services.cli.ending`."""

from typing import Annotated

import typer

from services.cli import data_dir, ending
from services.cli.arguments import DataDirOption, JsonOption

command = typer.Typer(
    name="access", add_completion=False, no_args_is_help=True, help="Whose tokens open nothing any more."
)


@command.command(epilog="Example: chungtay access end 0b7ee6c4-5f2c-4d0e-9d0f-3a3e1f6f6c11")
def end(
    *,
    subject: Annotated[str, typer.Argument(help="Who: the `sub` of the tokens; the access log has it too.")],
    data_dir: DataDirOption = data_dir.DEFAULT,
    as_json: JsonOption = False,
) -> None:
    """End every token of a person or system now, at every door and desk; take the role away at the issuer first."""
    ending.end(data_dir, subject, as_json=as_json)


@command.command("list", epilog="Example: chungtay access list --most 50")
def list_(
    *,
    most: Annotated[int, typer.Option(min=1, max=10_000, help="How many, the latest first.")] = 20,
    data_dir: DataDirOption = data_dir.DEFAULT,
    as_json: JsonOption = False,
) -> None:
    """Show whose tokens were ended, when, and whether the operator or the issuer asked for it."""
    ending.list_endings(data_dir, most, as_json=as_json)
