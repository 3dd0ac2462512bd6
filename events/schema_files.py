"""The JSON Schema of every event type, one file each in `events/schemas/`, categories included.

`python -m events.schema_files` writes them; with `--check` it writes nothing and ends with 1 when a file is
missing, stale or left over. A file that is there is a promise: a change that breaks it is never written, and a version
that is gone neither. This is the build's own tool: no service calls it.
"""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from pydantic import JsonValue

from events.event import Event
from events.registry import EVENT_CLASSES
from events.schema_changes import broken_promises

FOLDER = Path(__file__).parent / "schemas"


def schema_of(event_class: type[Event]) -> dict[str, JsonValue]:
    """Return the JSON Schema (2020-12) of an event's data as submitted, with whom and what it concerns.

    Shape: `x-about` is the row that governs whether the event is told, `x-by` the agencies that may assert
    it; each property carries `x-category` and, when sealed, `x-part`, `x-person` and `x-summary`.
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:chungtay:{event_class.TYPE}",
        "x-about": event_class.ABOUT.value,
        "x-by": sorted(agency.value for agency in event_class.BY),
        **event_class.model_json_schema(),
    }


def schema_texts() -> dict[str, str]:
    """Return the text of every schema file by file name."""
    return {f"{type_}.json": _text(schema_of(found)) for type_, found in EVENT_CLASSES.items()}


def stale(wanted: Mapping[str, str], folder: Path = FOLDER) -> list[str]:
    """Return the names of files that are missing, differ from what is wanted or are left over."""
    found = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.json")}
    return sorted(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name))


def promises_broken(wanted: Mapping[str, str], folder: Path = FOLDER) -> Iterator[str]:
    """Yield file and place of everything that the files there promise and that is wanted no longer."""
    for path in folder.glob("*.json"):
        if path.name not in wanted:
            yield path.name
        else:
            before, after = json.loads(path.read_text(encoding="utf-8")), json.loads(wanted[path.name])
            yield from (f"{path.name}#{place}" for place in broken_promises(before, after))


def write(wanted: Mapping[str, str], folder: Path = FOLDER) -> None:
    """Make the folder hold exactly the wanted files."""
    folder.mkdir(exist_ok=True)
    for name in stale(wanted, folder):
        if name in wanted:
            (folder / name).write_text(wanted[name], encoding="utf-8")
        else:
            (folder / name).unlink()


def main(arguments: Sequence[str]) -> int:
    """Write the files, or check them; return the exit code (2: used wrongly)."""
    wanted = schema_texts()
    match list(arguments):
        case []:
            broken = sorted(promises_broken(wanted))
            sys.stdout.writelines(f"breaks what was promised: {place}; make a new version\n" for place in broken)
            if not broken:
                write(wanted)
            return 1 if broken else 0
        case ["--check"]:
            names = stale(wanted)
            sys.stdout.writelines(f"stale: {name}; run python -m events.schema_files\n" for name in names)
            return 1 if names else 0
        case _:
            sys.stderr.write("usage: python -m events.schema_files [--check]\n")
            return 2


def _text(schema: Mapping[str, JsonValue]) -> str:
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
