"""How `import` is asked for; what it does is in `services.cli.sheets.handing_in`."""

from pathlib import Path
from typing import Annotated

import typer

from events.parties import Agency
from services.cli import data_dir
from services.cli.arguments import DataDirOption, JsonOption, LanguageOption
from services.cli.sheets import handing_in

command = typer.Typer(add_completion=False)


@command.command(
    "import", epilog="Example: chungtay import reports.xlsx --agency police --type police.report_received.v1"
)
def import_(
    *,
    file: Annotated[Path, typer.Argument(help="An .xlsx, .xls, .ods or .csv with the headings of the template.")],
    agency: Annotated[Agency, typer.Option(help="Whose door to publish at.")],
    type_: Annotated[str, typer.Option("--type", help="The event type that each row states.")],
    unit: Annotated[str | None, typer.Option(help="The unit that says so, where a row does not name one.")] = None,
    sheet: Annotated[str | None, typer.Option(help="The sheet to read; the first unless told.")] = None,
    time_zone: Annotated[str, typer.Option(help="Where times without a zone were written down.")] = "Asia/Ho_Chi_Minh",
    errors: Annotated[
        Path | None, typer.Option(help="Where rows with faults go; unless told, FILE.errors.xlsx.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check every row at the door, write nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Publish unasked: with --json, or without a terminal.")] = False,
    language: LanguageOption = "vi",
    data_dir: DataDirOption = data_dir.DEFAULT,
    as_json: JsonOption = False,
) -> None:
    """Publish the rows of a spreadsheet once asked; rows with faults come back in a sheet that says what to mend.

    Where nobody can be asked and --yes is not given, it checks the rows, publishes nothing, and exits with 2.
    """
    wanted = handing_in.Wanted(file, agency, type_, unit, sheet, time_zone, language, errors, dry_run)
    handing_in.hand_in(data_dir, wanted, unasked=yes, as_json=as_json)
