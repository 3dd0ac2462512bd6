"""`python -m tests.privacy.walls.attack keys|database`: attack one wall in the tree it is run in; rows of JSON."""

import asyncio
import json
import sys
import tempfile
from contextlib import AsyncExitStack
from dataclasses import asdict
from pathlib import Path

from tests.fixtures.databases import running_server
from tests.privacy.walls import attacking_databases, attacking_keys
from tests.privacy.walls.cells import Tried
from tests.privacy.walls.stand import build_stand

ATTACKS = {"keys": attacking_keys.attack, "database": attacking_databases.attack}


async def attacked(wall: str) -> list[Tried]:
    """Build what is attacked, attack, and leave nothing behind."""
    with running_server() as server, tempfile.TemporaryDirectory() as folder:
        databases = server.copy()
        async with AsyncExitStack() as stack:
            return await ATTACKS[wall](await build_stand(databases, Path(folder), stack))


if __name__ == "__main__":
    sys.stdout.write(json.dumps([asdict(one) for one in asyncio.run(attacked(sys.argv[1]))]))
