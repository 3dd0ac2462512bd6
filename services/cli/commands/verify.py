"""How `verify` is asked for; what it does is in `services.cli.reading`."""

from typing import Annotated

import typer

from services.cli import data_dir, reading
from services.cli.arguments import DataDirOption, JsonOption

command = typer.Typer(add_completion=False)


@command.command(epilog="Example: chungtay verify")
def verify(
    case: Annotated[str | None, typer.Option(help="Only this case (the auditor's reference).")] = None,
    data_dir: DataDirOption = data_dir.DEFAULT,
    as_json: JsonOption = False,
) -> None:
    """Prove that nobody changed the history; exit 1 and name the first bad event when it does not hold."""
    reading.verify(data_dir, case, as_json=as_json)
