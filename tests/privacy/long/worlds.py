"""Compare what all services answer with and without a hidden case.

    python -m tests.privacy.long.worlds [--pairs 10000] [--seed 1] [--processes 2]
    python -m tests.privacy.long.worlds --timings [--pairs 5000] [--seed 1]

It ends with 1 at the first answer that tells the two worlds apart to somebody from whom the case is hidden; also when
an address that tells of cases shows the hidden one to nobody entitled, or would not show it to the others if it
were not sealed, or a planted leak would not have been seen. Each process compares its share in worlds of its own. With
`--timings`, when more than 52 of 100 guesses from how long answers take are right, two guesses a pair, or a planted
delay would not be guessed.
"""

import argparse
import logging
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import repeat
from math import ceil
from multiprocessing import get_context
from pathlib import Path
from typing import TypeAlias

import structlog
from rich.progress import Progress

from tests.fixtures.databases import running_server
from tests.privacy.worlds.comparing import WorldsDifferError
from tests.privacy.worlds.differential import (
    Compared,
    compare,
    drawable,
    shown_to_the_entitled,
    shown_were_it_not_sealed,
)
from tests.privacy.worlds.planted import LEAKS
from tests.privacy.worlds.timing import BAR, PLANTED, guessed, measure, with_planted_delay
from tests.privacy.worlds.world import Worlds, two_worlds

Shown: TypeAlias = dict[str, set[str]]  # by address, the units that were told of the hidden case

_PAIRS, _TIMED_PAIRS = 10_000, 5_000


@dataclass(frozen=True)
class Share:
    """What one process found: its pairs, how many routes there are, and whom which address tells of the hidden case."""

    compared: Compared
    routes: int
    entitled: Shown
    left_out: Shown


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare, print one line of figures; return the exit code."""
    told = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    told.add_argument("--pairs", type=int, help=f"how many ({_PAIRS}; of timings {_TIMED_PAIRS})")
    told.add_argument("--seed", type=int, default=1, help="by which requests are drawn (1)")
    told.add_argument("--processes", type=int, default=2, help="among how many the pairs are shared (2)")
    told.add_argument("--timings", action="store_true", help="guess the world from how long answers take")
    asked = told.parse_args(arguments)
    if asked.timings:
        return _guessed(asked.pairs or _TIMED_PAIRS, asked.seed)
    return _compared(asked.pairs or _PAIRS, asked.seed, asked.processes)


def _compared(pairs: int, drawn_by: int, processes: int) -> int:
    seeds = range(drawn_by, drawn_by + processes)
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        try:
            shares = list(pool.map(_share, seeds, repeat(ceil(pairs / processes))))
        except WorldsDifferError as differ:
            sys.stdout.write(f"worlds: {differ}\n")
            return 1
    found, first = _all_of([share.compared for share in shares]), shares[0]
    controls = (first.entitled, first.left_out)
    sys.stdout.write(f"worlds: {_figures(found, first.routes, *controls)}\n")
    told = all(to for shown in controls for to in shown.values())
    return 0 if told and set(found.caught) == set(LEAKS) else 1


def _share(drawn_by: int, pairs: int) -> Share:
    with _worlds() as worlds, _progress("Comparing", pairs) as advance:
        controls = (shown_to_the_entitled(worlds), shown_were_it_not_sealed(worlds))
        found = compare(worlds, pairs, drawn_by=drawn_by, on_pair=advance)
        return Share(found, len(drawable(worlds)), *controls)


def _all_of(shares: Sequence[Compared]) -> Compared:
    whole = Compared()
    for share in shares:
        whole.services.update(share.services)
        whole.statuses.update(share.statuses)
        whole.caught.update(share.caught)
    return whole


@contextmanager
def _worlds() -> Iterator[Worlds]:
    logging.disable()  # no broker is there, and the doors say so at each question for their readiness
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    with (
        running_server() as server,
        tempfile.TemporaryDirectory() as directory,
        two_worlds(server, Path(directory)) as worlds,
    ):
        yield worlds


@contextmanager
def _progress(what: str, total: int) -> Iterator[Callable[[], None]]:
    with Progress(disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task(what, total=total)
        yield lambda: progress.advance(task)


def _guessed(pairs: int, drawn_by: int) -> int:
    with _worlds() as worlds, _progress("Timing", pairs) as advance:
        timed = measure(worlds, pairs, drawn_by=drawn_by, on_pair=advance)
    found, planted = guessed(timed), guessed(with_planted_delay(timed))
    share = f"{found.share:.1%} of {found.guesses} guesses right (at most {BAR:.0%})"
    sys.stdout.write(f"timings: {share}; with a planted delay of {PLANTED - 1:.0%}, {planted.share:.1%}\n")
    return 0 if found.share <= BAR < planted.share else 1


def _figures(found: Compared, routes: int, entitled: Shown, left_out: Shown) -> str:
    seen = f"{_told(entitled)} addresses show it to whoever may know, {_told(left_out)} would were it not sealed"
    statuses = ", ".join(f"{count} x {status}" for status, count in sorted(found.statuses.items()))
    caught = f"{len(found.caught)} of {len(LEAKS)} planted leaks seen"
    asked = f"{found.pairs} pairs at {routes} routes of {len(found.services)} services"
    return f"{asked}, 0 differences ({statuses}); {seen}; {caught}"


def _told(shown: Shown) -> str:
    return f"{sum(map(bool, shown.values()))} of {len(shown)}"


if __name__ == "__main__":
    sys.exit(main())
