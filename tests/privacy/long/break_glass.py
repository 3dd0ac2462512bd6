"""`python -m tests.privacy.long.break_glass [--uses N] [--kills N]`: break glasses and read, while the door is killed.

It ends with 1 when anything was answered that is in no access log, or a glass was broken of which the owning unit's
desk or the history of the case does not tell.

Example: python -m tests.privacy.long.break_glass --uses 10000 --kills 100
"""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from infra.embedded.databases import Databases
from tests.fixtures.databases import running_server
from tests.privacy.breaking_under_kills import Found, break_and_kill, running


def main() -> int:
    """Run, print one line of figures; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--uses", type=int, default=10_000, help="how many break a glass and read (10000)")
    parser.add_argument("--kills", type=int, default=100, help="how often the door is killed meanwhile (100)")
    parser.add_argument("--seed", type=int, default=7, help="at which moments (7)")
    asked = parser.parse_args()
    with running_server() as server, tempfile.TemporaryDirectory() as folder:
        databases = server.copy()
        found = asyncio.run(_run(databases, Path(folder), asked))
        server.drop(databases)
    sys.stdout.write(
        f"break-glass: {found.uses} uses, {found.kills} kills, {found.cut_off} cut off, {found.broken} broken,"
        f" {found.read} read, {found.unlogged} unlogged, {found.untold} untold\n"
    )
    return 1 if found.unlogged or found.untold or not found.read else 0


async def _run(databases: Databases, folder: Path, asked: argparse.Namespace) -> Found:
    async with running(databases, folder, asked.seed) as run:
        return await break_and_kill(run, asked.uses, asked.kills)


if __name__ == "__main__":
    sys.exit(main())
