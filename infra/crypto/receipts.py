"""Receipts: what a door accepted, signed, numbered and chained per source.

Source: architecture §2. The signature covers everything but the salt, so that a receipt can be shown to others
without letting them guess at the content; whoever holds salt and bytes proves that these were accepted.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Annotated

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from events.codec import canonical
from events.envelope import EventId, UnitId
from infra.crypto.door_secrets import DoorSecrets

Sha256Hex = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]

FIRST_PREVIOUS = "0" * 64
_DOMAIN = b"chungtay/receipt/v1\x00"


class Receipt(BaseModel):
    """That a door accepted an event: kept for ever, and sent on to the case record.

    `content_sha256` is SHA-256 over salt and bytes as sent; `previous` is the digest of the source's receipt before.
    """

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    source: UnitId
    id: EventId
    number: Annotated[int, Field(ge=1)]
    accepted_at: AwareDatetime
    simulated: bool
    content_sha256: Sha256Hex
    salt: Sha256Hex | None = None
    previous: Sha256Hex
    key_id: str
    signature: str = ""

    def signed_bytes(self) -> bytes:
        """Return the bytes under the signature."""
        return _DOMAIN + canonical(json.loads(self.model_dump_json(exclude={"salt", "signature"})))

    def digest(self) -> str:
        """Return what the next receipt of this source quotes as `previous`."""
        return sha256(self.signed_bytes() + b64decode(self.signature)).hexdigest()

    def commits_to(self, sent: bytes) -> bool:
        """Say whether these bytes are what was accepted; only with the salt."""
        return self.salt is not None and commitment(bytes.fromhex(self.salt), sent) == self.content_sha256

    def verify(self, keys: Mapping[str, Ed25519PublicKey]) -> bool:
        """Say whether a door signed this receipt and nobody changed it since."""
        key = keys.get(self.key_id)
        if key is None:
            return False
        try:
            key.verify(b64decode(self.signature), self.signed_bytes())
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class Head:
    """The last receipt of a source; number 0 before the first."""

    number: int = 0
    digest: str = FIRST_PREVIOUS


@dataclass(frozen=True, slots=True)
class Accepted:
    """What a receipt is to be made of."""

    source: str
    id: str
    accepted_at: datetime
    simulated: bool
    content_sha256: str


def commitment(salt: bytes, sent: bytes) -> str:
    """Return what a receipt commits to."""
    return sha256(salt + sent).hexdigest()


def sign(accepted: Accepted, head: Head, secrets: DoorSecrets) -> Receipt:
    """Return the receipt that follows `head`, without salt."""
    receipt = Receipt(
        source=accepted.source,
        id=accepted.id,
        number=head.number + 1,
        accepted_at=accepted.accepted_at,
        simulated=accepted.simulated,
        content_sha256=accepted.content_sha256,
        previous=head.digest,
        key_id=secrets.signing_key_id,
    )
    signature = secrets.signing_key.sign(receipt.signed_bytes())
    return receipt.model_copy(update={"signature": b64encode(signature).decode("ascii")})


def first_break(receipts: Iterable[Receipt], keys: Mapping[str, Ed25519PublicKey]) -> int | None:
    """Return the number at which the receipts of one source do not hold, or None.

    Order: by number, ascending, from 1.
    """
    head = Head()
    for receipt in receipts:
        follows = receipt.number == head.number + 1 and receipt.previous == head.digest
        if not follows or not receipt.verify(keys):
            return head.number + 1
        head = Head(receipt.number, receipt.digest())
    return None
