"""Scenario 2, played through the agencies' own doors, read through each audience's own route, words planted in it."""

import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.house.sources import CHECKOUT
from tests.walk.platforms import Platform
from tests.walk.test_canaries import words_in

pytestmark = [pytest.mark.walk, pytest.mark.timeout(300)]

EXPECTED = tomllib.loads((CHECKOUT / "tests/privacy/expected_scenario_2.toml").read_text(encoding="utf-8"))
READERS = sorted(EXPECTED["readers"])


@dataclass(frozen=True)
class Played:
    platform: Platform
    result: dict[str, Any]
    category: dict[str, str]  # of each planted word
    pages: dict[str, dict[str, list[Any]]]  # after step -> reader -> answers


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    platform = Platform(tmp_path_factory.mktemp("second"))
    canaries = platform.data_dir / "canaries.json"
    try:
        result = platform.told("demo", "--scenario", "2", "--canaries", str(canaries))
        words = json.loads(canaries.read_bytes())
        canaries.unlink()
        planted = {one["word"]: one["category"] for one in words["planted"]}
        yield Played(platform, result, planted, words["pages"])
    finally:
        platform.run("down")


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("moment", ["after_21", "after_24"])
def test_each_sees_what_section_d_says(moment: str, reader: str, second: Played) -> None:
    assert second.result[moment][reader] == EXPECTED[moment][reader]


def test_the_history_holds(second: Played) -> None:
    assert second.result["verify"]["holds"] is True
    assert second.result["verify"]["streams"] == 5  # the agreement's own is one


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("step", ["21", "24"])
def test_a_reader_finds_words_only_where_section_d_says_full(step: str, reader: str, second: Played) -> None:
    found = words_in(json.dumps(second.pages[step][reader]).encode())
    full = {row for row, level in EXPECTED[f"after_{step}"][reader].items() if level == "full"}
    assert {second.category[word] for word in found} <= full


def test_words_of_row_8_reach_the_treating_alone(second: Played) -> None:
    words = {word for word, category in second.category.items() if category == "hiv_status"}
    readers = {
        r for step in second.pages.values() for r, got in step.items() if words_in(json.dumps(got).encode()) & words
    }
    assert len(words) >= 3
    assert readers == {"health"}


def test_no_word_stands_in_a_log_a_file_or_what_commands_print(second: Played) -> None:
    files = [path for path in second.platform.data_dir.rglob("*") if path.is_file()]
    assert len(second.category) > 80
    assert [path for path in files if words_in(path.read_bytes())] == []
    assert words_in(json.dumps(second.result).encode()) == set()
