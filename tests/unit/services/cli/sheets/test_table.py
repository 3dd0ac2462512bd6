"""Headings that do not fit stop all; rows that do not fit stop themselves."""

from typing import Any

import pytest

from events.parties import Agency
from events.registry import event_class
from services.cli.sheets.columns import columns_of
from services.cli.sheets.delimited import rows_of
from services.cli.sheets.statements import Asked, Stated, Unclear, stated
from services.cli.sheets.table import Row, letter, read_table
from services.cli.sheets.texts import SheetStop
from services.cli.sheets.zones import zone_of

TYPE = "police.report_forwarded.v1"
COLUMNS = columns_of(event_class(TYPE))
GOOD = ["R-1", "06/04/2026 21:10", "commune_police_00340", "child_protection_00340"]
HEADING = ["subject", "Thời điểm xảy ra", "Unit that says so [source]", "Đơn vị nhận"]


def asked(**changes: Any) -> Asked:
    wanted: dict[str, Any] = {
        "agency": Agency.POLICE,
        "type": TYPE,
        "columns": COLUMNS,
        "zone": zone_of("Asia/Ho_Chi_Minh"),
        "id_key": b"k" * 32,
    }
    return Asked(**wanted | changes)


def the_row(cells: list[Any], heading: list[str] = HEADING) -> Row:
    (row,) = read_table([[*heading], cells], COLUMNS, ("source",)).rows
    return row


def event(cells: list[Any], heading: list[str] = HEADING, **changes: Any) -> dict[str, Any]:
    found = stated(the_row(cells, heading), asked(**changes))
    assert isinstance(found, Stated)
    return found.event


def test_headings_are_known_by_name_in_either_language_or_by_field() -> None:
    grid: list[list[Any]] = [["", ""], ["# ghi chú"], HEADING, GOOD, [""], ["# R-2"], GOOD]
    table = read_table(grid, COLUMNS)
    assert [row.number for row in table.rows] == [4, 7]
    assert table.notes == 2
    assert event(GOOD)["data"] == {"to_unit": "child_protection_00340"}


@pytest.mark.parametrize(
    ("heading", "said"),
    [
        ([*HEADING, "Bí danh TRE-EM 01"], "column E is no field"),
        ([*HEADING, "[to_unt]"], "is [to_unit] meant?"),
        ([*HEADING, "to_unit"], "[to_unit] has two columns"),
        (HEADING[:3], "the column [to_unit] is missing"),
        (["TRE-EM 01", "x"], "holds no heading"),
    ],
)
def test_a_heading_that_does_not_fit_stops_all_and_is_not_repeated(heading: list[str], said: str) -> None:
    with pytest.raises(SheetStop) as stop:
        read_table([[*heading], [*GOOD]], COLUMNS)
    assert said in str(stop.value)
    assert "TRE-EM" not in str(stop.value)


@pytest.mark.parametrize(("heading", "at"), [(HEADING, "E"), ([*HEADING[:2], "", *HEADING[2:]], "C")])
def test_a_cell_under_no_heading_stops_all_and_is_not_repeated(heading: list[str], at: str) -> None:
    right: list[Any] = [*GOOD[:2], "", *GOOD[2:]] if "" in heading else [*GOOD, "  "]
    wrong = ["TRE-EM 01" if not str(cell).strip() else cell for cell in right]
    assert len(read_table([[*heading], right], COLUMNS).rows) == 1
    with pytest.raises(SheetStop) as stop:
        read_table([[*heading], right, wrong], COLUMNS)
    assert f"row 3 has a cell in column {at}, which has no heading" in str(stop.value)
    assert "TRE-EM" not in str(stop.value)


def test_the_column_of_faults_is_passed_over() -> None:
    for name in ("Lỗi", "Errors"):
        assert the_row([*GOOD, "Dòng 3: sai"], [*HEADING, name]).cells.keys() == {
            "subject",
            "time",
            "source",
            "to_unit",
        }


def test_the_same_row_is_the_same_event_however_it_is_written() -> None:
    other = ["R-1", "2026-04-06T14:10:00+00:00", "Công an cấp xã (00340)", "Child-protection worker (00340)"]
    assert event(GOOD)["id"] == event([*GOOD])["id"]
    assert event(["R-1", "21:10 6/4/2026", *other[2:]])["id"] == event(GOOD)["id"]


@pytest.mark.parametrize("place", range(4))
def test_a_mended_row_is_another_event(place: int) -> None:
    mended = ["R-2", "06/04/2026 21:11", "investigation_police_01", "hotline_111"]
    changed = [*GOOD]
    changed[place] = mended[place]
    assert event(changed)["id"] != event(GOOD)["id"]


def test_without_the_key_an_id_cannot_be_made_again() -> None:
    assert event(GOOD)["id"] != event(GOOD, id_key=b"j" * 32)["id"]


def test_a_row_may_bring_its_own_id() -> None:
    assert event([*GOOD, "HS/2026/7"], [*HEADING, "id"])["id"] == "HS/2026/7"


def test_the_unit_may_be_said_once_for_all() -> None:
    without = [*GOOD[:2], "", GOOD[3]]
    assert event(without, unit="commune_police_00340")["source"] == "commune_police_00340"
    unclear = stated(the_row(without), asked())
    assert isinstance(unclear, Unclear)
    assert [(column.field, wrong.text) for column, wrong in unclear.faults] == [("source", "fault_missing")]


def test_every_fault_of_a_row_is_told_at_once() -> None:
    unclear = stated(the_row(["R-1", "hôm qua", "hospital_h1", ""]), asked())
    assert isinstance(unclear, Unclear)
    assert [(column.field, wrong.text) for column, wrong in unclear.faults] == [
        ("time", "fault_moment"),
        ("source", "fault_not_your_unit"),
        ("to_unit", "fault_missing"),
    ]


@pytest.mark.parametrize(("at", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (702, "AAA")])
def test_columns_are_called_as_a_spreadsheet_does(at: int, name: str) -> None:
    assert letter(at) == name


@pytest.mark.parametrize(
    "content",
    [
        b'subject,time\nR-1,"a,b\nc"\n',
        '\ufeffsubject;time\nR-1;"a,b\nc"\n'.encode(),
        'subject\ttime\nR-1\t"a,b\nc"\n'.encode("utf-16"),
    ],
)
def test_csv_of_any_usual_make(content: bytes) -> None:
    assert rows_of(content) == [["subject", "time"], ["R-1", "a,b\nc"]]


def test_csv_of_an_old_encoding_is_refused() -> None:
    with pytest.raises(SheetStop, match="UTF-8"):
        rows_of("Họ tên".encode("cp1258", errors="replace") + b"\xe3\x90")


def test_a_long_csv_is_refused() -> None:
    with pytest.raises(SheetStop, match="split it"):
        rows_of(b"a\n" * 20_002)
