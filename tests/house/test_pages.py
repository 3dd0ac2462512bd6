"""The generated pages are fresh and whole, and what a schema promised once it promises still."""

import json
import subprocess
from typing import Any

import pytest

from events import pages as event_pages
from events.example_data import example_of
from events.pages import meanings
from events.registry import EVENT_CLASSES
from events.schema_changes import broken_promises
from projections.disclosure import pages as disclosure_pages
from projections.disclosure.packaged import packaged_agreement, packaged_text
from tests.house.sources import CHECKOUT

SCHEMAS = "events/schemas"
BEFORE: dict[str, Any] = {
    "properties": {"level": {"enum": ["low"], "x-category": "risk_assessment"}, "title": {"type": "string"}},
    "required": ["level"],
}


def git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=CHECKOUT, capture_output=True, text=True, check=True).stdout


def test_the_pages_are_fresh() -> None:
    assert event_pages.main(["--check"]) == 0
    assert disclosure_pages.main(["--check"]) == 0
    assert event_pages.main(["--what"]) == disclosure_pages.main(["--what"]) == 2


def test_every_type_says_what_it_means_in_both_languages() -> None:
    assert meanings().keys() == {type_.rpartition(".")[0] for type_ in EVENT_CLASSES}
    assert all(told.endswith(".") for told in meanings().values())


def test_every_clause_stands_on_the_page() -> None:
    page = disclosure_pages.readable(packaged_text())
    assert [clause.id for clause in packaged_agreement().clauses if f"`{clause.id}`" not in page] == []


@pytest.mark.parametrize("type_", EVENT_CLASSES)
def test_the_example_of_the_page_is_valid(type_: str) -> None:
    EVENT_CLASSES[type_].model_validate_json(json.dumps(example_of(EVENT_CLASSES[type_])))


def first_versions() -> dict[str, str]:
    """Return the commit with the first promise of each schema: the one that brought the rule, or the schema later.

    A shallow checkout reaches less far back and compares with what it has.
    """
    began = git("log", "--format=%H", "--diff-filter=A", "--", "events/schema_changes.py").split() or ["HEAD"]
    first = dict.fromkeys(git("ls-tree", "--name-only", began[-1], f"{SCHEMAS}/").split(), began[-1])
    commit = ""
    added = git(
        "log", "--reverse", "--format=%H", "--diff-filter=A", "--name-only", f"{began[-1]}..HEAD", "--", SCHEMAS
    )
    for line in added.split():
        commit = commit if line.endswith(".json") else line
        if line.endswith(".json"):
            first.setdefault(line, commit)
    return first


def test_no_schema_breaks_what_its_first_version_promised() -> None:
    broken = {}
    for name, commit in first_versions().items():
        found = CHECKOUT / name
        after = json.loads(found.read_text(encoding="utf-8")) if found.exists() else {}
        if places := broken_promises(json.loads(git("show", f"{commit}:{name}")), after):
            broken[name] = places
    assert broken == {}


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"required": ["level", "title"]}, ["/required"]),
        ({"required": []}, ["/required"]),
        ({"properties": {"title": {"type": "string"}}}, ["/properties/level"]),
        ({"properties": BEFORE["properties"] | {"more": {}}}, ["/properties/more"]),
        ({"properties": BEFORE["properties"] | {"title": {"type": "integer"}}}, ["/properties/title/type"]),
        ({"properties": BEFORE["properties"] | {"level": {"enum": [], "x-category": "risk_assessment"}}}, None),
        ({"properties": BEFORE["properties"] | {"level": {"enum": ["low"], "x-category": "case_plan"}}}, None),
    ],
)
def test_what_breaks_a_promise(change: dict[str, Any], place: list[str] | None) -> None:
    found = broken_promises(BEFORE, BEFORE | change)
    assert found == place if place else found


def test_words_and_new_codes_break_none() -> None:
    level = {"enum": ["low", "high"], "x-category": "risk_assessment", "description": "anew"}
    after = BEFORE | {"description": "anew", "properties": BEFORE["properties"] | {"level": level}}
    assert broken_promises(BEFORE, after) == []
