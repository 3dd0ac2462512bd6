"""Is a cell of the agreement whole: does something always hold, does every clause count, does none contradict another.

A cell is tried with every combination of what its clauses ask for, on a day of each span in which the same clauses are
in force; a clause that never decides is dead, and a span without a clause that holds always is a gap.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain, combinations

from events.labels import Category
from projections.disclosure.agreement import Clause, Condition, Level

_ANY_OTHER_PART = ""


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong, where (the cell, and the clause where it is one's), and what to do."""

    where: str
    what: str
    mend: str

    def __str__(self) -> str:
        """Return it as one line."""
        return f"{self.where}: {self.what}. {self.mend}"


def cell_faults(cell: Sequence[Clause], purposes: frozenset[str]) -> Iterator[Flaw]:
    """Yield what is wrong with the clauses of one cell, in their order; `purposes` are those of its audience."""
    yield from _gaps(cell, purposes)
    yield from _course_kept_back(cell)
    contradictions = list(_contradictions(cell))
    yield from contradictions
    named = {fault.where for fault in contradictions}
    alive = _deciding(cell, purposes)
    for clause in cell:
        if clause.id not in alive and place_of(clause) not in named:
            yield Flaw(
                place_of(clause),
                "it never decides, for the clauses before it decide all that it speaks of",
                "Move it up, or remove it",
            )


def place_of(clause: Clause) -> str:
    """Return where a clause stands, for a person: its cell and its id."""
    return f"{clause.category}.{clause.audience} {clause.id}"


def _gaps(cell: Sequence[Clause], purposes: frozenset[str]) -> Iterator[Flaw]:
    for day in _days(cell):
        always = [
            clause
            for clause in cell
            if clause.in_force(day) and not clause.conditions and clause.parts is None and _serves(clause, purposes)
        ]
        if not always:
            since = f"from {day} on" if day != date.min else "from the beginning"
            yield Flaw(
                f"{cell[0].category}.{cell[0].audience}",
                f"{since} no clause holds always",
                "End the cell with a clause without conditions, parts and days, `none` if nothing is to be told",
            )


def _course_kept_back(cell: Sequence[Clause]) -> Iterator[Flaw]:
    """Yield each clause that would keep from a view what it goes by: who joined, and that a case is sealed."""
    for clause in cell:
        if clause.category is Category.OPERATIONAL and clause.level is not Level.FULL:
            yield Flaw(
                place_of(clause),
                "views hide a sealed case by what is operational, so that must be told in full",
                'Write level = "full", and keep back by the other categories',
            )


def _contradictions(cell: Sequence[Clause]) -> Iterator[Flaw]:
    for before, clause in combinations(cell, 2):
        same = (before.conditions, before.parts, before.purposes) == (clause.conditions, clause.parts, clause.purposes)
        if same and before.level is not clause.level and _overlap(before, clause):
            yield Flaw(
                place_of(clause),
                f"it says {clause.level} where {before.id} says {before.level} under the same conditions",
                "Keep one of the two, or give them days that do not overlap",
            )


def _deciding(cell: Sequence[Clause], purposes: frozenset[str]) -> set[str]:
    """Return the clauses that decide in some situation."""
    asked = sorted({condition for clause in cell for condition in clause.conditions})
    parts = {_ANY_OTHER_PART, *(part for clause in cell for part in clause.parts or ())}
    stated = purposes | {purpose for clause in cell for purpose in clause.purposes}
    found: set[str] = set()
    for day in _days(cell):
        in_force = [clause for clause in cell if clause.in_force(day)]
        for met in _subsets(asked):
            for part in parts:
                about = [clause for clause in in_force if clause.conditions <= met and clause.covers(part)]
                found |= {
                    next((clause.id for clause in about if _serves(clause, frozenset({purpose}))), "")
                    for purpose in stated
                }
    return found


def _serves(clause: Clause, purposes: frozenset[str]) -> bool:
    """Say whether a clause speaks to these purposes; nothing but content needs one."""
    return clause.level not in {Level.FULL, Level.SUMMARY} or purposes <= clause.purposes


def _days(cell: Iterable[Clause]) -> list[date]:
    """Return the first day of each span in which the same clauses are in force."""
    days = {date.min}
    for clause in cell:
        if clause.valid_from:
            days.add(clause.valid_from)
        if clause.valid_to and clause.valid_to < date.max:
            days.add(clause.valid_to + timedelta(days=1))
    return sorted(days)


def _overlap(one: Clause, other: Clause) -> bool:
    begin = max(one.valid_from or date.min, other.valid_from or date.min)
    return begin <= min(one.valid_to or date.max, other.valid_to or date.max)


def _subsets(conditions: Sequence[Condition]) -> Iterator[frozenset[Condition]]:
    sizes = range(len(conditions) + 1)
    return map(frozenset, chain.from_iterable(combinations(conditions, size) for size in sizes))
