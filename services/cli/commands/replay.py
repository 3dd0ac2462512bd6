"""How `replay` is asked for; what it does is in `services.cli.reading`."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import typer

from events.parties import Audience, Duty
from services.cli import data_dir, reading
from services.cli.arguments import DataDirOption, JsonOption

command = typer.Typer(add_completion=False)


@command.command(epilog="Example: chungtay replay 7K3QZ9M2T4XD --as education --known-at 2026-04-08T12:00:00+07:00")
def replay(
    *,
    case: Annotated[str, typer.Argument(help="The auditor's reference of the case, as `chungtay demo` prints it.")],
    as_of: Annotated[datetime | None, typer.Option(formats=reading.MOMENTS, help="What had occurred by then.")] = None,
    known_at: Annotated[
        datetime | None, typer.Option(formats=reading.MOMENTS, help="What was recorded by then.")
    ] = None,
    audience: Annotated[Audience | None, typer.Option("--as", help="As this audience was shown it.")] = None,
    duty: Annotated[Duty | None, typer.Option(help="With this duty.")] = None,
    glass: Annotated[UUID | None, typer.Option(help="As shown under this broken glass, while it stood open.")] = None,
    data_dir: DataDirOption = data_dir.DEFAULT,
    as_json: JsonOption = False,
) -> None:
    """Show the case as it was, at any moment, as anybody saw it."""
    asked = {"as_of": as_of, "known_at": known_at, "audience": audience, "duty": duty, "glass": glass}
    reading.replay(data_dir, case, asked, as_json=as_json)
