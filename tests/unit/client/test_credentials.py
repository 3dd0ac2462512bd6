"""A unit's key: drawn once, shown to nobody, and good for tokens that are renewed before they end."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from chungtay_client import Client, Credentials, IssuerAwayError, NotIssuedError, TokenSource
from chungtay_client import credentials as command
from joserfc.jwk import ECKey

from tests.controls.loopback_issuer import LoopbackIssuer, loopback_issuer

NAME = "system-of-commune_police_00340"


@pytest.fixture
def issuer() -> Iterator[LoopbackIssuer]:
    with loopback_issuer() as running:
        yield running


@pytest.fixture
def known(issuer: LoopbackIssuer) -> Credentials:
    drawn = Credentials.draw(issuer.url, NAME)
    issuer.clients[NAME] = ECKey.import_key(drawn.public_keys["keys"][0])
    return drawn


def test_a_token_is_asked_for_once_and_kept(issuer: LoopbackIssuer, known: Credentials) -> None:
    with TokenSource(known) as source, ThreadPoolExecutor(8) as threads:
        tokens = set(threads.map(lambda _: source(), range(40)))
    assert (len(tokens), len(issuer.assertions)) == (1, 1)


def test_the_assertion_is_for_this_issuer_alone_and_used_once(issuer: LoopbackIssuer, known: Credentials) -> None:
    issuer.lives_s = 0
    with TokenSource(known) as source:
        assert source() != source()
    first, second = issuer.assertions
    assert {said["aud"] for said in issuer.assertions} == {issuer.url}
    assert (first["iss"], first["sub"], first["exp"] - first["iat"]) == (NAME, NAME, 60)
    assert first["jti"] != second["jti"]


def test_a_token_that_still_holds_is_good_while_the_issuer_is_away(issuer: LoopbackIssuer, known: Credentials) -> None:
    with TokenSource(known) as source:
        issuer.lives_s = 0
        source()
        issuer.silent = True
        with pytest.raises(IssuerAwayError):
            source()
        issuer.silent, issuer.lives_s = False, 300
        kept = source()
        issuer.silent = True
        assert source() == kept


def test_the_wrong_key_gets_no_token(issuer: LoopbackIssuer, known: Credentials) -> None:
    thief = Credentials(issuer.url, NAME, Credentials.draw(issuer.url, NAME).key)
    with TokenSource(thief, language="en") as source, pytest.raises(NotIssuedError, match="registered"):
        source()
    assert known.key != thief.key


def test_another_issuer_at_that_address_gets_no_assertion(issuer: LoopbackIssuer, known: Credentials) -> None:
    issuer.told = {"issuer": "https://login.example"}
    with TokenSource(known) as source, pytest.raises(NotIssuedError):
        source()
    assert issuer.assertions == []


@pytest.mark.parametrize("told", [{"token_endpoint": None}, {"token_endpoint": 7}])
def test_an_issuer_that_names_no_place_for_tokens_gives_none(
    issuer: LoopbackIssuer, known: Credentials, told: dict[str, object]
) -> None:
    issuer.told = told
    with TokenSource(known) as source, pytest.raises(NotIssuedError):
        source()


@pytest.mark.parametrize("given", [{"access_token": None}, {"expires_in": "soon"}, {"expires_in": None}])
def test_an_answer_without_a_token_and_its_term_is_no_token(
    issuer: LoopbackIssuer, known: Credentials, given: dict[str, object]
) -> None:
    issuer.given = given
    with TokenSource(known) as source, pytest.raises(NotIssuedError):
        source()


def test_an_issuer_that_is_away_is_told_as_such_and_nothing_is_sent(issuer: LoopbackIssuer, known: Credentials) -> None:
    issuer.silent = True
    with TokenSource(known) as source, pytest.raises(IssuerAwayError, match="Nơi cấp mã"):
        Client("http://127.0.0.1:9", source, patience_s=0).receipt_keys()


def test_the_key_is_written_for_its_owner_alone_and_never_over_another(tmp_path: Path, known: Credentials) -> None:
    file = tmp_path / "unit.json"
    known.write(file)
    assert (file.stat().st_mode & 0o777, Credentials.read(file)) == (0o600, known)
    assert str(known.key["d"]) not in repr(known)
    with pytest.raises(FileExistsError):
        known.write(file)


def test_the_command_shows_the_public_half_and_prints_a_token(
    tmp_path: Path, issuer: LoopbackIssuer, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "unit.json"
    assert command.main(["draw", "--issuer", issuer.url, "--client-id", NAME, str(file)]) == 0
    shown = capsys.readouterr().out
    assert "d" not in json.loads(shown)["keys"][0]
    assert command.main(["token", str(file)]) == 1
    issuer.clients[NAME] = ECKey.import_key(json.loads(shown)["keys"][0])
    assert command.main(["token", str(file)]) == 0
    assert capsys.readouterr().out.count(".") == 2
    issuer.silent = True
    assert command.main(["token", str(file)]) == 3
    assert command.main(["token", str(tmp_path / "none.json")]) == 2
    assert command.main(["draw", "--issuer", issuer.url, "--client-id", NAME, str(file)]) == 2
