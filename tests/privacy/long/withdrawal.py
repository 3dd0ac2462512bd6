"""`python -m tests.privacy.long.withdrawal [--races N]`: take back what is being read by, as often as asked.

A fifth of the races each takes a consent back at a door, narrows the agreement, takes a purpose out of it, orders a
case to be sealed, ends the tokens of whoever reads. It ends with 1 when a read that began after the acknowledgement was
told anything by what was taken back, when a race had no read under way at that moment, or when a reader that forgets to
ask is not caught.

Example: python -m tests.privacy.long.withdrawal --races 1000
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from math import ceil
from multiprocessing import get_context
from pathlib import Path

from infra.embedded.databases import Databases
from tests.fixtures.databases import running_server
from tests.privacy.races.mutants import plant
from tests.privacy.races.racing import RACES, lanes_for, run
from tests.privacy.races.track import Lane, Race, track_of

_MUTANT_RACES = 2


@dataclass(frozen=True)
class Share:
    """What one process raced for: every race by kind, and the forgetful readers that were caught."""

    races: dict[str, list[Race]]
    caught: list[str]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the races, print a line of figures for each kind; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--races", type=int, default=1000, help="how many in all (1000)")
    parser.add_argument("--processes", type=int, default=2, help="among how many processes they are shared (2)")
    asked = parser.parse_args(arguments)
    begun = time.monotonic()
    shares = _shared(asked.races, asked.processes)
    held = True
    for kind in RACES:
        races = [race for share in shares for race in share.races[kind]]
        allowed, idle = sum(race.allowed for race in races), sum(not race.in_flight for race in races)
        reads, in_flight = sum(len(race.reads) for race in races), sum(race.in_flight for race in races)
        caught = all(kind in share.caught for share in shares)
        held = held and caught and not allowed and not idle
        sys.stdout.write(
            f"{kind}: {len(races)} races, {reads} reads, {in_flight} under way when it was acknowledged,"
            f" {allowed} allowed afterwards; a forgetful reader is {'caught' if caught else 'NOT caught'}\n"
        )
    sys.stdout.write(f"withdrawal: {asked.races} races in {time.monotonic() - begun:.0f} s\n")
    return 0 if held else 1


def _shared(races: int, processes: int) -> list[Share]:
    """Share the races among processes, each with databases of its own on one server."""
    each = ceil(races / processes / len(RACES))
    with running_server() as server, ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        tracks = [server.copy() for _ in range(processes)]
        shares = list(pool.map(_share, tracks, [each] * processes))
        for databases in tracks:
            server.drop(databases)
    return shares


def _share(databases: Databases, each: int) -> Share:
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_run(databases, Path(folder), each))


async def _run(databases: Databases, folder: Path, each: int) -> Share:
    share = Share({}, [])
    lanes = lanes_for(each)
    spare = Lane(len(lanes))
    async with track_of(databases, folder, [*lanes, spare]) as track:
        for kind in RACES:
            share.races[kind] = await run(track, kind, lanes, each)
        for kind in RACES:
            plant(track, kind)
            if any(race.allowed for race in await run(track, kind, [spare], _MUTANT_RACES)):
                share.caught.append(kind)
    return share


if __name__ == "__main__":
    sys.exit(main())
