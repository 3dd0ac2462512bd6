"""Seal one compartment in a box that opens only where it belongs, and commit to what it holds.

Source: architecture §3: AES-256-GCM; associated data name the event and the place in it, so a box moved to another
event, field, owner or subject does not open.
"""

import secrets
from base64 import b64encode
from binascii import Error as NotBase64
from binascii import a2b_base64
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from json.encoder import encode_basestring as _quoted
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import JsonValue
from pydantic_core import from_json

from events.codec import canonical
from events.compartments import Compartment, SealedCompartment
from events.envelope import Envelope
from events.parties import Agency

PADDING_STEP_BYTES = 256
_NONCE_BYTES = 12
_SALT_BYTES = 32


class BoxBroken(Exception):  # noqa: N818 - named for what is so
    """The box was changed, moved from where it was sealed, or is tried with another key."""


@dataclass(frozen=True, slots=True)
class Binding:
    """The event a box belongs to."""

    source: str
    id: str
    type: str

    @classmethod
    def of(cls, event: Envelope) -> "Binding":
        """Return the binding of the boxes of an event, at any of its stages."""
        return cls(event.source, event.id, event.type)


class OpenedBox(NamedTuple):
    """What lay in a box; `salt` and `plaintext` prove the commitment to whoever is shown them."""

    values: Mapping[str, JsonValue]
    salt: bytes
    plaintext: bytes


def seal(
    compartment: Compartment, binding: Binding, *, owner: Agency, subject: str, key_id: str, data_key: bytes
) -> SealedCompartment:
    """Seal a compartment; its length tells only how many steps of 256 bytes it fills."""
    salt, nonce = secrets.token_bytes(_SALT_BYTES), secrets.token_bytes(_NONCE_BYTES)
    plaintext = _pad(canonical({"salt": salt.hex(), "values": dict(compartment.values)}))
    box = nonce + AESGCM(data_key).encrypt(nonce, plaintext, _associated_data(binding, owner, subject, compartment))
    return SealedCompartment(
        category=compartment.category,
        part=compartment.part,
        form=compartment.form,
        subject=subject,
        owner=owner,
        key_id=key_id,
        box=b64encode(box).decode("ascii"),
        commitment=sha256(salt + plaintext).hexdigest(),
    )


def open_box(sealed: SealedCompartment, binding: Binding, data_key: bytes) -> OpenedBox:
    """Open a box and check what it holds against its commitment.

    Raises:
        BoxBroken: if box, commitment, place or key do not belong together.
    """
    said = _associated_data(binding, sealed.owner, sealed.subject, sealed)
    try:
        box = a2b_base64(sealed.box, strict_mode=True)
        nonce, ciphertext = box[:_NONCE_BYTES], box[_NONCE_BYTES:]
        plaintext = AESGCM(data_key).decrypt(nonce, ciphertext, said)
        held = from_json(plaintext, cache_strings="keys")  # values end with who holds them: no memory of any
        salt = bytes.fromhex(held["salt"])
        values = held["values"]
    except (InvalidTag, NotBase64, ValueError, KeyError, TypeError):
        raise BoxBroken(sealed.key_id) from None
    if sha256(salt + plaintext).hexdigest() != sealed.commitment:
        raise BoxBroken(sealed.key_id)
    return OpenedBox(values, salt, plaintext)


def _pad(plaintext: bytes) -> bytes:
    """Fill up with spaces, which JSON ignores, to the next whole step."""
    steps = -(-len(plaintext) // PADDING_STEP_BYTES)
    return plaintext.ljust(steps * PADDING_STEP_BYTES)


def _associated_data(binding: Binding, owner: Agency, subject: str, place: Compartment | SealedCompartment) -> bytes:
    """Return where a box belongs, in the canonical form of JSON, whose general encoder costs as much as the box."""
    return (
        f'{{"category":{_quoted(place.category)},"form":{_quoted(place.form)},"id":{_quoted(binding.id)}'
        f',"owner":{_quoted(owner)},"part":{_quoted(place.part)},"source":{_quoted(binding.source)}'
        f',"subject":{_quoted(subject)},"type":{_quoted(binding.type)}}}'
    ).encode()
