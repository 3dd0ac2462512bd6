"""The words of section D's table, cell by cell, read from its text wherever a copy of it stands."""

import re
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).parents[2]
COPY = Path(__file__).with_name("section_d_table.md")
RESEARCH = ROOT.parent / "shared" / "domain.md"  # beside the repository where the research is at hand

COLUMNS = (
    "police",
    "health",
    "education",
    "case_manager",
    "committee",
    "hotline",
    "coordinator",
    "auditor",
    "statistics",
)

_HEADING = "# D. Privacy boundary matrix"
_ROW = re.compile(r"\| (?P<number>\d+) \| (?P<cells>.+) \|")
_COMMENT = re.compile(r"# (?P<number>\d+) +(?P<cells>\S.*)|#    \| (?P<more>.+)")

Words = dict[tuple[int, str], str]  # (row, column) -> the words of the cell; the column "category" names the row


def section(text: str) -> str:
    """Return section D of the research up to its table's last row."""
    lines = text[text.index(_HEADING) :].splitlines()
    last = min(number for number, line in enumerate(lines) if _ROW.fullmatch(line) and line.startswith("| 20 "))
    return "\n".join(lines[: last + 1]) + "\n"


def of_the_table(text: str) -> Words:
    """Return the words of every cell, without emphasis and without the last column, which says why."""
    rows = (_ROW.fullmatch(line.replace("**", "")) for line in section(text).splitlines())
    return _by_cell((int(row["number"]), row["cells"].split(" | ")[:-1]) for row in rows if row)


def of_the_comments(text: str) -> Words:
    """Return the words that a file of expectations quotes above its rows."""
    told: dict[int, str] = {}
    number = 0
    for line in filter(None, map(_COMMENT.fullmatch, text.splitlines())):
        number = int(line["number"] or number)
        told[number] = f"{told[number]} | {line['more']}" if line["more"] else line["cells"]
    return _by_cell((number, row.split(" | ")) for number, row in told.items())


def _by_cell(rows: Iterable[tuple[int, list[str]]]) -> Words:
    named = ((number, zip(("category", *COLUMNS), cells, strict=True)) for number, cells in rows)
    return {(number, column): words.strip() for number, row in named for column, words in row}
