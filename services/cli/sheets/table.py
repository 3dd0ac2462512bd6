"""Find the columns in a grid of cells: a heading that does not fit stops all, before a row is looked at."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from services.cli.sheets.cells import clean, is_empty
from services.cli.sheets.columns import Column
from services.cli.sheets.grid import Cell, Grid
from services.cli.sheets.texts import LANGUAGES, Language, SheetStop, text

NOTE_SIGN = "#"  # a row that begins with it speaks to people: the example of the template
_IN_BRACKETS = re.compile(r"\[([^\[\]]+)\]\s*$")
_LETTERS = 26
_NAMED = 5  # columns without a heading: one line can say no more


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the sheet by its number, as a spreadsheet counts; `cells` by field, the empty ones left out."""

    number: int
    cells: Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Table:
    """The columns that the sheet has, in its order, and its rows; `notes`: rows that were passed over."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: int


def read_table(grid: Grid, columns: Sequence[Column], optional: Sequence[str] = ()) -> Table:
    """Return the table in a grid; its first row that is neither empty nor a note holds the headings.

    Shape: `optional` are fields that need no column, for they are given otherwise.

    Raises:
        SheetStop: if a column is unknown, doubled or missing, or a cell stands under no heading; it names each and says
            what would be right.
    """
    rows = [(number, row) for number, row in enumerate(grid, start=1) if not all(map(is_empty, row))]
    told = [(number, row) for number, row in rows if not _is_note(row)]
    if not told:
        raise SheetStop("empty")
    heading, *rest = told
    places = _places(heading[1], columns, optional)
    _refuse_unheaded(heading[1], rest)
    return Table(tuple(places.values()), tuple(_rows(rest, places)), len(rows) - len(told))


def _is_note(row: Sequence[Cell]) -> bool:
    first = next((cell for cell in row if not is_empty(cell)), "")
    return isinstance(first, str) and clean(first).startswith(NOTE_SIGN)


def _rows(told: Sequence[tuple[int, list[Cell]]], places: Mapping[int, Column]) -> Iterator[Row]:
    for number, row in told:
        found = {places[at].field: cell for at, cell in enumerate(row) if at in places and not is_empty(cell)}
        if found:
            yield Row(number, found)


def _places(heading: Sequence[Cell], columns: Sequence[Column], optional: Sequence[str]) -> dict[int, Column]:
    """Return which column stands at which place.

    Raises:
        SheetStop: if one is unknown, doubled or missing.
    """
    by_name = _by_name(columns)
    named = {at: clean(str(cell)) for at, cell in enumerate(heading) if not is_empty(cell)}
    found = {at: by_name.get(_meant(name)) for at, name in named.items() if not _is_fault_column(name)}
    known = {at: column for at, column in found.items() if column is not None}
    if not known:
        raise SheetStop("no_heading")
    problems = [_unknown(at, named[at], columns) for at, column in found.items() if column is None]
    fields = [column.field for column in known.values()]
    problems += [("doubled", {"field": field}) for field in dict.fromkeys(fields) if fields.count(field) > 1]
    wanted = (column for column in columns if column.required and column.field not in {*fields, *optional})
    problems += [("missing", {"field": column.field}) for column in wanted]
    if problems:
        raise SheetStop("columns", vi=_lines(problems, "vi"), en=_lines(problems, "en"))
    return known


def _refuse_unheaded(heading: Sequence[Cell], told: Sequence[tuple[int, list[Cell]]]) -> None:
    """Refuse what stands under no heading: left out silently, a value cut by a separator would be published cut.

    Raises:
        SheetStop: if something does; it names the first such row of each column.
    """
    headed = {at for at, cell in enumerate(heading) if not is_empty(cell)}
    first: dict[int, int] = {}
    for number, row in told:
        for at, cell in enumerate(row):
            if at not in headed and not is_empty(cell):
                first.setdefault(at, number)
    if first:
        named = sorted(first.items())[:_NAMED]
        problems = [("unheaded", {"at": letter(at), "number": str(number)}) for at, number in named]
        raise SheetStop("columns", vi=_lines(problems, "vi"), en=_lines(problems, "en"))


def _by_name(columns: Sequence[Column]) -> dict[str, Column]:
    """Return each column by all that it may be called; a name that two share means neither."""
    names = [(_meant(name), column) for column in columns for name in {column.name("vi"), column.name("en")}]
    alone = {name: column for name, column in names if [other for other, _ in names].count(name) == 1}
    return alone | {column.field: column for column in columns}


def _meant(heading: str) -> str:
    bracketed = _IN_BRACKETS.search(heading)
    return (bracketed.group(1) if bracketed else heading).strip().casefold()


def _is_fault_column(heading: str) -> bool:
    return heading.casefold() in {text("fault_column", language).casefold() for language in LANGUAGES}


def _unknown(at: int, heading: str, columns: Sequence[Column]) -> tuple[str, dict[str, str]]:
    """Tell where a heading stands that is none of ours; what it says may be anything, so it is not repeated."""
    near = get_close_matches(_meant(heading), [column.field for column in columns], n=1, cutoff=0.75)
    return ("unknown_near", {"at": letter(at), "field": near[0]}) if near else ("unknown", {"at": letter(at)})


def letter(at: int) -> str:
    """Return what a spreadsheet calls the column at a place, counted from 0."""
    above, rest = divmod(at, _LETTERS)
    return (letter(above - 1) if above else "") + chr(ord("A") + rest)


def _lines(problems: Sequence[tuple[str, dict[str, str]]], language: Language) -> str:
    return "; ".join(text(f"column_{code}", language, **words) for code, words in problems)
