"""The agreement with one cell broken: every clause of it tells a level more, or a level less, than was agreed."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from events.labels import OPEN_CATEGORIES, Category
from events.parties import Audience
from projections.disclosure.agreement import NEVER_YET, Agreement, Clause, Level

CELLS = [(category, audience) for category in Category if category not in OPEN_CATEGORIES for audience in Audience]


@dataclass(frozen=True)
class Broken:
    """An agreement that differs from the one in force in one cell alone."""

    category: Category
    audience: Audience
    agreement: Agreement


def broken(agreement: Agreement, category: Category, audience: Audience) -> Iterator[Broken]:
    """Yield the agreement with the cell raised, and with it lowered, as far as its levels have room."""
    for step in (1, -1):
        clauses = [
            replace(one, level=_moved(one.level, step)) if _decides(one, category, audience) else one
            for one in agreement.clauses
        ]
        if tuple(clauses) != agreement.clauses:
            yield Broken(category, audience, Agreement(agreement.version, clauses))


def _decides(clause: Clause, category: Category, audience: Audience) -> bool:
    """Say whether a clause is of the cell and can hold: what cannot hold yet is expected nothing of."""
    return (clause.category, clause.audience) == (category, audience) and not clause.conditions & NEVER_YET


def _moved(level: Level, step: int) -> Level:
    by_rank = sorted(Level, key=lambda one: one.rank)
    return by_rank[min(max(level.rank + step, 0), len(by_rank) - 1)]
