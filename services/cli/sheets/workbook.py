"""Write workbooks: the template of an event type, and the rows that came back with what is wrong with them.

Whatever a cell is given is written as a text, a number, a day or a truth: never as a formula. A text that would be one
when somebody edits it (`= + - @`) carries the mark by which spreadsheets keep it a text; the text itself is unchanged.
"""

import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from inspect import cleandoc

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name

from events.event import Event
from events.parties import Agency
from services.cli.sheets.columns import SOURCE, Column, columns_of
from services.cli.sheets.explained import example_cell, explained
from services.cli.sheets.grid import MAX_ROWS, Cell
from services.cli.sheets.statements import Asked
from services.cli.sheets.texts import Language, text

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
_NUM_FORMATS = {"day": "dd/mm/yyyy", "moment": "dd/mm/yyyy hh:mm", "integer": "0", "yes_no": "General"}
_AS_TEXT = "@"  # keeps leading zeros, and days as they were typed
_WIDTH, _FAULT_WIDTH = 22, 60


def template(event_class: type[Event], agency: Agency, language: Language) -> bytes:
    """Return the workbook of a type with an example for a row, and the sheets that explain it."""
    columns = columns_of(event_class)
    book = _Book(columns, agency, language)
    book.data_sheet([{column.field: example_cell(column, agency, language) for column in columns}], ())
    book.explaining_sheet(event_class)
    return book.closed()


def with_faults(asked: Asked, rows: Sequence[Mapping[str, Cell]], faults: Sequence[str], language: Language) -> bytes:
    """Return a workbook of these rows, as they were, with a column that says what is wrong with each."""
    book = _Book(asked.columns, asked.agency, language)
    book.data_sheet(rows, faults)
    return book.closed()


class _Book:
    """One workbook in the making."""

    def __init__(self, columns: Sequence[Column], agency: Agency, language: Language) -> None:
        self._columns = columns
        self._agency = agency
        self._language = language
        self._content = io.BytesIO()
        self._book = Workbook(self._content, {"in_memory": True})
        self._head = self._book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#DDEBF7"})
        self._wrapped = self._book.add_format({"text_wrap": True, "valign": "top"})
        self._data = self._book.add_worksheet(text("sheet_data", language))
        self._formats: dict[tuple[str, bool], Format] = {}
        self._lists: dict[str, str] = {}  # name of a list -> where its labels stand

    def closed(self) -> bytes:
        """Return the workbook's bytes."""
        self._write_lists()
        for at, column in enumerate(self._columns):
            self._offer_choices(at, column)
        self._book.close()
        return self._content.getvalue()

    def data_sheet(self, rows: Sequence[Mapping[str, Cell]], faults: Sequence[str]) -> None:
        """Fill the first sheet: headings, then rows, then what is wrong with each."""
        sheet = self._data
        sheet.freeze_panes(1, 0)
        for at, column in enumerate(self._columns):
            sheet.set_column(at, at, _WIDTH, self._format(column))
            sheet.write_string(0, at, column.heading(self._language), self._head)
            for number, row in enumerate(rows, start=1):
                if column.field in row:
                    self._write(number, at, row[column.field], column)
        if faults:
            last = len(self._columns)
            sheet.set_column(last, last, _FAULT_WIDTH, self._wrapped)
            sheet.write_string(0, last, text("fault_column", self._language), self._head)
            for number, told in enumerate(faults, start=1):
                sheet.write_string(number, last, told, self._wrapped)

    def explaining_sheet(self, event_class: type[Event]) -> None:
        """Add the sheet that says of each column what it is."""
        sheet = self._book.add_worksheet(text("sheet_fields", self._language))
        sheet.set_column(0, 4, 2 * _WIDTH, self._wrapped)
        about = text("about", self._language, type=event_class.TYPE, agency=self._agency.value)
        told = [about, text("about_notes", self._language), cleandoc(event_class.__doc__ or "")]
        for number, line in enumerate(told):
            sheet.write_string(number, 0, line)
        start = len(told) + 1
        for row, line_of in enumerate(explained(self._columns, self._language), start=start):
            for at, cell in enumerate(line_of):
                sheet.write_string(row, at, cell, self._head if row == start else self._wrapped)

    def _write(self, row: int, at: int, cell: Cell, column: Column) -> None:
        match cell:
            case bool():
                self._data.write_boolean(row, at, cell)
            case datetime() if cell.tzinfo is None:
                self._data.write_datetime(row, at, cell, self._format(column, "moment"))
            case date() if not isinstance(cell, datetime):
                self._data.write_datetime(row, at, datetime.combine(cell, time.min), self._format(column, "day"))
            case float() | int():
                self._data.write_number(row, at, cell, self._format(column))
            case _:
                told = str(cell)
                self._data.write_string(row, at, told, self._format(column, quoted=told.startswith(_DANGEROUS)))

    def _format(self, column: Column, kind: str | None = None, *, quoted: bool = False) -> Format:
        shown = _NUM_FORMATS.get(kind or column.kind, _AS_TEXT)
        if (shown, quoted) not in self._formats:
            wanted = {"num_format": shown, "valign": "top", "quote_prefix": quoted}
            self._formats[shown, quoted] = self._book.add_format(wanted)
        return self._formats[shown, quoted]

    def _write_lists(self) -> None:
        """Add the sheet of all labels, one column a list: a dropdown longer than a line must point at cells."""
        named = dict(self._named_choices())
        if not named:
            return
        title = text("sheet_lists", self._language)
        sheet = self._book.add_worksheet(title)
        for at, (name, labels) in enumerate(named.items()):
            sheet.set_column(at, at, 2 * _WIDTH)
            sheet.write_string(0, at, name, self._head)
            sheet.write_column(1, at, labels)
            letter = xl_col_to_name(at)
            self._lists[name] = f"='{title}'!${letter}$2:${letter}${len(labels) + 1}"

    def _named_choices(self) -> Iterator[tuple[str, list[str]]]:
        for column in self._columns:
            labels = column.labels(self._language, self._agency)
            if labels:
                yield _list_of(column), labels

    def _offer_choices(self, at: int, column: Column) -> None:
        where = self._lists.get(_list_of(column))
        if where is None or column.many:
            return
        offered = {"validate": "list", "source": where, "error_type": "warning"}
        self._data.data_validation(1, at, MAX_ROWS, at, offered)


def _list_of(column: Column) -> str:
    if column.field == SOURCE or (column.values and column.list_name is None):
        return column.field
    return column.list_name or column.kind
