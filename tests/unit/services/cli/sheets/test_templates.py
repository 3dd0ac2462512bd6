"""Every type has a sheet that a person can fill, and its own example row can be handed in."""

import io
import json
import zipfile
from collections import Counter

import pytest
from python_calamine import CalamineWorkbook

from events.event import Event
from events.field_names import field_names
from events.parties import Agency
from events.registry import EVENT_CLASSES
from events.units import units
from services.cli.sheets.cells import clean
from services.cli.sheets.columns import LIST_SIGN, Column, columns_of
from services.cli.sheets.grid import Grid, cells_of
from services.cli.sheets.statements import Asked, Stated, stated
from services.cli.sheets.table import read_table
from services.cli.sheets.texts import LANGUAGES, Language
from services.cli.sheets.workbook import template
from services.cli.sheets.zones import zone_of
from tests.controls.examples import AGENCY_TYPES

CLASSES = [EVENT_CLASSES[type_] for type_ in AGENCY_TYPES]


def all_columns() -> list[Column]:
    return [column for found in CLASSES for column in columns_of(found)]


def test_every_field_has_a_name_for_people() -> None:
    assert {column.path[-1] for column in all_columns()} - field_names().keys() == set()


@pytest.mark.parametrize("event_class", CLASSES, ids=AGENCY_TYPES)
def test_no_two_columns_of_a_type_have_one_name(event_class: type[Event]) -> None:
    for language in LANGUAGES:
        names = Counter(column.name(language) for column in columns_of(event_class))
        assert [name for name, count in names.items() if count > 1] == []


def test_a_label_means_one_code_in_whatever_language() -> None:
    for column in all_columns():
        meant: dict[str, set[str]] = {}
        for language in LANGUAGES:
            for label, code in column.choices(language).items():
                meant.setdefault(clean(label).casefold(), set()).add(code)
                meant.setdefault(code.casefold(), set()).add(code)
                assert not (column.many and LIST_SIGN in label)
        assert [label for label, codes in meant.items() if len(codes) > 1] == [], column.list_name


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("event_class", CLASSES, ids=AGENCY_TYPES)
def test_the_example_row_is_a_valid_event_once_it_is_no_example(event_class: type[Event], language: Language) -> None:
    agency = min(event_class.BY)
    grid = cells_here(template(event_class, agency, language))
    columns = columns_of(event_class)
    asked = Asked(agency, event_class.TYPE, columns, zone_of("Asia/Ho_Chi_Minh"), b"k" * 32)
    assert read_table(grid, columns).rows == ()
    assert read_table(grid, columns).notes == 1
    grid[1][0] = ""
    (row,) = read_table(grid, columns).rows
    found = stated(row, asked)
    assert isinstance(found, Stated)
    event_class.model_validate_json(json.dumps(found.event["data"]))
    assert units()[found.source].agency is agency


def cells_here(content: bytes) -> Grid:
    """Read without a process of its own: what is under test here is the writing."""
    return CalamineWorkbook.from_object(io.BytesIO(content)).get_sheet_by_index(0).to_python(skip_empty_area=False)  # type: ignore[return-value]


def test_a_template_read_as_it_is_imported_is_the_same() -> None:
    content = template(CLASSES[0], Agency.SOCIAL_WORK, "vi")
    assert cells_of(content, None) == cells_here(content)


def test_dropdowns_offer_every_label_and_only_ones_own_units() -> None:
    with zipfile.ZipFile(io.BytesIO(template(EVENT_CLASSES["police.report_received.v1"], Agency.POLICE, "en"))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count("<dataValidation ") == 7  # source, channel, sex, two relationships, reporter, abuse
    lists = CalamineWorkbook.from_object(
        io.BytesIO(template(EVENT_CLASSES["police.report_received.v1"], Agency.POLICE, "en"))
    ).get_sheet_by_name("Lists")
    heading, *rows = lists.to_python()
    offered = [row[heading.index("source")] for row in rows if row[heading.index("source")]]
    assert offered == [unit.en for unit in units().values() if unit.agency is Agency.POLICE]
