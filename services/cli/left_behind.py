"""Ends what outlived a killed supervisor: its services, its broker, its database.

Run as `python -m services.cli.left_behind OPTIONS_FILE`, apart from the commands, which need none of the parts;
says `true` when anything was left.
"""

import json
import sys
from pathlib import Path

from infra import processes
from services.cli import parts
from services.cli.options import Options
from services.cli.state import read_state


def end_left_behind(options: Options) -> bool:
    """End all of it; tell whether there was anything."""
    state = read_state(options.place.state)
    marks = state.marks() if state is not None else []
    database, broker = parts.database(options), parts.broker(options)
    left = database.alive() or broker.pid() is not None or any(processes.find(each) is not None for each in marks)
    processes.end(marks)
    broker.stop()
    database.stop()
    options.place.state.unlink(missing_ok=True)
    options.place.endpoints.unlink(missing_ok=True)
    return left


if __name__ == "__main__":
    asked = Options.model_validate_json(Path(sys.argv[1]).read_bytes())
    sys.stdout.write(json.dumps(end_left_behind(asked)))
