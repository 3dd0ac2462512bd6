"""Read the cells of a workbook, in a process of its own that may use only so much memory and time.

`python -m services.cli.sheets.grid SUFFIX SHEET` reads a file from standard input and writes its rows to standard
output; whatever a hostile file does to the reader ends there.
"""

import io
import json
import resource
import subprocess
import sys
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, TypeAlias

from python_calamine import CalamineError, CalamineWorkbook

from infra.processes import leave_no_core
from services.cli.sheets.texts import SheetStop

Cell: TypeAlias = str | float | bool | date | datetime | time  # the empty text: nothing
Grid: TypeAlias = list[list[Cell]]

MAX_ROWS = 20_000
_MAX_COLUMNS = 500
_MEMORY_BYTES = 1024**3
_SECONDS = 60
_NO_SHEET, _TOO_LARGE, _BROKEN = 3, 4, 5
_WHY = {_NO_SHEET: "no_sheet", _TOO_LARGE: "too_many_rows"}


def cells_of(content: bytes, sheet: str | None) -> Grid:
    """Return the rows of a sheet of a workbook (the first, unless named), from the top of the sheet.

    Raises:
        SheetStop: if there is no such sheet, the workbook cannot be read, or it is too large.
    """
    done = subprocess.run(  # noqa: S603 - the command is ours
        [sys.executable, "-P", "-m", "services.cli.sheets.grid", sheet or ""],
        input=content,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise SheetStop(_WHY.get(done.returncode, "broken"), limit=MAX_ROWS)
    rows: list[list[Any]] = json.loads(done.stdout)
    return [[_from_json(value) for value in row] for row in rows]


def main(arguments: Sequence[str]) -> int:
    """Read a workbook from standard input; return the exit code."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    leave_no_core()
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
        name = arguments[0] or workbook.sheet_names[0]
        if name not in workbook.sheet_names:
            return _NO_SHEET
        found = workbook.get_sheet_by_name(name)
        if found.total_height > MAX_ROWS + 1 or found.total_width > _MAX_COLUMNS:
            return _TOO_LARGE
        rows = found.to_python(skip_empty_area=False)
    except (CalamineError, IndexError, MemoryError):
        return _BROKEN
    sys.stdout.write(json.dumps(rows, default=_to_json))
    return 0


def _to_json(value: date | datetime | time | timedelta) -> dict[str, str]:
    match value:
        case datetime() | date() | time():
            return {type(value).__name__: value.isoformat()}
        case timedelta():
            return {"str": str(value)}


def _from_json(value: Any) -> Cell:
    match value:
        case {"datetime": str(text)}:
            return datetime.fromisoformat(text)
        case {"date": str(text)}:
            return date.fromisoformat(text)
        case {"time": str(text)}:
            return time.fromisoformat(text)
        case {"str": str(text)}:
            return text
        case str() | float() | int() | bool():
            return value
        case _:
            return ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
