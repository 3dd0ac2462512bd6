"""How `serve` is asked for; what it does is in `services.cli.serving`."""

from typing import Annotated

import typer

from services.cli import data_dir, serving
from services.cli.arguments import DataDirOption

command = typer.Typer(add_completion=False)


@command.command(epilog="Example: chungtay serve audit")
def serve(
    service: Annotated[
        str, typer.Argument(help="keys, agencies, case_record, relay, projector, coordination or audit.")
    ],
    data_dir: DataDirOption = data_dir.DEFAULT,
) -> None:
    """Run one service alone, in place of this command, with its settings file (or the one CHUNGTAY_SETTINGS names)."""
    serving.serve(data_dir, service)
