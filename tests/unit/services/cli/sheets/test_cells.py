"""What a cell says is what its field is given; what could mean two things is not guessed."""

from datetime import date, datetime, time
from typing import Any

import pytest

from events.registry import event_class
from services.cli.sheets.cells import Wrong, value_of
from services.cli.sheets.columns import Column, columns_of
from services.cli.sheets.grid import Cell
from services.cli.sheets.zones import zone_of

ZONE = zone_of("Asia/Ho_Chi_Minh")
COLUMNS = {
    column.field: column
    for type_ in ("police.report_received.v1", "social_work.case_meeting_held.v1", "health.medical_exam_completed.v1")
    for column in columns_of(event_class(type_))
}
YES_NO = Column(("x",), "yes_no", required=True)


@pytest.mark.parametrize(
    ("field", "cell", "value"),
    [
        ("child_name", "  TRE-EM\u00a001 ", "TRE-EM 01"),
        ("child_name", "Tre\u0302", "Trê"),
        ("child_commune", 12340.0, "12340"),
        ("reporter_contact", 0.5, "0.5"),
        ("child_age_estimate", 10.0, 10),
        ("child_age_estimate", " 10 ", 10),
        ("child_sex", "Nữ", "female"),
        ("child_sex", "nữ", "female"),
        ("child_sex", "Female", "female"),
        ("child_sex", "female", "female"),
        ("source", "Công an cấp xã (00340)", "commune_police_00340"),
        ("child_birth_date", date(2016, 2, 1), "2016-02-01"),
        ("child_birth_date", datetime(2016, 2, 1, 7, 0), "2016-02-01"),  # noqa: DTZ001 - as a cell holds it
        ("child_birth_date", 42401.0, "2016-02-01"),
        ("child_birth_date", "1/2/2016", "2016-02-01"),
        ("child_birth_date", "01-02-2016", "2016-02-01"),
        ("child_birth_date", "01.02.2016", "2016-02-01"),
        ("child_birth_date", "2016-02-01", "2016-02-01"),
        ("time", datetime(2026, 4, 6, 21, 10), "2026-04-06T21:10:00+07:00"),  # noqa: DTZ001 - as a cell holds it
        ("time", datetime(2026, 4, 6, 21, 9, 59, 999_700), "2026-04-06T21:10:00+07:00"),  # noqa: DTZ001 - as a cell holds it
        ("time", date(2026, 4, 6), "2026-04-06T00:00:00+07:00"),
        ("time", 46118.5, "2026-04-06T12:00:00+07:00"),
        ("time", "6/4/2026 21:10", "2026-04-06T21:10:00+07:00"),
        ("time", "21h10 06/04/2026", "2026-04-06T21:10:00+07:00"),
        ("time", "2026-04-06T21:10:00+09:00", "2026-04-06T21:10:00+09:00"),
        ("units", "Tổng đài 111; hospital_h1;", ["hotline_111", "hospital_h1"]),
        ("injury_kinds", "burn\nwound", ["burn", "wound"]),
    ],
)
def test_a_cell_gives_its_field_a_value(field: str, cell: Cell, value: Any) -> None:
    assert value_of(cell, COLUMNS[field], ZONE) == value


@pytest.mark.parametrize(
    ("field", "cell", "text"),
    [
        ("child_name", date(2026, 1, 2), "fault_not_text"),
        ("child_name", True, "fault_not_text"),
        ("reporter_contact", 1e15, "fault_digits"),
        ("child_age_estimate", 10.5, "fault_integer"),
        ("child_age_estimate", True, "fault_integer"),
        ("child_age_estimate", "mười", "fault_integer"),
        ("child_sex", "không có", "fault_choice"),
        ("child_sex", 1.0, "fault_choice"),
        ("child_birth_date", "04/25/2016", "fault_day"),
        ("child_birth_date", "31/02/2016", "fault_day"),
        ("child_birth_date", "1/2/16", "fault_day"),
        ("child_birth_date", "2016", "fault_day"),
        ("child_birth_date", 10.0, "fault_day"),
        ("child_birth_date", time(8, 0), "fault_day"),
        ("time", "06/04/2026", "fault_moment"),
        ("time", "21:10", "fault_moment"),
        ("time", "06/04/2026 25:10", "fault_moment"),
        ("time", "hôm qua 21:10", "fault_moment"),
        ("time", "2026-04-06Tx", "fault_moment"),
        ("time", True, "fault_moment"),
        ("units", "Tổng đài 111; không có", "fault_choice"),
    ],
)
def test_what_is_not_clear_is_told_by_rule(field: str, cell: Cell, text: str) -> None:
    with pytest.raises(Wrong) as wrong:
        value_of(cell, COLUMNS[field], ZONE)
    assert wrong.value.text == text


@pytest.mark.parametrize(("cell", "value"), [("Có", True), ("yes", True), (True, True), (1.0, True), ("Không", False)])
def test_yes_and_no(cell: Cell, value: bool) -> None:
    assert value_of(cell, YES_NO, ZONE) is value


@pytest.mark.parametrize("cell", ["có thể", 2.0, date(2026, 1, 1)])
def test_neither_yes_nor_no(cell: Cell) -> None:
    with pytest.raises(Wrong):
        value_of(cell, YES_NO, ZONE)
