"""The agencies' client stands alone: it imports nothing of the house, and what it needs is what it declares."""

import ast
import sys
import tomllib

from tests.house.sources import CHECKOUT, python_files

EXTRAS = {"cryptography", "joserfc"}  # imported where they are used; psycopg is, by name, in outbox/databases.py


def imported() -> set[str]:
    found: set[str] = set()
    for file in python_files("client"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.add(node.module.partition(".")[0])
    return found


def test_it_imports_one_library_and_its_extras() -> None:
    assert imported() - sys.stdlib_module_names == {"chungtay_client", "httpx"} | EXTRAS


def test_it_declares_no_more() -> None:
    declared = tomllib.loads((CHECKOUT / "client" / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert [one.partition(">")[0] for one in declared["dependencies"]] == ["httpx"]
    extras = declared["optional-dependencies"]
    assert {one.partition(">")[0] for name in ("identity", "receipts") for one in extras[name]} == EXTRAS
