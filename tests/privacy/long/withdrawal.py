"""`python -m tests.privacy.long.withdrawal [--races N]`: take back what is being read by, as often as asked.

Half of the races take a consent back at a door, half narrow the agreement. It ends with 1 when a read that began after
the acknowledgement was told anything by what was taken back.

Example: python -m tests.privacy.long.withdrawal --races 1000
"""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from rich.progress import track as progress

from infra.embedded.databases import Databases
from tests.fixtures.databases import running_server
from tests.privacy.withdrawal_races import allowed_afterwards, narrow, race, track_of


def main() -> int:
    """Run the races, print one line of figures; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--races", type=int, default=1000, help="how many in all (1000)")
    races = parser.parse_args().races
    with running_server() as server, tempfile.TemporaryDirectory() as folder:
        databases = server.copy()
        allowed, reads = asyncio.run(_run(databases, Path(folder), races))
        server.drop(databases)
    sys.stdout.write(f"withdrawal: {races} races, {reads} reads, {allowed} allowed after the acknowledgement\n")
    return 1 if allowed else 0


async def _run(databases: Databases, folder: Path, races: int) -> tuple[int, int]:
    allowed = counted = 0
    async with track_of(databases, folder, races // 2) as track:
        for number in progress(range(races), "Taking back", disable=not sys.stderr.isatty()):
            run, own = (race, number) if number < races // 2 else (narrow, number - races // 2)
            reads, acknowledged_at = await run(track, own)
            allowed += allowed_afterwards(reads, acknowledged_at)
            counted += len(reads)
    return allowed, counted


if __name__ == "__main__":
    sys.exit(main())
