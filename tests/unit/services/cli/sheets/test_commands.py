"""What `template` and `import` are asked for wrongly is said shortly, before a file is read or written."""

import sys
from pathlib import Path

import pytest

from services.cli.app import main

TYPE = "police.report_received.v1"


def told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Return what a command says that was used wrongly."""
    monkeypatch.setattr(sys, "argv", ["chungtay", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    return capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["template", "nonsense"], "No agency sends such a type; docs/events.md lists them"),
        (["template", "police.report_recieved.v1"], f"is it {TYPE}"),
        (["import", "x.xlsx", "--agency", "police", "--type", "nonsense"], "This agency sends no such type; mend"),
        (["import", "x.xlsx", "--agency", "police", "--type", "police.report_recieved.v1"], f"is it {TYPE}"),
        (
            ["import", "x.xlsx", "--agency", "coordination", "--type", TYPE],
            "no door for events; mend --agency to one of: education, health, police, social_work.",
        ),
    ],
)
def test_a_wrong_type_or_agency_is_told_with_what_is_near(
    arguments: list[str], said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    error = told(monkeypatch, capsys, *arguments)
    assert said in error
    assert len(error) < 500


def test_a_workbook_is_not_written_under_another_ending(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "reports.csv"
    assert "give -o a name that ends in .xlsx" in told(monkeypatch, capsys, "template", TYPE, "-o", str(file))
    assert not file.exists()
    asked = ["import", "x.xlsx", "--agency", "police", "--type", TYPE, "--errors", str(file)]
    assert "give --errors a name that ends in .xlsx" in told(monkeypatch, capsys, *asked)
