"""The documents say what is so: files they name exist, and the README shows the table that the demo prints."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer import Typer

from services.cli.app import app

ROOT = Path(__file__).parents[2]
DOCUMENTS = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "client" / "README.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]
COLUMNS = (
    "police",
    "health",
    "education",
    "case_manager",
    "committee_chair",
    "committee_member",
    "hotline",
    "coordinator",
    "auditor",
)
LETTERS = {"F": "full", "S": "summary", "E": "exists", "–": "none"}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_that_a_document_links_to_exists(document: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", document.read_text(encoding="utf-8"))
    missing = [link for link in links if not (document.parent / link).exists()]
    assert not missing


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_that_a_document_names_exists(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:client|events|infra|projections|services|tests|docs|bench)/[\w./-]*\w/?)`", text))
    modules = {name.replace(".", "/") for name in re.findall(r"`python -m ((?:tests|bench)\.[\w.]+)", text)}
    missing = [name for name in named if not (ROOT / name).exists()]
    missing += [name for name in modules if not (ROOT / f"{name}.py").exists() and not (ROOT / name).is_dir()]
    assert not missing


def test_the_readme_shows_who_sees_what() -> None:
    expected = tomllib.loads((ROOT / "tests/privacy/expected_scenario_1.toml").read_text(encoding="utf-8"))["after_21"]
    shown: dict[str, dict[str, str]] = {reader: {} for reader in COLUMNS}
    for line in (ROOT / "README.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("│").split("│")]
        if line.startswith("│") and len(cells) == len(COLUMNS) + 2:
            for reader, letter in zip(COLUMNS, cells[2:], strict=True):
                shown[reader][cells[1]] = LETTERS[letter]
    assert shown == expected


def test_the_readme_names_every_command() -> None:
    table = (ROOT / "README.md").read_text(encoding="utf-8").split("## The commands")[1].split("\n## ")[0]
    cells = [line.split("|")[1] for line in table.splitlines() if line.startswith("|")]
    named = {name for cell in cells for name in re.findall(r"`(?:chungtay )?(?:agreement |keys )?([a-z-]+)", cell)}
    assert {*every_command(app)} - named == set()


def every_command(group: Typer) -> Iterator[str]:
    for command in group.registered_commands:
        yield command.name or getattr(command.callback, "__name__", "").replace("_", "-")
    for inner in group.registered_groups:
        assert inner.typer_instance is not None
        yield from every_command(inner.typer_instance)
