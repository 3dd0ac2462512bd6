"""The commands `template` and `import`, as a person or a program calls them."""

import sys
from dataclasses import replace
from pathlib import Path

import typer

from services.cli.output import console, say, say_json
from services.cli.sheets.importing import Wanted, import_sheet, make_template
from services.cli.sheets.texts import Language, SheetStop
from services.cli.stops import Exit

__all__ = ["Wanted", "hand_in", "template"]


def template(type_: str, out: Path | None, language: Language, *, as_json: bool) -> None:
    """Write the workbook of an event type.

    Raises:
        SheetStop: if there is no such type, or the file exists.
    """
    file = make_template(type_, out, language)
    if as_json:
        say_json({"file": str(file)})
    else:
        say(str(file))


def hand_in(data_dir: Path, wanted: Wanted, *, unasked: bool, as_json: bool) -> None:
    """Publish the rows of a sheet: once somebody at a terminal said yes, or `unasked`; else only check them.

    Raises:
        SheetStop: if the sheet cannot be taken as a whole, nobody could be asked, or some rows were not taken.
    """
    asks = not (unasked or as_json) and console.is_terminal and sys.stdin.isatty()
    nobody_said_yes = not (unasked or asks or wanted.dry_run)
    wanted = replace(wanted, dry_run=wanted.dry_run or nobody_said_yes)
    report = import_sheet(data_dir, wanted, typer.confirm if asks else None, shown=not as_json)
    if as_json:
        say_json(report.document())
    else:
        report.tell(wanted.language)
    if nobody_said_yes:
        raise SheetStop("nobody_asked")
    if report.refused:
        raise SheetStop("refused_rows", Exit.CHECK_FAILED, **report.counts())
