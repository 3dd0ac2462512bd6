"""doctor says what is so and what to do, and changes nothing."""

import json
import socket
from pathlib import Path

import pytest

from infra.clock import SystemClock
from infra.embedded.databases import Databases
from services.cli.data_dir import DataDir
from services.cli.doctor import Asked, Finding, doctor, examine
from services.cli.stops import Exit, Stop
from tests.fixtures.databases import DatabasesServer


def found(place: Path, broker: str | None = None, url: str | None = None) -> dict[str, Finding]:
    return {one.what: one for one in examine(Asked(DataDir(place), broker, url))}


def test_an_empty_place_is_well(tmp_path: Path) -> None:
    told = found(tmp_path / "none")
    assert [one.what for one in told.values() if one.well is False] == []
    assert told["python"].well
    assert told["disk"].well
    assert (told["database"].well, told["broker"].well, told["data_dir"].well) == (None, None, None)
    assert not (tmp_path / "none").exists()
    assert all(one.vi and one.en and one.vi != one.en for one in told.values())


def test_keys_that_others_can_read(tmp_path: Path) -> None:
    place = DataDir(tmp_path)
    place.prepare()
    key = place.secrets / "issuer.private.json"
    key.write_text("{}")
    key.chmod(0o600)
    assert found(tmp_path)["keys"].well
    key.chmod(0o640)
    assert not found(tmp_path)["keys"].well
    assert "issuer.private.json" in found(tmp_path)["keys"].en
    place.secrets.chmod(0o755)
    assert "chmod 700 secrets" in found(tmp_path)["data_dir"].en


@pytest.mark.parametrize(
    ("mode", "vi", "en"),
    [(0o700, "Chỉ chủ sở hữu", "Only its owner"), (0o711, "đi qua", "pass through"), (0o755, "thấy", "may see")],
)
def test_how_far_others_get_in_the_data_dir(tmp_path: Path, mode: int, vi: str, en: str) -> None:
    DataDir(tmp_path).prepare()
    tmp_path.chmod(mode)
    told = found(tmp_path)["data_dir"]
    assert told.well
    assert vi in told.vi
    assert en in told.en


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    DataDir(tmp_path).prepare()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        (tmp_path / "run" / "ports.json").write_text(json.dumps({"police": port}))
        told = found(tmp_path)["ports"]
    assert not told.well
    assert f"{port} (police)" in told.en
    assert found(tmp_path)["ports"].well


def test_a_broker_that_answers_and_one_that_does_not(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as broker:
        address = f"127.0.0.1:{broker.getsockname()[1]}"
        assert found(tmp_path, address)["broker"].well
    assert found(tmp_path, address)["broker"].well is False
    assert found(tmp_path, "nonsense")["broker"].well is False


def test_a_database_that_is_given(tmp_path: Path, databases_server: DatabasesServer) -> None:
    url = databases_server.template.main("chungtay_owner")
    told = found(tmp_path, url=url)
    assert told["database"].well
    assert told["clock"].well
    assert SystemClock().now().year >= 2026
    for wrong in (url.replace("chungtay_owner:", "chungtay_owner:x"), "postgresql://h:0/x", "mysql://h/x", "nonsense"):
        assert found(tmp_path, url=wrong)["database"].well is False, wrong


def test_a_running_platform_has_this_schema_or_is_told_to_be_brought_up(
    tmp_path: Path, databases: Databases, databases_server: DatabasesServer
) -> None:
    place = DataDir(tmp_path)
    place.prepare()
    template = databases_server.template
    (place.secrets / "postgres.json").write_text(json.dumps(dict(template.passwords)))
    (place.secrets / "postgres.json").chmod(0o600)
    urls = {"coordination": "", "audit": "", "web": "", "kafka": "127.0.0.1:9"}
    place.endpoints.write_text(json.dumps({"agencies": {}, **urls, "postgres": template.main("operator")}))
    told = found(tmp_path)
    assert (told["database"].well, told["schema"].well) == (True, True)
    assert databases.passwords == template.passwords


def test_what_is_not_well_ends_with_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = Asked(DataDir(tmp_path), "127.0.0.1:1", None)
    with pytest.raises(Stop, match="broker") as stop:
        doctor(asked, as_json=True)
    assert stop.value.code is Exit.CHECK_FAILED
    told = json.loads(capsys.readouterr().out)
    assert told["well"] is False
    assert {row["what"] for row in told["findings"]} >= {"python", "disk", "ports", "java", "broker", "database"}
    with pytest.raises(Stop):
        doctor(asked, as_json=False)
    assert "✘ broker" in capsys.readouterr().out
