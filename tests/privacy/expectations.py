"""Everything that section D lets expect of a reader, one by one."""

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from events.labels import Category
from events.parties import Audience
from projections.disclosure.agreement import Agreement, Level
from tests.privacy.matrix import SECTION_D, Eyes, Situation, level_seen

TABLE: dict[str, Any] = tomllib.loads(SECTION_D.read_text(encoding="utf-8"))
READERS = {name: Eyes.of(told) for name, told in TABLE["readers"].items()}
LEVELS = {"F": Level.FULL, "S": Level.SUMMARY, "E": Level.EXISTS, "N": Level.NONE}

Cell = tuple[Category, Audience]


@dataclass(frozen=True)
class Expectation:
    """What one reader is to see of one category in one situation."""

    category: Category
    reader: str
    situation: Situation
    level: Level

    @property
    def cell(self) -> Cell:
        """The cell of the agreement that it speaks of; chair and member share the committee's."""
        return self.category, READERS[self.reader].audience

    def is_met(self, agreement: Agreement) -> bool:
        return level_seen(self.category, READERS[self.reader], self.situation, agreement) is self.level


def expectations() -> Iterator[Expectation]:
    """Yield every expectation of the table, while the case is open and after closure."""
    for row, cells in TABLE["rows"].items():
        yield from _both(row, cells, Situation())
    for row, cells in TABLE["own"]["record"].items():
        yield from _both(row, cells, Situation(own_record=True))
    for row, cells in TABLE["own"]["task"].items():
        yield from _both(row, cells, Situation(own_task=True))
    for row, cells in TABLE["own"]["unforwarded"].items():
        for reader, letter in cells.items():
            yield Expectation(Category(row), reader, Situation(own_record=True, forwarded=False), LEVELS[letter])


def _both(row: str, cells: dict[str, str], situation: Situation) -> Iterator[Expectation]:
    for reader, letters in cells.items():
        for closed, letter in enumerate(letters):
            yield Expectation(Category(row), reader, replace(situation, closed=bool(closed)), LEVELS[letter])


def red_cells(agreement: Agreement, asked: Iterable[Expectation]) -> frozenset[Cell]:
    """Return the cells of which an agreement breaks an expectation."""
    return frozenset(one.cell for one in asked if not one.is_met(agreement))
