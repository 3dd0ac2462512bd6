"""The agency proves a receipt with nothing of the platform's: the same bytes, the same verdict."""

import json
import sys
from datetime import datetime
from typing import cast

import pytest
from chungtay_client import Receipt, ReceiptBrokenError, ReceiptsExtraMissingError, commits_to, keys_of, verify

from events.parties import Agency
from infra.crypto.door_secrets import DoorSecrets
from infra.crypto.receipts import Accepted, Head, commitment, sign

SENT = '{"id":"1","child":"TRẺ-EM 01"}'.encode()
SALT = b"\x07" * 32
DOOR = DoorSecrets.draw(Agency.POLICE)
KEYS = keys_of({"keys": [DOOR.public_jwk(), {"kty": "RSA", "kid": "other"}]})


def receipt(**changes: object) -> Receipt:
    at = datetime.fromisoformat("2026-04-06T21:10:00.123+07:00")
    signed = sign(Accepted("commune_police_00340", "so-1", at, False, commitment(SALT, SENT)), Head(), DOOR)
    document = json.loads(signed.model_copy(update={"salt": SALT.hex()}).model_dump_json())
    return cast("Receipt", document | changes)


def test_what_a_door_signed_holds() -> None:
    verify(receipt(), SENT, KEYS)
    assert commits_to(receipt(), SENT)


@pytest.mark.parametrize(
    ("changes", "sent", "reason"),
    [
        ({}, SENT + b" ", "other_bytes"),
        ({"salt": None}, SENT, "no_salt"),
        ({"number": 2}, SENT, "bad_signature"),
        ({"accepted_at": "2026-04-07T21:10:00.123+07:00"}, SENT, "bad_signature"),
        ({"signature": ""}, SENT, "bad_signature"),
        ({"signature": "%"}, SENT, "malformed"),
        ({"salt": "no"}, SENT, "malformed"),
        ({"key_id": "0" * 16}, SENT, "unknown_key"),
    ],
)
def test_whatever_was_changed_is_noticed(changes: dict[str, object], sent: bytes, reason: str) -> None:
    with pytest.raises(ReceiptBrokenError) as caught:
        verify(receipt(**changes), sent, KEYS)
    assert caught.value.reason == reason


def test_another_doors_key_does_not_do() -> None:
    other = DoorSecrets.draw(Agency.HEALTH)
    (key,) = keys_of({"keys": [other.public_jwk()]}).values()
    with pytest.raises(ReceiptBrokenError, match="signature"):
        verify(receipt(), SENT, {DOOR.signing_key_id: key}, language="en")


def test_without_the_extra_nothing_is_called_verified(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cryptography.exceptions", None)
    with pytest.raises(ReceiptsExtraMissingError, match=r"chungtay-client\[receipts\]"):
        verify(receipt(), SENT, KEYS)
    assert commits_to(receipt(), SENT)
