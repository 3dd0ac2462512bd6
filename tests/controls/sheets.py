"""A spreadsheet of reports as a clerk fills it: most rows well, some wrong in every way that clerks know."""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import xlsxwriter

from events.registry import event_class
from services.cli.sheets.columns import columns_of

TYPE = "police.report_received.v1"
UNIT = "commune_police_00340"
CELL_CANARY = "TRE-EM-O-TINH-7Q2"  # stands in a sealed cell of every row
_FIRST = datetime(2026, 4, 6, 8, 0)  # noqa: DTZ001 - as a cell holds it

Cells = dict[str, Any]


@dataclass(frozen=True)
class Fault:
    """A way to spoil a row, and where the importer must find it."""

    field: str
    spoil: Callable[[Cells], None]


def _set(field: str, value: Any) -> Fault:
    return Fault(field, lambda cells: cells.__setitem__(field, value))


FAULTS: tuple[Fault, ...] = (
    _set("child_sex", "Không có trong danh mục"),
    Fault("concern", lambda cells: cells.pop("concern")),
    _set("child_birth_date", "31/02/2016"),
    _set("child_birth_date", "04/25/2016"),  # month before day
    _set("time", "06/04/2026"),  # no clock
    _set("time", datetime(2031, 1, 1, 8, 0)),  # not yet  # noqa: DTZ001 - as a cell holds it
    _set("source", "Bệnh viện H1"),
    _set("child_name", "X" * 201),
    _set("child_commune", 340),  # lost its zeros
    _set("subject", "HO SO 1"),
    _set("child_age_estimate", 99),
    _set("channel", "=1+1"),
)


def good_row(number: int) -> Cells:
    """Return a row as it should be; some texts look like formulas, for clerks write dashes and signs."""
    sign = ("", "=", "+", "-", "@")[number % 5]
    return {
        "subject": f"HO-SO-{number:04}",
        "time": _FIRST + timedelta(minutes=number % 600),
        "source": "Công an cấp xã (00340)" if number % 2 else UNIT,
        "channel": ("Công an cấp xã", "commune_police", "Police 113")[number % 3],
        "received_at": "06/04/2026 21:25" if number % 2 else _FIRST + timedelta(minutes=number % 600),
        "child_name": f"{CELL_CANARY} {number:04}",
        "child_sex": ("Nữ", "Male", "unknown")[number % 3],
        "child_birth_date": date(2016, 1, 1) + timedelta(days=number % 300) if number % 2 else "01/02/2016",
        "child_age_estimate": 10,
        "child_commune": "00340",
        "reporter_type": "Hàng xóm",
        "concern": f"{sign} LO-NGAI {number:04}",
        "abuse_type": "violence_physical",
    }


@dataclass(frozen=True)
class Filled:
    """A workbook, and the field that is wrong in each of its bad rows, by row number."""

    content: bytes
    wrong: Mapping[int, str]


def filled(rows: int, bad: int) -> Filled:
    """Return a workbook of so many rows, the bad ones spread over it."""
    every = rows // bad if bad else rows + 1
    made: list[Cells] = []
    wrong: dict[int, str] = {}
    for number in range(rows):
        cells = good_row(number)
        if number % every == every // 2 and len(wrong) < bad:
            fault = FAULTS[len(wrong) % len(FAULTS)]
            fault.spoil(cells)
            wrong[number + 2] = fault.field  # below the heading, counted from 1
        made.append(cells)
    return Filled(workbook(made), wrong)


def workbook(rows: list[Cells]) -> bytes:
    """Write rows below the headings of the type, as a clerk's spreadsheet would."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "default_date_format": "dd/mm/yyyy hh:mm"})
    sheet = book.add_worksheet("Trang tính1")
    for at, column in enumerate(columns_of(event_class(TYPE))):
        sheet.write_string(0, at, column.heading("vi"))
        for number, cells in enumerate(rows, start=1):
            match cells.get(column.field):
                case None:
                    pass
                case str(text):
                    sheet.write_string(number, at, text)
                case value:
                    sheet.write(number, at, value)
    book.close()
    return content.getvalue()
