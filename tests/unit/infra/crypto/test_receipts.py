"""Receipts are signed, chained and commit to the bytes that were sent."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from events.codec import from_bytes, to_bytes
from events.parties import Agency
from infra.crypto.door_secrets import PUBLIC_KEYS_FILE, DoorSecrets, key_id_of, make_door_secrets, read_receipt_keys
from infra.crypto.receipts import FIRST_PREVIOUS, Accepted, Head, Receipt, commitment, first_break, sign

SECRETS = DoorSecrets.draw(Agency.POLICE)
KEYS = {SECRETS.signing_key_id: SECRETS.signing_key.public_key()}
SENT = b'{"any": "bytes as sent"}'
SALT = SECRETS.salt("commune_police_00340", "E-1", b"mark")
ACCEPTED = Accepted(
    source="commune_police_00340",
    id="E-1",
    accepted_at=datetime(2026, 3, 1, 8, 0, tzinfo=UTC),
    simulated=False,
    content_sha256=commitment(SALT, SENT),
)


def chain(length: int) -> list[Receipt]:
    head, made = Head(), []
    for number in range(length):
        receipt = sign(replace(ACCEPTED, id=f"E-{number}"), head, SECRETS)
        head = Head(receipt.number, receipt.digest())
        made.append(receipt)
    return made


def test_first_receipt_has_number_one_and_follows_nothing() -> None:
    receipt = sign(ACCEPTED, Head(), SECRETS)
    assert (receipt.number, receipt.previous) == (1, FIRST_PREVIOUS)
    assert receipt.verify(KEYS)


def test_verifies_with_and_without_the_salt_and_after_a_round_trip() -> None:
    receipt = sign(ACCEPTED, Head(), SECRETS).model_copy(update={"salt": SALT.hex()})
    again = from_bytes(Receipt, to_bytes(receipt))
    assert again == receipt
    assert again.verify(KEYS)


def test_commits_to_the_bytes_as_sent() -> None:
    bare = sign(ACCEPTED, Head(), SECRETS)
    receipt = bare.model_copy(update={"salt": SALT.hex()})
    assert receipt.commits_to(SENT)
    assert not receipt.commits_to(SENT + b" ")
    assert not bare.commits_to(SENT)


@pytest.mark.parametrize(
    "change",
    [
        {"source": "hospital_h1"},
        {"id": "E-2"},
        {"number": 2},
        {"accepted_at": datetime(2026, 3, 1, 8, 1, tzinfo=UTC)},
        {"simulated": True},
        {"content_sha256": "1" * 64},
        {"previous": "1" * 64},
        {"key_id": "another"},
        {"signature": ""},
        {"signature": "AAAA"},
    ],
)
def test_any_change_is_found(change: dict[str, object]) -> None:
    assert not sign(ACCEPTED, Head(), SECRETS).model_copy(update=change).verify(KEYS)


def test_whole_chain_holds() -> None:
    assert first_break(chain(5), KEYS) is None


@pytest.mark.parametrize("lost", [0, 1, 3])
def test_lost_receipt_is_found_where_it_is_missing(lost: int) -> None:
    receipts = chain(5)
    del receipts[lost]
    assert first_break(receipts, KEYS) == lost + 1


def test_another_doors_signature_is_found() -> None:
    other = DoorSecrets.draw(Agency.POLICE)
    receipts = chain(2)
    receipts[1] = sign(ACCEPTED, Head(1, receipts[0].digest()), other)
    assert first_break(receipts, KEYS) == 2


def test_secrets_stay_the_same_and_public_keys_verify(tmp_path: Path) -> None:
    file = make_door_secrets(tmp_path, tuple(Agency))[Agency.POLICE]
    before = file.read_bytes()
    assert make_door_secrets(tmp_path, tuple(Agency))[Agency.POLICE].read_bytes() == before
    receipt = sign(ACCEPTED, Head(), DoorSecrets.read(file))
    assert receipt.verify(read_receipt_keys(tmp_path / PUBLIC_KEYS_FILE))
    assert file.stat().st_mode & 0o777 == 0o600


def test_key_id_is_told_by_the_public_key() -> None:
    assert SECRETS.signing_key_id == key_id_of(SECRETS.signing_key.public_key())


def test_courier_key_is_told_apart_by_unit_and_by_door() -> None:
    other = DoorSecrets.draw(Agency.HEALTH)
    keys = {
        SECRETS.courier_key("a", "bc"),
        SECRETS.courier_key("ab", "c"),
        SECRETS.courier_key("b", "bc"),
        other.courier_key("a", "bc"),
    }
    assert len(keys) == 4
    assert SECRETS.courier_key("a", "bc") in keys


def test_secrets_are_never_shown() -> None:
    assert SECRETS.reference_key.hex() not in repr(SECRETS)
    assert repr(SECRETS.reference_key) not in repr(SECRETS)
