"""What sets two versions of the agreement apart, cell by cell."""

import tomllib
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any

from events.labels import Category
from events.parties import Audience
from projections.disclosure.agreement import Agreement, Clause


def clause_changes(old: Agreement, new: Agreement) -> list[dict[str, Clause | None]]:
    """Return what is otherwise cell by cell; a clause that was moved too, for the first one that holds decides."""
    return [change for cells in zip(_cells(old), _cells(new), strict=True) for change in _cell_changes(*cells)]


def other_words(old: bytes, new: bytes) -> list[dict[str, Any]]:
    """Return what is otherwise beside the clauses: of each category its names, its basis and how long it is kept."""
    before, after = (tomllib.loads(text.decode()) for text in (old, new))
    return [
        {"where": f"{category}.{word}", "before": before[category].get(word), "after": after[category].get(word)}
        for category in Category
        for word in sorted({*before[category], *after[category]} - {*Audience})
        if before[category].get(word) != after[category].get(word)
    ]


def _cells(agreement: Agreement) -> Iterator[tuple[Clause, ...]]:
    for category in Category:
        for audience in Audience:
            yield tuple(one for one in agreement.clauses if (one.category, one.audience) == (category, audience))


def _cell_changes(before: Sequence[Clause], after: Sequence[Clause]) -> Iterator[dict[str, Clause | None]]:
    for kind, start, end, new_start, new_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind != "equal":
            for one, other in zip_longest(before[start:end], after[new_start:new_end]):
                yield {"before": one, "after": other}
