"""A large spreadsheet with some bad rows, handed in twice on a whole platform; every count is read where it is kept.

    python -m tests.endurance.spreadsheet [--rows 1000] [--bad 37] [--json]

Walks the code of `chungtay import` as the short test `tests/integration/agencies/test_sheets.py` does, and follows the
rows into the register. Ends with a table, and 1 when a count is not what it should be.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook
from rich.console import Console
from rich.table import Table

from tests.controls.sheets import TYPE, Filled, filled
from tests.waiting import eventually
from tests.walk.platforms import Platform

_RECORDED_WITHIN_S = 300


@dataclass(frozen=True)
class Count:
    """One count, what it should be and what it was."""

    what: str
    expected: int
    found: int

    @property
    def holds(self) -> bool:
        return self.expected == self.found


def walk(platform: Platform, sheet: Filled, rows: int) -> list[Count]:
    """Hand a sheet in twice, and what came back once; return the counts."""
    good = rows - len(sheet.wrong)
    file = platform.data_dir / "reports.xlsx"
    file.write_bytes(sheet.content)
    first = hand_in(platform, file)
    back = CalamineWorkbook.from_path(first["errors"]).get_sheet_by_index(0).to_python()[1:]
    told = [str(row[-1]) for row in back]
    named = zip(sheet.wrong.items(), told, strict=False)
    with_reason = sum(text.startswith(f"Dòng {number}: ") and f"[{field}]" in text for (number, field), text in named)
    eventually(lambda: recorded(platform) >= good, within_s=_RECORDED_WITHIN_S)
    before = stored(platform)
    again = hand_in(platform, file)
    mended = hand_in(platform, Path(first["errors"]))
    return [
        Count("rows in the sheet", rows, first["all"]),
        Count("accepted at the door", good, first["fresh"]),
        Count("in the door's journal", good, before["journal"]),
        Count("recorded by the case record", good, before["recorded"]),
        Count("rejected by the case record", 0, before["rejected"]),
        Count("rows that came back", len(sheet.wrong), len(back)),
        Count("of them, with row number and column", len(sheet.wrong), with_reason),
        Count("uploaded again: new", 0, again["fresh"]),
        Count("uploaded again: known already", good, again["known"]),
        Count("the bad rows unmended, again: new", 0, mended["fresh"]),
        *(Count(f"uploaded again: {name} rows added", 0, now - before[name]) for name, now in stored(platform).items()),
    ]


def hand_in(platform: Platform, file: Path) -> dict[str, Any]:
    """Call the command as a program would."""
    done = platform.run("import", str(file), "--agency", "police", "--type", TYPE, "--yes", "--json")
    if done.returncode not in {0, 1}:
        raise SystemExit(done.stderr)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def stored(platform: Platform) -> dict[str, int]:
    """Count what lies in the register, as its owner."""
    asked = {
        "journal": "select count(*) from door_police.journal",
        "recorded": "select count(*) from case_record.inbox where status = 'recorded'",
        "rejected": "select count(*) from case_record.inbox where status = 'rejected'",
        "events": "select count(*) from case_record.events",
    }
    with platform.connect() as connection:
        return {name: connection.execute(statement).fetchone()[0] for name, statement in asked.items()}  # type: ignore[index]


def recorded(platform: Platform) -> int:
    """Count what the case record has recorded."""
    return stored(platform)["recorded"]


def main(arguments: Sequence[str]) -> int:
    """Run on a platform of its own; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.endurance.spreadsheet", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000)
    parser.add_argument("--bad", type=int, default=37)
    parser.add_argument("--json", action="store_true", help="print the counts in JSON")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="chungtay-spreadsheet-") as folder:
        platform = Platform(Path(folder) / "data")
        try:
            platform.told("up", "--detach")
            counts = walk(platform, filled(asked.rows, asked.bad), asked.rows)
        finally:
            platform.run("down")
    show(counts, as_json=asked.json)
    return 0 if all(count.holds for count in counts) else 1


def show(counts: Sequence[Count], *, as_json: bool) -> None:
    """Print the counts."""
    if as_json:
        sys.stdout.write(json.dumps([asdict(count) | {"holds": count.holds} for count in counts], indent=1) + "\n")
        return
    table = Table("", "expected", "found", "")
    for count in counts:
        table.add_row(count.what, str(count.expected), str(count.found), "ok" if count.holds else "NOT SO")
    Console().print(table)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
