"""How `verify` is asked for; what it does is in `services.cli.verifying`."""

from typing import Annotated

import typer

from services.cli import data_dir, verifying
from services.cli.arguments import DataDirOption, JsonOption

command = typer.Typer(add_completion=False)


@command.command(epilog="Examples: chungtay verify   |   chungtay verify --case HS-2026-0001")
def verify(
    case: Annotated[
        str | None, typer.Option(help="Only this case (the auditor's reference), and only by the digests of its boxes.")
    ] = None,
    data_dir: DataDirOption = data_dir.DEFAULT,
    as_json: JsonOption = False,
) -> None:
    """Prove that nobody changed the history, to the letter; exit 1 and name the first bad event if it does not hold."""
    verifying.verify(data_dir, case, as_json=as_json)
