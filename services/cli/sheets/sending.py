"""Take the events of a sheet to the door in batches, each answered by itself; asking again is harmless."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.cli.desk import Desk, told
from services.cli.sheets.statements import Stated
from services.cli.sheets.table import Row

BATCH_EVENTS = 100  # far below what a door takes at once, so that progress shows and a refusal of all is rare


@dataclass(frozen=True, slots=True)
class Answered:
    """What the door said of a row."""

    stated: Stated
    answer: Mapping[str, Any]

    @property
    def row(self) -> Row:
        """The row."""
        return self.stated.row

    @property
    def refused(self) -> bool:
        """Whether the row was not taken."""
        return "problem" in self.answer

    @property
    def fresh(self) -> bool:
        """Whether the row is, or would be, new at the door."""
        receipt = self.answer.get("receipt", {})
        return not self.refused and (self.answer["status"] == 202 or receipt.get("would_be") == "accepted")  # noqa: PLR2004


class Sender:
    """Speaks to one agency's door as each unit that has rows in a sheet; `desk_of` opens the desk of a unit."""

    def __init__(self, desk_of: Callable[[str], Desk]) -> None:
        self._desk_of = desk_of

    def send(self, rows: Sequence[Stated], on_answer: Callable[[int], None], *, dry_run: bool) -> list[Answered]:
        """Return the door's answer to each row, in the order of the sheet; `on_answer` is told how many came.

        Order: rows of one unit go in the order of the sheet.

        Raises:
            SheetStop: if the door refuses all, or cannot be reached; what was accepted before stays accepted.
        """
        answered: dict[int, Answered] = {}
        for source, batch in _batches(rows):
            answers = told(self._desk_of(source).publish_batch([one.event for one in batch], dry_run=dry_run))
            for one, answer in zip(batch, answers, strict=True):
                answered[one.row.number] = Answered(one, answer)
            on_answer(len(batch))
        return [answered[one.row.number] for one in rows]


def _batches(rows: Sequence[Stated]) -> Iterator[tuple[str, Sequence[Stated]]]:
    for source in dict.fromkeys(one.source for one in rows):
        theirs = [one for one in rows if one.source == source]
        for start in range(0, len(theirs), BATCH_EVENTS):
            yield source, theirs[start : start + BATCH_EVENTS]
