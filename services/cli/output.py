"""What a command says: tables and colours for people, JSON for programs, errors on one line."""

import json
import shlex
import sys
from pathlib import Path
from typing import Any, Self

from rich.console import Console
from rich.markup import escape

from services.cli.data_dir import DEFAULT
from services.cli.stops import Stop

console = Console(highlight=False)


def say(text: object) -> None:
    """Tell a person something."""
    console.print(text, soft_wrap=isinstance(text, str))


def say_json(value: Any) -> None:
    """Tell a program something: one JSON document, nothing else on standard output."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=1) + "\n")


class Listing:
    """A list that is told while it grows: lines for people, one JSON array for programs."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json
        self._before = "[\n"

    def __enter__(self) -> Self:
        return self

    def add(self, document: Any, line: str) -> None:
        """Tell of one more."""
        if not self._as_json:
            say(escape(line))
            return
        sys.stdout.write(self._before + json.dumps(document, ensure_ascii=False))
        self._before = ",\n"

    def __exit__(self, *_: object) -> None:
        """End the list, whatever ended what it is about."""
        if self._as_json:
            sys.stdout.write("[]\n" if self._before.startswith("[") else "\n]\n")


def complain(stop: Stop, *, as_json: bool) -> None:
    """Say in one line on standard error why the command ends."""
    text = (
        json.dumps({"error": str(stop), "exit": int(stop.code)}, ensure_ascii=False) if as_json else f"chungtay: {stop}"
    )
    sys.stderr.write(text + "\n")


def command() -> str:
    """Return how this command was called, for a person to call it again from the same folder."""
    called = Path(sys.argv[0])
    if called.name != "chungtay":
        return "chungtay"
    return str(called.relative_to(Path.cwd())) if called.is_relative_to(Path.cwd()) else str(called)


def typed(words: str, data_dir: Path) -> str:
    """Return a command as it must be typed for a data dir, which is named where it is not the default one."""
    named = "" if data_dir.absolute() == DEFAULT.absolute() else f" --data-dir {shlex.quote(str(data_dir))}"
    return f"`{command()} {words}{named}`"
