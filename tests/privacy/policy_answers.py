"""Ask the product every question of the policy table, and tell where it answers otherwise."""

from collections import Counter
from collections.abc import Iterable

from projections.disclosure.agreement import Level
from projections.disclosure.packaged import packaged_agreement
from tests.privacy.matrix import levels_seen
from tests.privacy.policy_table import Asked, expected

_UNOPENED = {Level.EXISTS, Level.NONE}


def compare(questions: Iterable[Asked]) -> tuple[Counter[str], list[str]]:
    """Return how many answers were compared, by what they are to be, and every answer that is another.

    What is asked for a purpose that opens nothing may at most be told to exist, and only where something is told.
    """
    counted: Counter[str] = Counter()
    wrong = []
    for asked in questions:
        seen = levels_seen(asked.category, asked.eyes, asked.situation, packaged_agreement())
        for part in asked.parts:
            level, given = expected(asked, part), seen.get(part, Level.NONE)
            counted[level if asked.may_open else "unopened"] += 1
            if not _as_expected(given, level, may_open=asked.may_open):
                wrong.append(f"{asked} {part}: {given.value}, not {level.value}")
        wrong += [f"{asked} {part}: of no such part" for part in seen.keys() - set(asked.parts)]
    return counted, wrong


def _as_expected(given: Level, level: Level, *, may_open: bool) -> bool:
    return given is level if may_open else given in _UNOPENED and given.rank <= level.rank
