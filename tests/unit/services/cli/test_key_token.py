"""`up --key-token`: a token is tried before anything starts, and a data dir stays with where its keys are."""

from pathlib import Path

import pytest

from infra.keys.key_encryption import make_file_keys
from infra.settings import KeyToken
from services.cli.data_dir import DataDir
from services.cli.doctor import Asked, examine
from services.cli.endpoints import DOORS
from services.cli.key_token import stay_with, token_of, with_key_token
from services.cli.options import Options
from services.cli.stops import Exit, Stop

ELSEWHERE = KeyToken(module=Path("/nowhere.so"), label="chungtay", pin_file=Path("/nowhere"))


@pytest.fixture
def place(tmp_path: Path) -> DataDir:
    made = DataDir(tmp_path / "data")
    made.prepare()
    return made


def test_a_token_that_answers_is_taken(place: DataDir, key_token: KeyToken) -> None:
    file = place.root / "token.json"
    file.write_text(key_token.model_dump_json())
    assert with_key_token(Options(data_dir=place.root), file).key_token == key_token
    assert with_key_token(Options(data_dir=place.root), None).key_token is None
    stay_with(place, key_token)
    [finding] = [one for one in examine(Asked(place, None, None)) if one.what == "token"]
    assert finding.well


def test_one_that_does_not_is_refused_in_both_languages(place: DataDir) -> None:
    file = place.root / "token.json"
    file.write_text(ELSEWHERE.model_dump_json())
    with pytest.raises(Stop) as stop:
        with_key_token(Options(data_dir=place.root), file)
    assert stop.value.code is Exit.CHECK_FAILED
    assert "Write the PIN into it" in str(stop.value)
    assert "Hãy ghi mã PIN" in str(stop.value)
    stay_with(place, ELSEWHERE)
    [finding] = [one for one in examine(Asked(place, None, None)) if one.what == "token"]
    assert (finding.well, "Hãy ghi mã PIN" in finding.vi) == (False, True)


@pytest.mark.parametrize("said", ["{}", "no JSON", None])
def test_a_settings_file_that_is_none(place: DataDir, said: str | None) -> None:
    file = place.root / "token.json"
    if said is not None:
        file.write_text(said)
    with pytest.raises(Stop, match=r"takes a JSON file such as \{"):
        with_key_token(Options(data_dir=place.root), file)


def test_a_data_dir_stays_with_its_token(place: DataDir) -> None:
    assert token_of(place) is None
    assert stay_with(place, None) is None
    assert stay_with(place, ELSEWHERE) == ELSEWHERE
    assert stay_with(place, None) == ELSEWHERE == token_of(place)
    moved = ELSEWHERE.model_copy(update={"module": Path("/elsewhere.so")})
    assert stay_with(place, moved) == moved
    with pytest.raises(Stop, match="are on the token chungtay"):
        stay_with(place, ELSEWHERE.model_copy(update={"label": "another"}))


def test_a_data_dir_stays_with_its_file(place: DataDir) -> None:
    make_file_keys(place.secrets, DOORS)
    with pytest.raises(Stop, match="are in a file"):
        stay_with(place, ELSEWHERE)
