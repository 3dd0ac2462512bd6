"""Read the rows of a CSV file: UTF-8 or, by its mark, UTF-16; comma, semicolon or tab, whichever the heading uses."""

import csv
import io

from services.cli.sheets.grid import MAX_ROWS, Grid
from services.cli.sheets.texts import SheetStop

_UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_DELIMITERS = ",;\t"
_MAX_CELL = 32_767  # what a cell of a spreadsheet can hold


def rows_of(content: bytes) -> Grid:
    """Return the rows of a CSV file.

    Raises:
        SheetStop: if it is in another encoding, no CSV, or too long.
    """
    try:
        text = content.decode("utf-16" if content.startswith(_UTF_16_MARKS) else "utf-8-sig")
    except UnicodeDecodeError:
        raise SheetStop("encoding") from None
    heading = text.lstrip().partition("\n")[0]
    delimiter = max(_DELIMITERS, key=heading.count)
    csv.field_size_limit(_MAX_CELL)
    rows: Grid = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            rows.append([*row])
            if len(rows) > MAX_ROWS + 1:
                raise SheetStop("too_many_rows", limit=MAX_ROWS)
    except csv.Error:
        raise SheetStop("broken") from None
    return rows
