from pathlib import Path

import pytest

from services.cli.data_dir import DataDir
from services.cli.stops import Exit, Stop


def test_folders_are_for_their_owner_alone(tmp_path: Path) -> None:
    place = DataDir(tmp_path / "deep" / "data")
    place.prepare()
    assert {folder.stat().st_mode & 0o777 for folder in (place.run, place.secrets, place.logs)} == {0o700}


def test_a_file_in_its_place_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("not a folder")
    with pytest.raises(Stop, match="is not a folder: choose another with --data-dir") as stop:
        DataDir(tmp_path / "data").prepare()
    assert stop.value.code is Exit.USED_WRONGLY


def test_no_space_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.cli.data_dir._NEEDED_BYTES", 1 << 62)
    with pytest.raises(Stop, match=r"No space left in .*: free 300 MB, or choose another folder"):
        DataDir(tmp_path / "data").prepare()


def test_wiping_leaves_what_is_not_ours(tmp_path: Path) -> None:
    place = DataDir(tmp_path)
    place.prepare()
    (tmp_path / "postgres").mkdir()
    place.clock.write_text("2026-04-06T14:10:00+00:00")
    (tmp_path / "letter.txt").write_text("not ours")
    place.wipe()
    assert [file.name for file in tmp_path.iterdir()] == ["letter.txt"]
