"""`python -m tests.endurance.hostile`: send every hostile input to real processes and print what came of it.

The table says of each: what is sent, the answer, and the rows of all tables before and after. It ends with 1 when
one answer is not the expected one or anything was written.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.progress import track

from infra.embedded.postgres import EmbeddedPostgres
from infra.postgres.migrate import migrate
from infra.postgres.roles import OWNER
from tests.controls.bad_input import CANARY
from tests.hostile.document import DOCUMENT, document
from tests.hostile.table import HOSTILE, markdown, walk, walked_rows
from tests.hostile.world import World, hostile_world

HEAD = ("kind", "input", "sent", "status", "problem", "faults", "rows", "verdict")


@contextmanager
def own_world() -> Iterator[World]:
    """Start a PostgreSQL server and processes for this walk alone."""
    with tempfile.TemporaryDirectory() as folder:
        server = EmbeddedPostgres(Path(folder) / "data", durable=False)
        try:
            databases = server.start()
            migrate(databases.main(OWNER), databases.keys(OWNER), databases.passwords)
            with hostile_world(databases, Path(folder)) as world:
                yield world
        finally:
            server.stop()


def main(arguments: Sequence[str]) -> int:
    """Walk all inputs, or write the document; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.endurance.hostile", description=__doc__)
    parser.add_argument("--only", metavar="WORD", default="", help="only inputs whose kind or name holds this word")
    parser.add_argument("--json", action="store_true", help="print figures instead of the table")
    parser.add_argument("--write", action="store_true", help=f"write {DOCUMENT.name} and send nothing")
    asked = parser.parse_args(arguments)
    if asked.write:
        DOCUMENT.write_text(document(), encoding="utf-8")
        return 0
    inputs = [one for one in HOSTILE if asked.only in one.id and one.group != "flood"]
    with own_world() as world:
        walked = [walk(world, one) for one in track(inputs, disable=not sys.stderr.isatty())]
        leaks = CANARY in world.logs()
    wrong = [one for one in walked if one.wrong]
    figures = {"inputs": len(walked), "answers": 2 * len(walked), "wrong": len(wrong), "leaked_to_log": leaks}
    rows = sum(one.after - one.before for one in walked)
    figures["rows_written"] = rows
    sys.stdout.write(
        json.dumps(figures) + "\n" if asked.json else markdown(walked_rows(walked), HEAD) + f"\n{figures}\n"
    )
    return 1 if wrong or leaks or rows else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
