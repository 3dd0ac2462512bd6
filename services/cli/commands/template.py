"""How `template` is asked for; what it does is in `services.cli.sheets.handing_in`."""

from pathlib import Path
from typing import Annotated

import typer

from services.cli.arguments import JsonOption, LanguageOption
from services.cli.sheets import handing_in

command = typer.Typer(add_completion=False)


@command.command(epilog="Example: chungtay template police.report_received.v1 -o reports.xlsx --lang vi")
def template(
    *,
    type_: Annotated[str, typer.Argument(metavar="TYPE", help="The event type that each row is to state.")],
    out: Annotated[
        Path | None, typer.Option("--output", "-o", help="The .xlsx to write; TYPE.xlsx unless told.")
    ] = None,
    language: LanguageOption = "vi",
    as_json: JsonOption = False,
) -> None:
    """Write the spreadsheet of an event type: headings, dropdowns, an example, an explanation of each field."""
    handing_in.template(type_, out, language, as_json=as_json)
