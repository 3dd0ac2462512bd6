"""The keys of a unit: its own for itself alone, their public halves in the door's register, never written over."""

import json
from pathlib import Path

import pytest

from events.parties import Agency
from infra.crypto.letter_keys import SENDERS_FILE, SenderKeys, read_senders
from services.cli.endpoints import Endpoints
from services.cli.letters import letter_keys
from services.cli.stops import Stop

UNIT = "commune_police_00340"


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    (tmp_path / "secrets").mkdir()
    Endpoints(agencies={}, coordination="", audit="", web="", kafka="", postgres="").save(tmp_path / "endpoints.json")
    return tmp_path


def test_drawn_and_registered(data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = data_dir / "unit.json"
    letter_keys(data_dir, Agency.POLICE, UNIT, out, as_json=True)
    own, told = SenderKeys.read(out), json.loads(capsys.readouterr().out)
    assert set(read_senders(data_dir / "secrets" / SENDERS_FILE, Agency.POLICE)) == {own.signing.kid} == {told["kid"]}
    assert out.stat().st_mode & 0o077 == 0
    with pytest.raises(Stop, match="exists"):
        letter_keys(data_dir, Agency.POLICE, UNIT, out, as_json=True)
    assert set(read_senders(data_dir / "secrets" / SENDERS_FILE, Agency.POLICE)) == {own.signing.kid}


def test_another_agencys_unit_gets_none(data_dir: Path) -> None:
    with pytest.raises(Stop, match="no unit of health"):
        letter_keys(data_dir, Agency.HEALTH, UNIT, data_dir / "unit.json", as_json=True)
    assert not (data_dir / "unit.json").exists()
