"""Whether the time that an answer takes tells the worlds apart: who learned from half of the times guesses the others.

Measured are the requests that meet the hidden case in the world where it stands, by those from whom it is sealed, in
both worlds by turns, on one processor, while another is kept busy.
"""

import os
import random
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import product
from statistics import quantiles

from tests.privacy.worlds.asks import ask_for_the_hidden_case, left_out_at
from tests.privacy.worlds.differential import drawable
from tests.privacy.worlds.world import Ask, Worlds

BAR = 0.52  # of the guesses may be right
PLANTED = 1.2  # so many times as long: a difference that must be guessed, or the guessing proves nothing
_CUTS = 20
_BUSY = "while True: pass"


@dataclass(frozen=True)
class Timed:
    """How many seconds one request, the `ask`-th, took in each world."""

    ask: int
    without: float
    with_it: float


@dataclass(frozen=True)
class Guessed:
    """How many guesses there were, and how many of them were right."""

    right: int
    guesses: int

    @property
    def share(self) -> float:
        return self.right / self.guesses


def measure(
    worlds: Worlds, pairs: int, *, drawn_by: int = 1, on_pair: Callable[[], None] = lambda: None
) -> list[Timed]:
    """Return the times of so many requests, each made in both worlds, in one first or in the other by chance."""
    drawn, asks = random.Random(drawn_by), _asks(worlds)  # noqa: S311 - a seed that can be told and used again
    for ask in asks:  # whatever is slower the first time
        worlds.answers(ask)
    timed = []
    with _pinned_load():
        for _ in range(pairs):
            number = drawn.randrange(len(asks))
            first, second = drawn.sample(worlds.both, 2)
            took = {id(world): world.seconds(asks[number]) for world in (first, second)}
            timed.append(Timed(number, took[id(worlds.without)], took[id(worlds.with_it)]))
            on_pair()
    return timed


def guessed(timed: Sequence[Timed], *, drawn_by: int = 1) -> Guessed:
    """Learn from one half, drawn by chance, at each request whose its times are, and guess the other; then in turn."""
    mixed = random.Random(drawn_by).sample(timed, len(timed))  # noqa: S311 - as above
    by_ask: dict[int, tuple[list[Timed], list[Timed]]] = defaultdict(lambda: ([], []))
    for place, one in enumerate(mixed):
        by_ask[one.ask][place % 2].append(one)
    halves = [pair for one, other in by_ask.values() for pair in ((one, other), (other, one))]
    told = [(_learned(known), rest) for known, rest in halves if known and rest]
    right = sum((not guess(one.without)) + guess(one.with_it) for guess, rest in told for one in rest)
    return Guessed(right, 2 * sum(len(rest) for _, rest in told))


def with_planted_delay(timed: Sequence[Timed]) -> list[Timed]:
    """Return the same, as if answers took longer where the hidden case stands."""
    return [replace(one, with_it=one.with_it * PLANTED) for one in timed]


def _learned(known: Sequence[Timed]) -> Callable[[float], bool]:
    """Return the guess that a time is of the world with the case, by the one cut that is right most often."""
    cuts = quantiles([seconds for one in known for seconds in (one.without, one.with_it)], n=_CUTS)

    def right(rule: tuple[float, bool]) -> int:
        cut, slower = rule
        return sum(((one.with_it > cut) == slower) + ((one.without > cut) != slower) for one in known)

    cut, slower = max(product(cuts, (True, False)), key=right)
    return lambda seconds: (seconds > cut) == slower


def _asks(worlds: Worlds) -> list[Ask]:
    reading = [route for route in drawable(worlds) if route.reads]
    asks = [ask_for_the_hidden_case(route, reader) for route in reading for reader in left_out_at(route.service)]
    return list(dict.fromkeys(asks))


@contextmanager
def _pinned_load() -> Iterator[None]:
    """Keep this thread on one processor, and another one busy."""
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(allowed)})
    busy = subprocess.Popen([sys.executable, "-c", _BUSY])
    os.sched_setaffinity(0, {min(allowed)})
    try:
        yield
    finally:
        busy.kill()
        busy.wait()
        os.sched_setaffinity(0, allowed)
