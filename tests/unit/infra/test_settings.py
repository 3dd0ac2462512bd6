"""A process reads exactly the settings that were written for it, and nobody else can."""

import stat
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from infra.settings import SETTINGS_VARIABLE, ServiceSettings, read_settings, write_private

PASSWORD = "not-to-be-seen"
DSN = f"postgresql://relay:{PASSWORD}@127.0.0.1:5432/chungtay"


def settings_of(folder: Path) -> ServiceSettings:
    return ServiceSettings(
        service="relay",
        data_dir=folder,
        broker="127.0.0.1:9092",
        databases={"relay": SecretStr(DSN)},
        key_databases={"door_police": SecretStr(DSN)},
        clock=folder / "clock",
    )


def test_what_is_written_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "run" / "relay.json"
    settings_of(tmp_path).save(file)
    monkeypatch.setenv(SETTINGS_VARIABLE, str(file))
    assert read_settings() == settings_of(tmp_path)
    assert read_settings().database("relay") == DSN
    assert read_settings().key_database("door_police") == DSN


def test_only_the_owner_may_read_the_file(tmp_path: Path) -> None:
    file = tmp_path / "relay.json"
    settings_of(tmp_path).save(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_file_written_anew_stays_private(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("old")
    file.chmod(0o644)
    write_private(file, "new")
    assert file.read_text() == "new"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [file]


def test_passwords_do_not_show(tmp_path: Path) -> None:
    assert PASSWORD not in repr(settings_of(tmp_path))
    assert PASSWORD not in str(settings_of(tmp_path).model_dump_json())


def test_a_process_has_only_the_roles_it_was_given(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        settings_of(tmp_path).database("case_record")
    with pytest.raises(KeyError):
        settings_of(tmp_path).key_database("relay")


def test_unknown_settings_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "relay.json"
    file.write_text('{"service": "relay", "data_dir": "/x", "broker": "127.0.0.1:1", "brokers": 2}')
    monkeypatch.setenv(SETTINGS_VARIABLE, str(file))
    with pytest.raises(ValidationError):
        read_settings()


def test_a_process_without_settings_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SETTINGS_VARIABLE, raising=False)
    with pytest.raises(KeyError):
        read_settings()
