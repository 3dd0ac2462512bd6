"""`up --issuer`: who is trusted is named once, and then no development token is to be had."""

from pathlib import Path

import pytest

from events.parties import Agency
from infra.issuers import TrustedIssuer
from infra.web.issuer import make_issuer_keys
from services.cli.options import EMBEDDED, Options
from services.cli.passes import Pass, issue
from services.cli.running import options, with_issuer
from services.cli.stops import Exit, Stop

URL = "https://login.example/realms/chungtay"
PASS = Pass(Agency.POLICE, "commune_police_00340")


def asked(directory: Path, clock: str = "real") -> Options:
    made = options(directory, EMBEDDED, None, clock, ephemeral=False, separate=False)
    made.place.prepare()
    return made


def test_an_issuer_is_named_by_its_url(tmp_path: Path) -> None:
    assert with_issuer(asked(tmp_path), URL).issuer == TrustedIssuer(url=URL)


def test_an_issuer_is_named_by_a_settings_file(tmp_path: Path) -> None:
    wanted = TrustedIssuer(url=URL, audience="child-protection", token_types=("JWT",))
    file = tmp_path / "issuer.json"
    file.write_text(wanted.model_dump_json(), encoding="utf-8")
    assert with_issuer(asked(tmp_path), str(file)).issuer == wanted


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("http://login.example", "begins with https://"),
        ("nowhere.json", "No such file"),
        ("https://login.example?x=1", "a host, perhaps a path"),
    ],
)
def test_what_is_no_issuer_is_told_and_how_it_should_be(tmp_path: Path, given: str, told: str) -> None:
    with pytest.raises(Stop, match=told) as stop:
        with_issuer(asked(tmp_path), given)
    assert stop.value.code == Exit.USED_WRONGLY


def test_a_settings_file_names_what_is_wrong_and_no_value(tmp_path: Path) -> None:
    file = tmp_path / "issuer.json"
    file.write_text(f'{{"url": "{URL}", "algorithms": ["HS256"]}}', encoding="utf-8")
    with pytest.raises(Stop, match="algorithms") as stop:
        with_issuer(asked(tmp_path), str(file))
    assert "HS256'," not in str(stop.value)


def test_simulated_time_is_for_development_tokens(tmp_path: Path) -> None:
    with pytest.raises(Stop, match="leave out --issuer"):
        with_issuer(asked(tmp_path, "simulated"), URL)


def test_with_an_issuer_outside_no_development_token_is_made(tmp_path: Path) -> None:
    make_issuer_keys(tmp_path / "secrets")
    asked(tmp_path).save()
    assert issue(tmp_path, PASS)
    with_issuer(asked(tmp_path), URL).save()
    with pytest.raises(Stop, match=f"takes the tokens of {URL}") as stop:
        issue(tmp_path, PASS)
    assert stop.value.code == Exit.USED_WRONGLY
