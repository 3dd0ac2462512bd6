"""What came of the rows of a sheet, for people and for programs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rich.table import Table as Shown

from services.cli.output import console, say
from services.cli.sheets.columns import Column
from services.cli.sheets.faults import fields_of
from services.cli.sheets.sending import Answered
from services.cli.sheets.statements import Unclear
from services.cli.sheets.table import Row
from services.cli.sheets.texts import Language, text


@dataclass(frozen=True, slots=True)
class Report:
    """Every row of a sheet and what came of it, in the order of the sheet; `notes`: rows passed over."""

    rows: tuple[Unclear | Answered, ...]
    notes: int
    dry_run: bool = False
    errors: Path | None = None  # where the rows with faults lie

    @property
    def refused(self) -> list[Unclear | Answered]:
        """The rows that were not, or would not be, taken."""
        return [one for one in self.rows if isinstance(one, Unclear) or one.refused]

    @property
    def fresh(self) -> int:
        """How many rows are, or would be, new at the door."""
        return sum(isinstance(one, Answered) and one.fresh for one in self.rows)

    @property
    def known(self) -> int:
        """How many rows the door had before."""
        return len(self.rows) - self.fresh - len(self.refused)

    def with_errors_in(self, file: Path) -> "Report":
        """Return the report with the place of the rows that have faults."""
        return replace(self, errors=file)

    def counts(self) -> dict[str, int]:
        """Return how many rows there are of each kind."""
        return {
            "all": len(self.rows),
            "fresh": self.fresh,
            "known": self.known,
            "refused": len(self.refused),
            "notes": self.notes,
        }

    def question(self, language: Language) -> str:
        """Return what a person is asked before anything is written."""
        return text("ask", language, **self.counts())

    def document(self) -> dict[str, Any]:
        """Return the report for a program."""
        refused = [{"row": one.row.number, "faults": fields_of(one)} for one in self.refused]
        return {**self.counts(), "dry_run": self.dry_run, "refused_rows": refused, "errors": _path(self.errors)}

    def tell(self, language: Language) -> None:
        """Tell a person what was done."""
        if self.dry_run:
            if not console.is_terminal:  # there the preview told them
                say(text("counts", language, **self.counts()))
            say(text("nothing_written", language))
            return
        say(text("done", language, **self.counts()))
        if self.errors is not None:
            say(text("back", language, refused=len(self.refused), file=str(self.errors)))


def preview(rows: Sequence[Row], report: Report, columns: Sequence[Column], language: Language) -> None:
    """Show the first rows and what would become of all; what will be sealed is not shown."""
    shown = Shown(title=text("preview_title", language))
    shown.add_column("")
    for row in rows:
        shown.add_column(text("preview_row", language, number=row.number))
    for column in columns:
        if any(column.field in row.cells for row in rows):
            shown.add_row(column.name(language), *(_shown(row, column, language) for row in rows))
    console.print(shown)
    say(text("counts", language, **report.counts()))


def _shown(row: Row, column: Column, language: Language) -> str:
    if column.field not in row.cells:
        return ""
    return text("preview_sealed", language) if column.category else str(row.cells[column.field])


def _path(file: Path | None) -> str | None:
    return None if file is None else str(file)
