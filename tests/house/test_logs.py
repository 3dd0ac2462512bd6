"""A line of the log says what its writer meant to say: only keys that pass are logged."""

import ast
from collections.abc import Iterator
from pathlib import Path

from infra.logging import OPERATIONAL_KEYS
from tests.house.sources import PACKAGES, python_files, relative

LOGS = ("_log", "log", "logger")
MADE_OTHERWISE = {"exc_info"}  # told as `error` and `trace`


def logged(file: Path) -> Iterator[tuple[int, str]]:
    """Yield each key that is logged, with its line."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name)), keywords=keywords) if name in LOGS:
                yield from ((node.lineno, keyword.arg or "**") for keyword in keywords)


def test_no_key_is_logged_that_is_dropped() -> None:
    found = [(relative(file), *one) for file in python_files(*PACKAGES) for one in logged(file)]
    assert len(found) > 20
    assert [one for one in found if one[2] not in OPERATIONAL_KEYS | MADE_OTHERWISE] == []
