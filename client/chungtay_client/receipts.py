"""Prove what was sent and that a door took it: offline, with the receipt, the bytes and the door's public key."""

import json
from base64 import b64decode, urlsafe_b64decode
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from chungtay_client.answers import Receipt
from chungtay_client.problems import Language, ReceiptBrokenError, ReceiptsExtraMissingError

_DOMAIN = b"chungtay/receipt/v1\x00"
_UNSIGNED = frozenset({"salt", "signature"})

PublicKeys = Mapping[str, bytes]


def keys_of(jwks: Mapping[str, Any]) -> dict[str, bytes]:
    """Return the Ed25519 keys of a JWK set, as `/v1/receipt-keys` answers it: key id -> 32 bytes."""
    return {
        str(key["kid"]): urlsafe_b64decode(key["x"] + "=" * (-len(key["x"]) % 4))
        for key in jwks["keys"]
        if key.get("crv") == "Ed25519"
    }


def commits_to(receipt: Receipt, sent: bytes) -> bool:
    """Say whether these bytes are what the receipt is for; it says nothing of who signed it."""
    salt = receipt.get("salt")
    return salt is not None and sha256(bytes.fromhex(salt) + sent).hexdigest() == receipt["content_sha256"]


def verify(receipt: Receipt, sent: bytes, keys: PublicKeys, *, language: Language = "vi") -> None:
    """Return if a door that holds one of the keys took exactly these bytes, and nobody changed the receipt since.

    Raises:
        ReceiptBrokenError: if it does not hold.
        ReceiptsExtraMissingError: if `cryptography` is not installed.
    """
    reason = _broken(receipt, sent, keys, language)
    if reason is not None:
        raise ReceiptBrokenError(reason, language)


def signed_bytes(receipt: Receipt) -> bytes:
    """Return the bytes under the signature: everything but salt and signature, sorted keys, no spaces, UTF-8."""
    signed = {name: value for name, value in receipt.items() if name not in _UNSIGNED}
    return _DOMAIN + json.dumps(signed, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _broken(receipt: Receipt, sent: bytes, keys: PublicKeys, language: Language) -> str | None:
    try:
        if receipt["salt"] is None:
            return "no_salt"
        if not commits_to(receipt, sent):
            return "other_bytes"
        if receipt["key_id"] not in keys:
            return "unknown_key"
        signature = b64decode(receipt["signature"], validate=True)
    except (KeyError, ValueError, TypeError):
        return "malformed"
    holds = _is_signed(signed_bytes(receipt), signature, keys[receipt["key_id"]], language)
    return None if holds else "bad_signature"


def _is_signed(message: bytes, signature: bytes, key: bytes, language: Language) -> bool:
    try:
        from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - an extra
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415 - an extra
    except ImportError:
        raise ReceiptsExtraMissingError(language) from None
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
