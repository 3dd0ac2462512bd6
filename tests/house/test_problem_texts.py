"""Every code that is refused with has a text, and every text a page: what it means and what to do, vi and en."""

import ast
from collections.abc import Iterator
from typing import Any

import pytest

from infra.web.help_pages import help_page
from infra.web.problems import LANGUAGES, problem_texts
from tests.house.sources import PACKAGES, python_files, relative

# Call -> in which table its code stands, and which argument the code is.
CALLS = {"Refused": ("problems", 0), "Problem": ("problems", 0), "Fault": ("faults", 1)}
NEEDED = {"problems": {"status", "title", "detail", "meaning", "mend"}, "faults": {"vi", "en", "meaning", "mend"}}
TEXTS: dict[str, dict[str, dict[str, Any]]] = problem_texts()
ALL = [(kind, code) for kind in ("problems", "faults") for code in TEXTS[kind]]


def codes_used(source: str) -> Iterator[tuple[str, str]]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
            kind, place = CALLS[node.func.id]
            if len(node.args) > place:
                yield from ((kind, code) for code in constants(node.args[place]))


def constants(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(code)):
            yield code
        case ast.IfExp(body=body, orelse=other):
            yield from constants(body)
            yield from constants(other)


def test_every_code_in_the_house_has_a_text() -> None:
    used = {
        (relative(file), kind, code)
        for file in python_files(*PACKAGES)
        for kind, code in codes_used(file.read_text(encoding="utf-8"))
    }
    assert len(used) > 30
    assert [(file, kind, code) for file, kind, code in sorted(used) if code not in TEXTS[kind]] == []


@pytest.mark.parametrize(("kind", "code"), ALL, ids=[f"{kind}-{code}" for kind, code in ALL])
def test_every_text_is_whole(kind: str, code: str) -> None:
    """Add to infra/web/problem_texts.toml, in vi and en: meaning (why one meets it), mend (what to do)."""
    text = TEXTS[kind][code]
    assert set(text) == NEEDED[kind]
    both = [text[name] for name in NEEDED[kind] - {"status", *LANGUAGES}]
    assert all(set(one) == set(LANGUAGES) and all(one.values()) for one in both)
    assert [one for one in both if one["vi"] == one["en"]] == []
    page = help_page(kind, code)
    assert page is not None
    assert page["type"] == (f"/problems/{code}" if kind == "problems" else f"/problems/faults/{code}")
    assert all(isinstance(page[language], dict) for language in LANGUAGES)
