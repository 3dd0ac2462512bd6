"""`python -m tests.privacy.long.walls`: take all walls but one away, and try every cell; a table each.

It ends with 1 when a box was opened, or lay in a view, beyond what section D gives.
"""

import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.privacy.walls.builds import PATCHES, attack
from tests.privacy.walls.cells import Tried

_WIDTH = 160


def main() -> int:
    """Attack, print the tables and one line of figures each; return the exit code."""
    beyond = 0
    for wall in PATCHES:
        with tempfile.TemporaryDirectory() as folder:
            tried = attack(wall, Path(folder) / "tree")
        for way in dict.fromkeys(one.way for one in tried):
            Console(width=_WIDTH).print(_table(f"{wall} alone: {way}", [one for one in tried if one.way == way]))
        found = sum(one.is_beyond for one in tried)
        beyond += found
        cells = len({(one.row, one.column) for one in tried})
        sys.stdout.write(f"{wall} alone: {cells} cells tried, {len(tried)} times in all, {found} beyond section D\n")
    return 1 if beyond else 0


def _table(title: str, tried: Iterable[Tried]) -> Table:
    """Return a table of what came through, rows by columns; `!` where it is beyond."""
    rows: dict[str, dict[str, str]] = {}
    for one in tried:
        rows.setdefault(one.row, {})[one.column] = f"{one.came}!" if one.is_beyond else one.came
    table = Table("", *next(iter(rows.values())), title=title)
    for row, cells in rows.items():
        table.add_row(row, *cells.values())
    return table


if __name__ == "__main__":
    sys.exit(main())
