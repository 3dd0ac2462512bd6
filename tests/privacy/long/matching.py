"""Whether a child can be followed from one audience's marks to another's, and whether its double is found by marks.

    python -m tests.privacy.long.matching [--children 100000] [--seed 1] [--json]

Followed: every child stands in two views, under a key of each. Whoever holds both is shown a child in the one and two
children in the other, and says which is the same: by marks that are equal, or by how often a child's marks come. The
best that frequencies give is counted, not tried. Found: one child in five is written down again at another agency's
desk; doors keep the marks of both in a database of their own, and the case record asks it which are the same. Bars: P7
of the research on reliability.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from events.likeness import Child
from infra.crypto.likeness_keys import LikenessKeys
from infra.embedded.databases import Databases
from tests.controls.invented_children import Inventor, Noise
from tests.controls.worlds import POLICE, SCHOOL
from tests.fixtures.databases import running_server
from tests.privacy.marked_register import marked_register

CHANCE, MOST_FOLLOWED = 0.5, 0.52
LEAST_FOUND, LEAST_RIGHT = 0.95, 0.99
_DOUBLES = 5  # one child in so many has one


@dataclass(frozen=True)
class Figures:
    """Shares: `followed` of guesses that are right, `found` of doubles, `right` of pairs taken for one child."""

    children: int
    equal_marks: int
    followed: float
    found: float
    right: float

    @property
    def holds(self) -> bool:
        safe = self.equal_marks == 0 and self.followed <= MOST_FOLLOWED
        return safe and self.found >= LEAST_FOUND and self.right >= LEAST_RIGHT


def measure(children: int, seed: int, databases: Databases) -> Figures:
    inventor = Inventor(seed)
    drawn = [inventor.child() for _ in range(children)]
    equal, followed = join_attack(drawn)
    return Figures(children, equal, followed, *find_doubles(drawn, inventor, databases))


def join_attack(children: Sequence[Child]) -> tuple[int, float]:
    """Return how many marks two views of the same children share, and the share of right guesses."""
    here, there = (_view(children, LikenessKeys.draw()) for _ in range(2))
    shared = {mark for marks in here for mark in marks} & {mark for marks in there for mark in marks}
    return len(shared), _guessed(_frequencies(here), _frequencies(there))


def _view(children: Sequence[Child], keys: LikenessKeys) -> list[tuple[bytes, ...]]:
    return [keys.marks(child).marks for child in children]


def _frequencies(view: Sequence[Sequence[bytes]]) -> list[tuple[int, ...]]:
    """Return of each child how often each of its marks comes."""
    counted = Counter(mark for marks in view for mark in marks)
    return [tuple(counted[mark] for mark in marks) for marks in view]


def _guessed(here: Sequence[tuple[int, ...]], there: Sequence[tuple[int, ...]]) -> float:
    """Return the share of right guesses: sure where only one of the two looks like the child, else by chance."""
    looks = Counter(there)
    same = [one == other for one, other in zip(here, there, strict=True)]
    surely = sum(1 - looks[one] / len(there) for one, as_there in zip(here, same, strict=True) if as_there)
    misled = sum(looks[one] / len(there) for one, as_there in zip(here, same, strict=True) if not as_there)
    return CHANCE + (surely - misled) / 2 / len(here)


def find_doubles(children: Sequence[Child], inventor: Inventor, databases: Databases) -> tuple[float, float]:
    """Return the share of doubles that are found, and of the pairs taken for one child that are one."""
    noise = Noise()
    again = {number: inventor.double(children[number], noise) for number in range(0, len(children), _DOUBLES)}
    with marked_register(databases) as register:
        register.name(POLICE, dict(enumerate(children)))
        register.name(SCHOOL, again)
        taken = set(register.alike(SCHOOL, list(again)))
    right = sum(number == other for number, other in taken)
    return right / len(again), right / max(len(taken), 1)


def main(arguments: Sequence[str] | None = None) -> int:
    told = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    told.add_argument("--children", type=int, default=100_000)
    told.add_argument("--seed", type=int, default=1)
    told.add_argument("--json", action="store_true")
    asked = told.parse_args(arguments)
    with running_server() as server:
        figures = measure(asked.children, asked.seed, server.template)
    if asked.json:
        Console().print_json(json.dumps(vars(figures) | {"holds": figures.holds}))
    else:
        _show(figures)
    return 0 if figures.holds else 1


def _show(figures: Figures) -> None:
    table = Table("what", "reached", "bar", title=f"{figures.children:,} invented children")
    table.add_row("marks that two views share", str(figures.equal_marks), "0")
    table.add_row("guesses that follow a child (chance 50 %)", f"{figures.followed:.2%}", f"≤ {MOST_FOLLOWED:.0%}")
    table.add_row("doubles found", f"{figures.found:.2%}", f"≥ {LEAST_FOUND:.0%}")
    table.add_row("pairs taken for one child that are one", f"{figures.right:.2%}", f"≥ {LEAST_RIGHT:.0%}")
    Console().print(table)


if __name__ == "__main__":
    sys.exit(main())
