"""The hand-made expectations are section D's own: its words are quoted, and its words give the letters."""

import tomllib
from hashlib import sha256
from typing import Any

import pytest

from events.labels import OPEN_CATEGORIES, ROW, Category
from tests.privacy.matrix import SECTION_D
from tests.privacy.table_letters import closed, letters
from tests.privacy.table_words import COLUMNS, COPY, RESEARCH, of_the_comments, of_the_table, section

TEXT = SECTION_D.read_text(encoding="utf-8")
TABLE: dict[str, Any] = tomllib.loads(TEXT)
WORDS = of_the_table(COPY.read_text(encoding="utf-8"))
ROWS = [category for category in Category if category not in OPEN_CATEGORIES]
CHECKSUM = "9ac3b87a072c2705d2bfc383f31927720acfc2f674c77f8db577a59b99d349c9"


def test_the_copy_is_the_table_of_the_research() -> None:
    texts = [COPY.read_text(encoding="utf-8")]
    texts += [section(RESEARCH.read_text(encoding="utf-8"))] if RESEARCH.exists() else []
    assert {sha256(text.encode()).hexdigest() for text in texts} == {CHECKSUM}


def test_the_table_has_twenty_rows_of_nine_columns() -> None:
    assert set(WORDS) == {(row, column) for row in range(1, 21) for column in ("category", *COLUMNS)}


def test_every_cell_is_quoted_word_for_word() -> None:
    assert of_the_comments(TEXT) == WORDS


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("category", ROWS)
def test_the_words_of_a_cell_give_its_letters(category: Category, column: str) -> None:
    row = ROW[category]
    for reader, read in letters(row, column, WORDS[row, column]).items():
        both = read.others + closed(row, reader, read.others)
        assert TABLE["rows"][category][reader] == both
        assert _own(category, reader) == {
            own: letter if own == "unforwarded" else letter + closed(row, reader, letter)
            for own, letter in read.own.items()
        }


def _own(category: Category, reader: str) -> dict[str, str]:
    told = {own: rows.get(category, {}).get(reader) for own, rows in TABLE["own"].items()}
    return {own: given for own, given in told.items() if given}


def test_words_that_nobody_has_read_give_no_letter() -> None:
    with pytest.raises(ValueError, match="no such words"):
        letters(6, "police", "whatever is fair")
    with pytest.raises(ValueError, match="no such words"):
        letters(6, "police", "")
