import json
import subprocess
import sys
from pathlib import Path

import pytest

from services.cli.app import main

COMMANDS = (
    "up",
    "down",
    "status",
    "retry",
    "demo",
    "token",
    "publish",
    "template",
    "access end",
    "access list",
    "letter-keys",
    "import",
    "replay",
    "erase",
    "keys list",
    "keys rotate",
    "verify",
    "rebuild",
    "serve",
    "agreement show",
    "agreement diff",
    "agreement check",
    "agreement what-if",
    "agreement sign",
    "agreement adopt",
    "doctor",
    "reset",
)


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["chungtay", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_shows_an_example(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, *command.split(), "--help") == 0
    shown = capsys.readouterr().out
    assert f"chungtay {command}" in shown
    assert "Example" in shown


@pytest.mark.parametrize(
    "command",
    [
        "status",
        "retry --all",
        "verify",
        "token --agency police --publisher",
        "replay C1",
        "rebuild all",
        "keys list",
        "keys rotate",
    ],
)
def test_without_a_platform_the_exit_is_3(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, *command.split(), "--data-dir", str(tmp_path)) == 3
    assert "start it with `chungtay up" in capsys.readouterr().err


def test_down_without_a_platform_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "down", "--json", "--data-dir", str(tmp_path)) == 0
    assert json.loads(capsys.readouterr().out) == {"stopped": False}


def test_an_error_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    assert run(monkeypatch, "up", "--data-dir", str(tmp_path / "file")) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "choose another" in said


def test_an_error_in_json_is_json(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "status", "--json", "--data-dir", str(tmp_path)) == 3
    assert json.loads(capsys.readouterr().err)["exit"] == 3


def test_an_unknown_clock_is_used_wrongly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "up", "--clock", "broken", "--data-dir", str(tmp_path)) == 2
    assert "real or simulated" in capsys.readouterr().err


def test_an_unknown_service_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "serve", "kitchen", "--data-dir", str(tmp_path)) == 2
    assert "there are keys, agencies, case_record" in capsys.readouterr().err


def test_no_command_waits_for_the_others_to_be_imported() -> None:
    told = "import sys, services.cli.app; print(*(name for name in sys.modules if 'cli.commands.' in name))"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_whoever_types_wrongly_is_told_what_there_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "dwn") == 2
    assert "Did you mean 'down'?" in capsys.readouterr().err
