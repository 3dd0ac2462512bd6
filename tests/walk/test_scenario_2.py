"""Scenario 2, played through the agencies' own doors, read through each audience's own route, words planted in it."""

import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from events.labels import Person
from events.parties import Audience
from events.units import unit
from services.cli.demo.sights import Seat, look
from services.cli.desk import Desk, told
from services.cli.passes import Pass, issue
from services.cli.reading import AUDITOR, PURPOSE
from tests.house.sources import CHECKOUT
from tests.walk.platforms import Platform
from tests.walk.test_canaries import contents, tables, words_in

pytestmark = [pytest.mark.walk, pytest.mark.timeout(300)]

EXPECTED = tomllib.loads((CHECKOUT / "tests/privacy/expected_scenario_2.toml").read_text(encoding="utf-8"))
READERS = sorted(EXPECTED["readers"])


@dataclass(frozen=True)
class Played:
    platform: Platform
    result: dict[str, Any]
    category: dict[str, str]  # of each planted word
    part: dict[str, str]
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
        parts = {one["word"]: one["part"] for one in words["planted"]}
        yield Played(platform, result, planted, parts, words["pages"])
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


def test_what_was_asked_is_carried_out_in_part_and_the_rest_refused_with_its_ground(second: Played) -> None:
    """Section E.2, step 25: her nickname goes, evidence and the statutory file stay, and both are recorded."""
    before = read_now(second)["case_manager"]
    done = second.platform.told("erase", *of_the_case(second), *HER_NAMES, "--authority", "data_subject", "--yes")
    after = read_now(second)["case_manager"]
    assert {(line["category"], line["part"]) for line in done["going"]} == {
        ("child_identity", "alias"),
        ("child_identity", "image"),  # of which there is none: every event of a type has the same compartments
    }
    assert {(second.category[word], second.part[word]) for word in before - after} == {("child_identity", "alias")}
    assert {line["ground"] for line in done["kept"]} == {"criminal_evidence", "statutory_file"}
    assert {line["ground"] for line in done["kept"] if line["owner"] == "police"} == {"criminal_evidence"}
    assert recorded(second, "privacy.subject_key_destroyed.v1") == 1
    assert recorded(second, "privacy.erasure_denied.v1") == 2  # that of the scenario, and this


def test_once_a_court_lets_all_go_no_word_of_the_child_is_anywhere(second: Played) -> None:
    pages = [page for step in second.pages.values() for page in step.values()]
    read = {word for word in words_of(pages) if second.category[word] != "access_log"}  # what was done stays told
    assert read & set().union(*read_now(second).values())
    persons = [part for person in Person for part in ("--person", person.value)]
    assert (
        second.platform.told("erase", *of_the_case(second), *persons, "--authority", "court", "--yes")["destroyed"] > 0
    )
    nowhere(read, second)
    second.platform.told("rebuild", "all")
    nowhere(read, second)
    assert second.platform.told("verify")["holds"] is True


HER_NAMES = ("--category", "child_identity")


def of_the_case(second: Played) -> tuple[str, ...]:
    """Return by what the case's lead unit names it, and on which decision it speaks."""
    listed, *_ = second.pages["24"]["case_manager"]
    [name] = [row["case"] for row in listed["cases"] if row["kind"] == "case"]
    return (name, "--unit", "child_protection_00340", "--basis", "QUYET-DINH 25")


def nowhere(read: set[str], second: Played) -> None:
    """Look for what was read before in every answer, history, table and log."""
    for reader, words in read_now(second).items():
        assert not words & read, reader
    for audience in (None, *Audience):
        assert not words_of(history(second, audience)) & read, audience
    with second.platform.connect() as register, second.platform.connect("chungtay_keys") as keys:
        for database in (register, keys):
            for table in tables(database):
                assert not words_in(b"\n".join(contents(database, table))), table
    for log in (second.platform.data_dir / "logs").iterdir():
        assert not words_in(log.read_bytes()), log


def read_now(second: Played) -> dict[str, set[str]]:
    """Return the words that each reader is answered, at every route of its cases."""

    def sit(seat: Seat) -> Desk:
        agency = unit(seat.unit).agency
        endpoints = second.platform.endpoints()
        standing = {Audience.COORDINATOR: endpoints["coordination"], Audience.AUDITOR: endpoints["audit"]}
        url = standing.get(seat.audience) or endpoints["agencies"][agency.value]
        token = issue(second.platform.data_dir, Pass(agency, seat.unit, seat.audience, seat.duties))
        return Desk(url, token, purpose=seat.purpose)

    return {reader: words_of(pages) for reader, pages in look(sit).pages.items()}


def history(second: Played, audience: Audience | None) -> Any:
    auditor = Desk(second.platform.endpoints()["audit"], issue(second.platform.data_dir, AUDITOR), purpose=PURPOSE)
    case = second.result["cases"]["C-77"]
    return told(auditor.get(f"/v1/cases/{case}/history", {"audience": audience.value} if audience else None))


def words_of(pages: Any) -> set[str]:
    return words_in(json.dumps(pages).encode())


def recorded(second: Played, type_: str) -> int:
    with second.platform.connect() as register:
        rows = register.execute("select count(*) from case_record.events where topic = %s", [type_]).fetchall()
    return int(rows[0][0])
