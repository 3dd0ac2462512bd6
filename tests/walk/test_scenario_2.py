"""Scenario 2, played through the agencies' own doors, read through each audience's own route, words planted in it.

Then its agreement is changed, as an operator and the parties do it, and what the law lets go is erased.
"""

import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from events.labels import Person
from events.parties import Agency, Audience
from projections.disclosure.packaged import packaged_text
from services.cli.demo.sights import look
from services.cli.desk import Desk, told
from services.cli.passes import Pass, issue
from services.cli.reading import AUDITOR, PURPOSE
from tests.house.sources import CHECKOUT
from tests.privacy.canaries.desks import Desks
from tests.waiting import eventually
from tests.walk.platforms import Platform
from tests.walk.test_canaries import contents, tables, words_in

pytestmark = [pytest.mark.walk, pytest.mark.timeout(300)]

EXPECTED = tomllib.loads((CHECKOUT / "tests/privacy/expected_scenario_2.toml").read_text(encoding="utf-8"))
READERS = sorted(EXPECTED["readers"])

LEAD = Pass(Agency.SOCIAL_WORK, "child_protection_00340", Audience.CASE_MANAGER)
EARLIER = "2027-01-01T00:00:00+07:00"
NARROWED = ('"D03-case_manager", level = "full"', '"D03-case_manager", level = "exists"')
NEEDS = '"D06-case_manager", level = "summary", parts = ["needs", "circumstance", "status"]'
REACHING_BACK = (NEEDS, NEEDS.replace('"needs"', '"needs", "injury"') + ", retroactive = true")
Levels = dict[tuple[str, str], set[str]]  # category and part -> how it is told


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


@dataclass(frozen=True)
class Changed:
    """What was said before a version was adopted, and what the lead unit and the auditor saw before and after."""

    refused: str
    foreseen: set[tuple[str, str]]
    before: Levels
    after: Levels
    earlier: tuple[Any, Any]
    verdict: Any


@pytest.fixture(scope="module")
def changed(second: Played, tmp_path_factory: pytest.TempPathFactory) -> Changed:
    platform = second.platform
    file = tmp_path_factory.mktemp("drafts") / "new.toml"
    text = packaged_text().decode()
    for old, new in (('version = "2026.1"', 'version = "2026.2"\nfollows = "2026.1"'), NARROWED, REACHING_BACK):
        assert old in text
        text = text.replace(old, new)
    file.write_text(text, encoding="utf-8")
    before, earlier = seen_by_lead(platform), seen_earlier(second)
    said = platform.told("agreement", "what-if", str(file))["cases"]
    refused = platform.run("agreement", "adopt", str(file)).stderr
    for party in ("police", "health", "education", "social_work"):
        platform.told("agreement", "sign", str(file), "--party", party)
    assert platform.told("agreement", "adopt", str(file)) == {"version": "2026.2", "number": 1}
    eventually(lambda: "summary" in seen_by_lead(platform).get(("medical_findings", "injury"), ()), within_s=120)
    return Changed(
        refused,
        {(one["audience"], one["unit"]) for case in said for one in case["changes"]},
        before,
        seen_by_lead(platform),
        (earlier, seen_earlier(second)),
        platform.told("verify"),
    )


def seen_by_lead(platform: Platform) -> Levels:
    """Read how the lead unit is told each part of its cases, over HTTP."""
    token = issue(platform.data_dir, LEAD)
    desk = Desk(platform.endpoints()["agencies"]["social_work"], token, purpose="case_work")
    names = [line["case"] for line in told(desk.get("/v1/cases"))["cases"] if line["kind"] == "case"]
    found: Levels = {}
    for fact in (fact for name in names for fact in told(desk.get(f"/v1/cases/{name}"))["facts"]):
        found.setdefault((fact["category"], fact["part"]), set()).add(fact["level"])
    return found


def seen_earlier(played: Played) -> Any:
    """Ask the auditor's desk what the lead unit's audience could see half a year before."""
    desk = Desk(played.platform.endpoints()["audit"], issue(played.platform.data_dir, AUDITOR), purpose=PURPOSE)
    asked = {"audience": "case_manager", "known_at": EARLIER, "as_of": EARLIER}
    return told(desk.get(f"/v1/cases/{played.result['cases']['C-77']}/history", asked))


def test_what_nobody_signed_is_not_adopted_and_its_cells_are_named(changed: Changed) -> None:
    assert "Not signed, or not these bytes, by education, health, police, social_work" in changed.refused
    assert "without their signature: caregivers.case_manager, medical_findings.case_manager." in changed.refused


def test_only_the_lead_unit_was_foreseen_to_see_otherwise(changed: Changed) -> None:
    assert changed.foreseen == {("case_manager", "child_protection_00340")}


def test_what_was_narrowed_is_gone_at_once(changed: Changed) -> None:
    assert "full" in changed.before["caregivers", "main"]
    carers = [levels for (category, _), levels in changed.after.items() if category == "caregivers"]
    assert set().union(*carers) == {"exists"}


def test_what_reaches_back_is_folded_in_by_the_running_projector(changed: Changed) -> None:
    assert changed.before["medical_findings", "injury"] == {"exists"}
    assert "summary" in changed.after["medical_findings", "injury"]


def test_what_had_been_seen_is_told_as_it_was(changed: Changed) -> None:
    before, after = changed.earlier
    assert [fact["level"] for fact in before["facts"] if fact["category"] == "caregivers"].count("full") > 0
    assert after == before


def test_the_history_holds_with_the_new_version(changed: Changed) -> None:
    assert changed.verdict["holds"] is True


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
    seen = look(Desks(second.platform.data_dir).sit).pages
    return {reader: words_of(pages) for reader, pages in seen.items()}


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
