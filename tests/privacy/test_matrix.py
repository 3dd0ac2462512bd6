"""Section D, cell by cell: what is folded and read is what the table says, before and after closure."""

import pytest

from events.labels import OPEN_CATEGORIES, ROW, Category
from projections.disclosure.agreement import Level
from projections.disclosure.packaged import packaged_agreement
from tests.privacy.expectations import LEVELS, READERS, TABLE
from tests.privacy.matrix import Eyes, Situation, level_seen

CELLS = [(row, reader, letters) for row, cells in TABLE["rows"].items() for reader, letters in cells.items()]
OWN = [
    (own, row, reader, letters)
    for own in ("record", "task")
    for row, cells in TABLE["own"][own].items()
    for reader, letters in cells.items()
]
UNFORWARDED = [(row, r, letter) for row, cells in TABLE["own"]["unforwarded"].items() for r, letter in cells.items()]


def test_the_table_is_whole() -> None:
    assert list(TABLE["rows"]) == [category.value for category in Category if category not in OPEN_CATEGORIES]
    assert {len(cells) for cells in TABLE["rows"].values()} == {len(READERS)}
    assert len(CELLS) == 20 * 10


@pytest.mark.parametrize(("row", "reader", "letters"), CELLS)
def test_a_cell_while_the_case_is_open(row: str, reader: str, letters: str) -> None:
    assert level_seen(Category(row), READERS[reader], Situation()) is LEVELS[letters[0]]


@pytest.mark.parametrize(("row", "reader", "letters"), CELLS)
def test_a_cell_after_closure(row: str, reader: str, letters: str) -> None:
    assert level_seen(Category(row), READERS[reader], Situation(closed=True)) is LEVELS[letters[1]]


@pytest.mark.parametrize(("own", "row", "reader", "letters"), OWN)
def test_what_is_ones_own(own: str, row: str, reader: str, letters: str) -> None:
    for closed, letter in enumerate(letters):
        situation = Situation(own_record=own == "record", own_task=own == "task", closed=bool(closed))
        assert level_seen(Category(row), READERS[reader], situation) is LEVELS[letter]


@pytest.mark.parametrize(("row", "reader", "letter"), UNFORWARDED)
def test_the_hotlines_own_report_until_it_is_forwarded(row: str, reader: str, letter: str) -> None:
    situation = Situation(own_record=True, forwarded=False)
    assert level_seen(Category(row), READERS[reader], situation) is LEVELS[letter]


@pytest.mark.parametrize(("row", "reader", "letters"), [cell for cell in CELLS if cell[2][0] in "FS"])
def test_nothing_is_opened_for_a_purpose_that_the_clause_does_not_name(row: str, reader: str, letters: str) -> None:
    seen = level_seen(Category(row), READERS[reader], Situation(purpose="curiosity"))
    assert seen in {Level.EXISTS, Level.NONE}, letters


@pytest.mark.parametrize("reader", ["health", "education", "chair"])
def test_without_the_duty_the_cell_gives_less(reader: str) -> None:
    asked = {"health": "medical_findings", "education": "child_identity", "chair": "home_visit_notes"}
    idle = Eyes(READERS[reader].audience)
    assert level_seen(Category(asked[reader]), idle, Situation()) is Level.NONE


def test_every_clause_quotes_its_row_and_audience_in_its_id() -> None:
    for clause in packaged_agreement().clauses:
        assert clause.id.startswith(f"D{ROW[clause.category]:02}-{clause.audience.value}")


def test_what_was_not_read_in_the_law_itself_stays_marked() -> None:
    unverified = {clause.category for clause in packaged_agreement().clauses if not clause.verified}
    assert {Category.MEDICAL_FINDINGS, Category.HIV_STATUS, Category.INVESTIGATION} <= unverified
