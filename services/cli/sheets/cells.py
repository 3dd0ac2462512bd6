"""From what stands in a cell to the value of a field: days in Vietnamese order, labels for codes, nothing guessed."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pydantic import JsonValue

from services.cli.sheets.columns import LIST_SIGN, Column, Kind
from services.cli.sheets.grid import Cell
from services.cli.sheets.texts import LANGUAGES

_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")  # day, month, year: as one writes in Vietnam
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_CLOCK = re.compile(r"(\d{1,2})[:hg](\d{2})(?::(\d{2}))?")
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - day 0 of a spreadsheet, which knows no zones
_SERIALS = (18_264, 109_575)  # 1950 to 2199: a day that lost its format; anything else is no day
_EXACT = 10**15  # a spreadsheet keeps fifteen digits
_YES = frozenset({"có", "co", "yes", "true", "x", "1"})
_NO = frozenset({"không", "khong", "no", "false", "0"})


class Wrong(Exception):  # noqa: N818 - said of a cell
    """A cell does not hold what its column asks for; `text` names one of `texts.toml`, which quotes no value."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


def is_empty(cell: Cell) -> bool:
    """Say whether nothing stands in a cell."""
    return isinstance(cell, str) and not clean(cell)


def clean(text: str) -> str:
    """Return a text in one composed form (NFC), without the blanks around it."""
    return unicodedata.normalize("NFC", text).replace("\u00a0", " ").strip()


def value_of(cell: Cell, column: Column, zone: ZoneInfo) -> JsonValue:
    """Return the value that a cell gives its field.

    Raises:
        Wrong: if it gives none.
    """
    if not column.many:
        return _READERS[column.kind](cell, column, zone)
    items = re.split(f"[{LIST_SIGN}\n]", cell) if isinstance(cell, str) else [cell]
    return [_READERS[column.kind](item, column, zone) for item in items if not is_empty(item)]


def _text(cell: Cell, _column: Column, _zone: ZoneInfo) -> str:
    match cell:
        case str():
            return clean(cell)
        case bool() | date() | time():
            raise Wrong("fault_not_text")  # a spreadsheet made a day or a truth of what was typed
        case float() | int():
            if abs(cell) >= _EXACT:
                raise Wrong("fault_digits")
            return str(int(cell)) if cell == int(cell) else repr(cell)


def _integer(cell: Cell, _column: Column, _zone: ZoneInfo) -> int:
    if isinstance(cell, str) and re.fullmatch(r"-?\d{1,15}", clean(cell)):
        return int(clean(cell))
    if isinstance(cell, float | int) and not isinstance(cell, bool) and cell == int(cell) and abs(cell) < _EXACT:
        return int(cell)
    raise Wrong("fault_integer")


def _yes_no(cell: Cell, _column: Column, _zone: ZoneInfo) -> bool:
    told = clean(str(int(cell) if isinstance(cell, float) else cell)).casefold() if not isinstance(cell, date) else ""
    if told in _YES or told in _NO:
        return told in _YES
    raise Wrong("fault_yes_no")


def _choice(cell: Cell, column: Column, _zone: ZoneInfo) -> str:
    told = clean(cell).casefold() if isinstance(cell, str) else ""
    for language in LANGUAGES:
        for label, code in column.choices(language).items():
            if told in {clean(label).casefold(), code.casefold()}:
                return code
    raise Wrong("fault_choice")


def _day(cell: Cell, _column: Column, _zone: ZoneInfo) -> str:
    match cell:
        case datetime():
            found = cell.date()
        case date():
            found = cell
        case bool() | time():
            raise Wrong("fault_day")
        case str():
            found = _day_in(clean(cell), "fault_day")
        case _:
            found = _from_serial(cell, "fault_day").date()
    return found.isoformat()


def _moment(cell: Cell, _column: Column, zone: ZoneInfo) -> str:
    match cell:
        case datetime():
            found = cell
        case date():  # so a spreadsheet gives midnight
            found = datetime.combine(cell, time.min)
        case bool() | time():
            raise Wrong("fault_moment")
        case str():
            found = _moment_in(clean(cell))
        case _:
            found = _from_serial(cell, "fault_moment")
    whole = (found + timedelta(microseconds=500_000)).replace(microsecond=0)  # a fraction of a day is never exact
    return (whole if whole.tzinfo else whole.replace(tzinfo=zone)).isoformat()


def _day_in(text: str, fault: str) -> date:
    try:
        if found := _ISO_DAY.fullmatch(text):
            return date(*map(int, found.groups()))
        if found := _DAY.fullmatch(text):
            day, month, year = map(int, found.groups())
            return date(year, month, day)
    except ValueError:
        raise Wrong(fault) from None
    raise Wrong(fault)


def _moment_in(text: str) -> datetime:
    """Read day and clock in either order, or a moment of ISO 8601; never a day alone.

    Raises:
        Wrong: if it is neither.
    """
    parts = text.split()
    if len(parts) == 1 and "T" in text:
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            raise Wrong("fault_moment") from None
    clocks = [found for part in parts if (found := _CLOCK.fullmatch(part))]
    days = [part for part in parts if not _CLOCK.fullmatch(part)]
    if len(clocks) != 1 or len(days) != 1:
        raise Wrong("fault_moment")
    hour, minute, second = (int(part or 0) for part in clocks[0].groups())
    try:
        return datetime.combine(_day_in(days[0], "fault_moment"), time(hour, minute, second))
    except ValueError:
        raise Wrong("fault_moment") from None


def _from_serial(cell: float, fault: str) -> datetime:
    first, last = _SERIALS
    if not first <= cell < last:
        raise Wrong(fault)
    return _EPOCH + timedelta(days=float(cell))


_READERS: Mapping[Kind, Callable[[Cell, Column, ZoneInfo], JsonValue]] = {
    "text": _text,
    "integer": _integer,
    "yes_no": _yes_no,
    "day": _day,
    "moment": _moment,
    "code": _choice,
    "unit": _choice,
}
