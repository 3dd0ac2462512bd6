"""reset removes what a platform wrote, nothing of anybody else, and real data at an explicit word alone."""

from pathlib import Path

import pytest

from services.cli.data_dir import DataDir
from services.cli.options import Options
from services.cli.reset import reset
from services.cli.stops import Exit, Stop


@pytest.fixture
def place(tmp_path: Path) -> DataDir:
    made = DataDir(tmp_path / "data")
    made.prepare()
    Options(data_dir=made.root).save()
    (made.secrets / "key.json").write_text("{}")
    (made.root / "of-somebody-else").write_text("stays")
    made.clock.write_text("2026-04-07T08:00:00+07:00")
    return made


def test_it_removes_what_the_platform_wrote(place: DataDir, capsys: pytest.CaptureFixture[str]) -> None:
    reset(place, yes=True, real_data_too=False, as_json=False)
    assert [left.name for left in place.root.iterdir()] == ["of-somebody-else"]
    assert "Deleted" in capsys.readouterr().out
    with pytest.raises(Stop):
        reset(place, yes=True, real_data_too=True, as_json=False)


def test_real_data_need_a_word_of_their_own(place: DataDir) -> None:
    place.clock.unlink()
    with pytest.raises(Stop, match="yes-delete-real-data") as stop:
        reset(place, yes=True, real_data_too=False, as_json=False)
    assert stop.value.code is Exit.USED_WRONGLY
    assert (place.secrets / "key.json").exists()
    reset(place, yes=True, real_data_too=True, as_json=True)
    assert not place.secrets.exists()


def test_it_asks_first(place: DataDir, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("typer.confirm", lambda *_, **__: False)
    with pytest.raises(Stop, match="Nothing was deleted"):
        reset(place, yes=False, real_data_too=False, as_json=False)
    assert (place.secrets / "key.json").exists()


@pytest.mark.parametrize("kind", ["missing", "file", "somebody else's"])
def test_no_other_folder_is_touched(tmp_path: Path, kind: str) -> None:
    other = tmp_path / "other"
    if kind == "file":
        other.write_text("stays")
    if kind == "somebody else's":
        (other / "logs").mkdir(parents=True)
        (other / "logs" / "mine.log").write_text("stays")
    with pytest.raises(Stop, match="not the data dir of a platform"):
        reset(DataDir(other), yes=True, real_data_too=True, as_json=False)
    assert kind == "missing" or other.exists()
    assert kind != "somebody else's" or (other / "logs" / "mine.log").exists()


def test_a_link_leads_nowhere(place: DataDir, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(place.root)
    with pytest.raises(Stop, match="by a link"):
        reset(DataDir(link), yes=True, real_data_too=True, as_json=False)
    assert (place.secrets / "key.json").exists()
