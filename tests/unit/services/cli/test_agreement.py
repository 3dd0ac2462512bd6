"""The commands `agreement …` on files, without a platform: what is whole, what is not and where, who signed what."""

import json
import sys
from pathlib import Path

import pytest

from events.parties import Agency
from infra.crypto.party_keys import PARTIES_FILE, Parties, make_party_keys, read_signatures
from projections.disclosure.packaged import packaged_text
from services.cli.app import main

PARTIES = (Agency.POLICE, Agency.HEALTH)
COMMANDS = ("show", "diff", "check", "what-if", "sign", "adopt")
POLICE_NAMES = '{ id = "D01-police", level = "full", when = ["case_open"] },'
CLOSED = '    { id = "D01-police-closed", level = "exists" },\n'


class Office:
    """Whoever drafts an agreement, with the parties' keys and files, at a terminal."""

    def __init__(self, directory: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.directory, self._monkeypatch, self._capsys = directory, monkeypatch, capsys
        (directory / "secrets").mkdir()
        make_party_keys(directory / "secrets", PARTIES)

    def draft(self, *changes: tuple[str, str], name: str = "new.toml") -> Path:
        """Write the packaged version as the next one, with these changes."""
        text = packaged_text().decode()
        for old, new in (('version = "2026.1"', 'version = "2026.2"\nfollows = "2026.1"'), *changes):
            assert old in text
            text = text.replace(old, new)
        file = self.directory / name
        file.write_text(text, encoding="utf-8")
        return file

    def types(self, command: str, *arguments: object, at_data_dir: bool = True) -> tuple[int, str, str]:
        """Type a command; return its exit code and what it said on both outputs."""
        place = ["--data-dir", str(self.directory)] if at_data_dir else []
        line = ["chungtay", "agreement", command, *map(str, arguments), *place]
        self._monkeypatch.setattr(sys, "argv", line)
        with pytest.raises(SystemExit) as ended:
            main()
        said = self._capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Office:
    return Office(tmp_path, monkeypatch, capsys)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_shows_an_example(command: str, office: Office) -> None:
    code, shown, _ = office.types(command, "--help", at_data_dir=False)
    assert code == 0
    assert f"chungtay agreement {command}" in shown


def test_what_is_whole_is_said_to_be(office: Office) -> None:
    code, said, _ = office.types("check", office.draft(), at_data_dir=False)
    assert code == 0
    assert "is whole: version 2026.2" in said


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        (CLOSED, "", "child_identity.police: from the beginning no clause holds always"),
        (
            POLICE_NAMES,
            POLICE_NAMES + '\n    { id = "D01-police-again", level = "none", when = ["case_open"] },',
            "child_identity.police D01-police-again: it says none where D01-police says full",
        ),
    ],
    ids=["gap", "contradiction"],
)
@pytest.mark.parametrize("command", ["check", "diff", "show", "what-if", "sign", "adopt"])
def test_what_is_not_whole_is_refused_by_every_command_and_its_cell_named(
    command: str, old: str, new: str, named: str, office: Office
) -> None:
    more = {"sign": ("--party", "police"), "diff": (office.draft(name="other.toml"),)}.get(command, ())
    code, _, said = office.types(command, office.draft((old, new)), *more, at_data_dir=command != "check")
    assert code == 1
    assert named in said
    assert not list(office.directory.glob("*.signatures.json"))


@pytest.mark.parametrize("command", ["check", "what-if", "sign", "adopt"])
def test_nothing_that_switches_break_glass_off_is_signed_or_adopted(command: str, office: Office) -> None:
    emergency = 'case_manager = ["case_work", "emergency"'
    file = office.draft((emergency, emergency.replace(', "emergency"', "")))
    more = ("--party", "police") if command == "sign" else ()
    code, _, said = office.types(command, file, *more, at_data_dir=command != "check")
    assert code == 1
    assert 'purposes.case_manager: "emergency" is not among them' in said
    assert office.types("show", file)[0] == 0  # what came into force before can be read for ever


def test_a_version_is_shown_in_both_languages(office: Office) -> None:
    code, shown, _ = office.types("show", office.draft((POLICE_NAMES, POLICE_NAMES.replace("full", "summary"))))
    assert code == 0
    [line] = [line for line in shown.splitlines() if "`D01-police`" in line]
    assert "công an / police" in line
    assert "tóm tắt / summary" in line


def test_the_document_itself_is_shown_to_the_letter(office: Office) -> None:
    file = office.draft()
    assert office.types("show", file, "--toml")[1].encode() == file.read_bytes()


def test_what_sets_two_apart_is_shown_clause_by_clause(office: Office) -> None:
    new = office.draft((POLICE_NAMES, POLICE_NAMES.replace("full", "summary")))
    code, shown, _ = office.types("diff", new, office.draft(name="old.toml"))
    assert code == 0
    assert [line[:40] for line in shown.splitlines()] == [
        "- child_identity.police  D01-police  ful",
        "+ child_identity.police  D01-police  sum",
    ]


def test_a_clause_that_was_moved_says_otherwise(office: Office) -> None:
    chair = '    { id = "D01-committee-chair", level = "full", when = ["chair", "case_open"] },\n'
    member = '    { id = "D01-committee", level = "summary", when = ["case_open"], parts = ["main", "birth"] },\n'
    moved = office.draft((chair + member, member + chair))
    told = json.loads(office.types("diff", moved, office.draft(name="old.toml"), "--json")[1])
    assert [(one["before"] or one["after"])["id"] for one in told["changes"]] == ["D01-committee", "D01-committee"]


def test_how_long_is_kept_is_said_otherwise(office: Office) -> None:
    kept = office.draft(("months = 60", "months = 61"), name="kept.toml")
    told = json.loads(office.types("diff", kept, office.draft(name="old.toml"), "--json")[1])
    assert [word["where"] for word in told["words"]] == ["access_log.retention"]


def test_two_that_say_the_same(office: Office) -> None:
    assert "2026.2 says the same as 2026.2." in office.types("diff", office.draft(), office.draft(name="old.toml"))[1]


def test_each_party_signs_the_bytes_of_the_file(office: Office) -> None:
    file = office.draft()
    parties = Parties.read(office.directory / "secrets" / PARTIES_FILE)
    for party in (*PARTIES, Agency.POLICE):
        assert office.types("sign", file, "--party", party)[0] == 0
    signatures = read_signatures(file.with_name("new.toml.signatures.json").read_text(encoding="utf-8"))
    assert sorted(one.party for one in signatures) == sorted(PARTIES)
    assert parties.missing(file.read_bytes(), signatures) == set()
    assert parties.missing(file.read_bytes() + b"\n", signatures) == set(PARTIES)


def test_a_party_without_a_key_is_told_how_to_name_it(office: Office) -> None:
    code, _, said = office.types("sign", office.draft(), "--party", "education")
    assert code == 2
    assert "name it with --key" in said


@pytest.mark.parametrize("command", ["show", "diff", "what-if", "adopt"])
def test_without_a_platform_it_is_said_how_to_start_one(command: str, office: Office) -> None:
    code, _, said = office.types(command, *([] if command == "show" else [office.draft()]))
    assert code == 3
    assert "start it with `chungtay up" in said
