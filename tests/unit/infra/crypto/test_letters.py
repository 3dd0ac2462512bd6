"""A letter is opened by its door alone, said by whom it names, and an answer is the door's and the sender's alone."""

import json
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jwe, jws
from joserfc.jwk import ECKey, OctKey

from events.parties import Agency
from infra.crypto.letter_keys import (
    DoorLetterKeys,
    SenderKeys,
    make_door_letter_keys,
    public_keys,
    read_senders,
    register,
    signing_key,
)
from infra.crypto.letters import (
    NotOpenedError,
    Sender,
    UnknownSenderError,
    draw_key,
    open_answer,
    open_letter,
    write_answer,
    write_letter,
)
from tests.house.sources import CHECKOUT

UNIT = "commune_police_00340"
CONTENT = b'{"id": "TRE-EM 7Q2"}'
DOOR, OTHER_DOOR = draw_key(), draw_key()
OWN, STRANGER = SenderKeys.draw(UNIT), SenderKeys.draw(UNIT)
SENDERS = {str(OWN.signing.kid): Sender(UNIT, OWN.signing, OWN.answers)}
DOORS = {str(DOOR.kid): DOOR}
SIGNING = signing_key(Ed25519PrivateKey.generate(), "0123456789abcdef")


def locked(content: bytes, **header: Any) -> bytes:
    wanted = {"alg": "ECDH-ES+A256KW", "enc": "A256GCM", "kid": DOOR.kid} | header
    algorithms = ["ECDH-ES+A256KW", "ECDH-ES", "A256GCM", "A128GCM", "DEF"]
    return jwe.encrypt_compact(wanted, content, DOOR, algorithms=algorithms).encode()


def signed(key: Any = OWN.signing, **header: Any) -> bytes:
    wanted = {"alg": "ES256", "kid": OWN.signing.kid, "typ": "chungtay-event"} | header
    return jws.serialize_compact(wanted, CONTENT, key, algorithms=["ES256", "HS256"]).encode()


def packed(part: dict[str, Any]) -> bytes:
    return urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=")


UNSIGNED = packed({"alg": "none", "kid": OWN.signing.kid, "typ": "chungtay-event"}) + b"." + packed({}) + b"."


def test_a_letter_says_what_was_written_and_by_whom() -> None:
    letter = write_letter(CONTENT, OWN.signing, DOOR)
    found = open_letter(letter, {str(OTHER_DOOR.kid): OTHER_DOOR, **DOORS}, SENDERS)
    assert (found.content, found.sender.unit) == (CONTENT, UNIT)
    assert b"TRE-EM" not in letter
    assert UNIT.encode() not in b"".join(unpacked(part) for part in letter.split(b"."))
    assert letter != write_letter(CONTENT, OWN.signing, DOOR)


def test_the_longest_event_fits_a_message() -> None:
    longest = b"x" * 560_000
    letter = write_letter(longest, OWN.signing, DOOR)
    assert len(letter) < 1_000_000
    assert open_letter(letter, DOORS, SENDERS).content == longest


@pytest.mark.parametrize(
    "letter",
    [
        b"",
        CONTENT,
        b"a.b.c.d.e",
        b"....",
        write_letter(CONTENT, OWN.signing, OTHER_DOOR),
        write_letter(CONTENT, OWN.signing, DOOR)[:-8] + b"AAAAAAAA",
        locked(signed(), enc="A128GCM"),
        locked(signed(), alg="ECDH-ES"),
        locked(zlib.compress(signed()), zip="DEF"),
        signed(),
    ],
)
def test_what_is_not_locked_to_the_door_as_agreed_is_not_opened(letter: bytes) -> None:
    with pytest.raises(NotOpenedError):
        open_letter(letter, DOORS, SENDERS)


@pytest.mark.parametrize(
    "inside",
    [
        CONTENT,
        b"",
        signed(STRANGER.signing),
        signed(STRANGER.signing, kid=STRANGER.signing.kid),
        signed(typ="JWT"),
        signed(OctKey.import_key("secret-of-some-length-000000000000"), alg="HS256"),
        UNSIGNED,
        signed()[:-8] + b"AAAAAAAA",
        signed().replace(signed().split(b".")[1], urlsafe_b64encode(b'{"id": "TRE-EM 8Q2"}').rstrip(b"=")),
    ],
)
def test_what_no_registered_key_signed_is_of_nobody(inside: bytes) -> None:
    with pytest.raises(UnknownSenderError):
        open_letter(locked(inside), DOORS, SENDERS)


