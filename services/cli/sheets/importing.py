"""The commands `template` and `import`: a sheet for a type, and a filled sheet through the door.

Preview, then publish: the door first rehearses every row and writes nothing, so that the counts shown before the
question are the door's own. What is wrong with the sheet as a whole stops all; what is wrong with a row stops that row.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from events.event import Event
from events.parties import Agency
from events.registry import EVENT_CLASSES
from events.units import units
from services.cli.desk import Desk
from services.cli.endpoints import read_endpoints
from services.cli.output import console
from services.cli.passes import Pass, issue
from services.cli.sheets.columns import SOURCE, columns_of
from services.cli.sheets.delimited import rows_of
from services.cli.sheets.faults import faults_of
from services.cli.sheets.grid import cells_of
from services.cli.sheets.guard import admitted
from services.cli.sheets.report import Report, preview
from services.cli.sheets.sending import Answered, Sender
from services.cli.sheets.statements import Asked, Stated, Unclear, id_key, stated
from services.cli.sheets.table import Row, read_table
from services.cli.sheets.texts import Language, SheetStop, text
from services.cli.sheets.workbook import template, with_faults
from services.cli.sheets.zones import zone_of

_PREVIEWED = 3  # rows
_GUESSES = 3  # of the type that was meant


@dataclass(frozen=True, slots=True)
class Wanted:
    """What `import` was asked for."""

    file: Path
    agency: Agency
    type: str
    unit: str | None
    sheet: str | None
    zone: str
    language: Language
    errors: Path | None  # where rows with faults go; None: beside the file
    dry_run: bool


def make_template(type_: str, out: Path | None, language: Language) -> Path:
    """Write the workbook of an event type and return where.

    Raises:
        SheetStop: if no agency sends such a type, the file is to be of another kind, or exists.
    """
    event_class = _event_class(type_, None)
    _refuse_other_ending(out, "-o")
    file = out or Path(f"{type_}.xlsx")
    _write(file, template(event_class, min(event_class.BY), language))
    return file


def import_sheet(
    data_dir: Path, wanted: Wanted, ask: Callable[[str], bool] | None = None, *, shown: bool = False
) -> Report:
    """Publish the rows of a sheet and write those with faults back; return what came of each.

    Shape: `ask` puts a question to a person, who may say no; None: nobody is asked. `shown`: with a preview, and
    bars that tell how far it is, where there is a terminal.

    Raises:
        SheetStop: if the sheet as a whole cannot be taken; then nothing was sent.
    """
    event_class = _event_class(wanted.type, wanted.agency)
    _refuse_unknown_unit(wanted)
    _refuse_other_ending(wanted.errors, "--errors")
    rows, asked, notes = _read(data_dir, wanted, event_class)
    found = [stated(row, asked) for row in rows]
    whole = [one for one in found if isinstance(one, Stated)]
    sender = Sender(_desks(data_dir, wanted))
    with _progress("checking", wanted.language, len(whole), shown=shown) as on_answer:
        rehearsed = sender.send(whole, on_answer, dry_run=True)
    report = _report([*_unclear(found), *rehearsed], notes, wanted)
    if shown and console.is_terminal:
        preview(rows[:_PREVIEWED], report, asked.columns, wanted.language)
    fresh = [one.stated for one in rehearsed if not one.refused]
    if wanted.dry_run:
        return report
    if ask is not None and report.fresh and not ask(report.question(wanted.language)):
        return replace(report, dry_run=True)
    with _progress("sending", wanted.language, len(fresh), shown=shown) as on_answer:
        sent = sender.send(fresh, on_answer, dry_run=False)
    refused = [one for one in rehearsed if one.refused]
    report = _report([*_unclear(found), *refused, *sent], notes, wanted)
    return _with_errors(report, asked, wanted)


def _read(data_dir: Path, wanted: Wanted, event_class: type[Event]) -> tuple[tuple[Row, ...], Asked, int]:
    content = admitted(wanted.file)
    grid = rows_of(content) if wanted.file.suffix.lower() == ".csv" else cells_of(content, wanted.sheet)
    columns = columns_of(event_class)
    table = read_table(grid, columns, (SOURCE,) if wanted.unit else ())
    key = id_key(data_dir / "secrets", wanted.agency)
    asked = Asked(wanted.agency, wanted.type, columns, zone_of(wanted.zone), key, wanted.unit)
    return table.rows, asked, table.notes


def _desks(data_dir: Path, wanted: Wanted) -> Callable[[str], Desk]:
    """Return what opens, once, the desk of each unit that has rows."""
    url = read_endpoints(data_dir).agencies[wanted.agency.value]
    opened: dict[str, Desk] = {}

    def desk_of(unit: str) -> Desk:
        if unit not in opened:
            opened[unit] = Desk(url, issue(data_dir, Pass(wanted.agency, unit)), language=wanted.language)
        return opened[unit]

    return desk_of


def _unclear(found: Sequence[Stated | Unclear]) -> Iterator[Unclear]:
    return (one for one in found if isinstance(one, Unclear))


def _report(found: Sequence[Unclear | Answered], notes: int, wanted: Wanted) -> Report:
    """Sort what came of each row by the order of the sheet."""
    in_order = sorted(found, key=lambda one: one.row.number)
    return Report(tuple(in_order), notes, dry_run=wanted.dry_run)


def _with_errors(report: Report, asked: Asked, wanted: Wanted) -> Report:
    if not report.refused:
        return report
    rows = [one.row for one in report.refused]
    faults = [faults_of(one, asked.columns, wanted.language) for one in report.refused]
    file = wanted.errors or _beside(wanted.file)
    _write(file, with_faults(asked, [row.cells for row in rows], faults, wanted.language))
    return report.with_errors_in(file)


def _beside(file: Path) -> Path:
    """Return a name beside the file that nothing has yet: what somebody is mending is never written over."""
    stem = file.stem.split(".errors")[0]
    number = 1
    while (made := file.with_name(f"{stem}.errors{'' if number == 1 else f'-{number}'}.xlsx")).exists():
        number += 1
    return made


def _write(file: Path, content: bytes) -> None:
    """Write a new file that only its owner may read: rows hold what is sealed everywhere else.

    Raises:
        SheetStop: if it exists, or cannot be written.
    """
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(content)
    except FileExistsError:
        raise SheetStop("exists") from None
    except OSError as problem:
        raise SheetStop("not_written", reason=problem.strerror or "") from None


def _event_class(type_: str, agency: Agency | None) -> type[Event]:
    sent = {name: found for name, found in EVENT_CLASSES.items() if found.BY and agency in {None, *found.BY}}
    if not sent:
        raise SheetStop(
            "no_door", agencies=", ".join(sorted({one for found in EVENT_CLASSES.values() for one in found.BY}))
        )
    if type_ not in sent:
        near = get_close_matches(type_, sent, n=_GUESSES)
        name = ("not_sent" if agency else "no_type") + ("_near" if near else "")
        raise SheetStop(name, types=", ".join(near))
    return sent[type_]


def _refuse_other_ending(out: Path | None, option: str) -> None:
    """Refuse a name by which the workbook that is written would not be opened as one.

    Raises:
        SheetStop: if it does not end in .xlsx.
    """
    if out is not None and out.suffix.lower() != ".xlsx":
        raise SheetStop("ending", option=option)


def _refuse_unknown_unit(wanted: Wanted) -> None:
    if wanted.unit is not None and (wanted.unit not in units() or units()[wanted.unit].agency is not wanted.agency):
        raise SheetStop("unit")


@contextmanager
def _progress(what: str, language: Language, total: int, *, shown: bool) -> Iterator[Callable[[int], None]]:
    """Show a bar, on a terminal only."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True, disable=not (shown and console.is_terminal)) as bar:
        task = bar.add_task(text(what, language), total=total)
        yield lambda count: bar.advance(task, count)