def test_an_answer_is_the_doors_and_for_the_sender_alone() -> None:
    answer = write_answer(CONTENT, SIGNING, SENDERS[str(OWN.signing.kid)])
    assert open_answer(answer, OWN.answers, SIGNING) == CONTENT
    assert b"TRE-EM" not in b"".join(unpacked(part) for part in answer.split(b"."))
    with pytest.raises(NotOpenedError):
        open_answer(answer, STRANGER.answers, SIGNING)
    with pytest.raises(NotOpenedError):
        open_answer(answer, OWN.answers, signing_key(Ed25519PrivateKey.generate(), "0123456789abcdef"))
    assert open_answer(write_answer(CONTENT, SIGNING, None), OWN.answers, SIGNING) == CONTENT


def test_senders_are_those_of_the_agency_and_a_new_key_takes_the_place_of_the_old(tmp_path: Path) -> None:
    file = tmp_path / "senders.json"
    assert read_senders(file, Agency.POLICE) == {}
    for keys in (OWN, SenderKeys.draw("hospital_h1"), STRANGER):
        register(file, keys)
    assert set(read_senders(file, Agency.POLICE)) == {STRANGER.signing.kid}
    assert [one.unit for one in read_senders(file, Agency.HEALTH).values()] == ["hospital_h1"]
    assert '"d"' not in file.read_text()
    assert file.stat().st_mode & 0o077 == 0


def test_a_door_draws_its_keys_once_and_shows_their_public_halves(tmp_path: Path) -> None:
    files = make_door_letter_keys(tmp_path, [Agency.POLICE])
    before = files[Agency.POLICE].read_bytes()
    assert make_door_letter_keys(tmp_path, [Agency.POLICE]) == files
    assert files[Agency.POLICE].read_bytes() == before
    keys = DoorLetterKeys.read(files[Agency.POLICE])
    shown = public_keys(keys, SIGNING)
    assert '"d"' not in json.dumps(shown)
    assert [(key["use"], key["kid"]) for key in shown["keys"]] == [("enc", keys.newest.kid), ("sig", SIGNING.kid)]
    own = SenderKeys.draw(UNIT)
    letter = write_letter(CONTENT, own.signing, ECKey.import_key(shown["keys"][0]))
    sender = {str(own.signing.kid): Sender(UNIT, own.signing, own.answers)}
    assert open_letter(letter, keys.keys, sender).content == CONTENT


def test_the_senders_own_file_gives_its_keys_back(tmp_path: Path) -> None:
    (tmp_path / "own.json").write_text(json.dumps(OWN.row(private=True)))
    read = SenderKeys.read(tmp_path / "own.json")
    assert (read.unit, read.signing.kid, read.answers.kid) == (UNIT, OWN.signing.kid, OWN.answers.kid)
    assert open_letter(write_letter(CONTENT, read.signing, DOOR), DOORS, SENDERS).content == CONTENT


def unpacked(part: bytes) -> bytes:
    return urlsafe_b64decode(part + b"=" * (-len(part) % 4))


def test_the_recipe_of_the_documents_writes_letters_and_reads_answers(tmp_path: Path) -> None:
    page = (CHECKOUT / "docs" / "kafka-letters.md").read_text(encoding="utf-8")
    recipe: dict[str, Any] = {}
    exec(page.split("```python\n")[1].split("```")[0], recipe)  # noqa: S102 - our own page
    files = make_door_letter_keys(tmp_path, [Agency.POLICE])
    door = DoorLetterKeys.read(files[Agency.POLICE])
    shown, own = public_keys(door, SIGNING), json.loads(json.dumps(OWN.row(private=True)))
    found = open_letter(recipe["letter"](CONTENT, own, shown), door.keys, SENDERS)
    assert (found.content, found.sender.unit) == (CONTENT, UNIT)
    for to in (found.sender, None):
        assert recipe["read_answer"](write_answer(b'{"status": 202}', SIGNING, to), own, shown) == {"status": 202}
