"""The keys with which the parties to the sharing agreement sign a version of it.

Shape: `party_key.<agency>.json`, mode 0600, is a party's own; `party_keys.json` holds the public halves, which are the
parties whose signatures a version needs. A party's older keys stay in the list: what they signed stays signed.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import BaseModel, ConfigDict, TypeAdapter

from events.parties import Agency
from infra.crypto.door_secrets import key_id_of
from infra.settings import write_private

PARTIES_FILE = "party_keys.json"
_DOMAIN = b"chungtay/agreement/v1\x00"


class Signature(BaseModel):
    """What one party put under the exact bytes of a document."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    party: Agency
    key_id: str
    signature: str


_SIGNATURES = TypeAdapter(tuple[Signature, ...])


@dataclass(frozen=True, slots=True)
class Parties:
    """Who must sign, each with the public keys it is known by."""

    keys: Mapping[Agency, Mapping[str, Ed25519PublicKey]]

    @classmethod
    def read(cls, file: Path) -> "Parties":
        """Read the registered parties; none where there is no file."""
        try:
            rows: dict[str, dict[str, str]] = json.loads(file.read_bytes())
        except FileNotFoundError:
            rows = {}
        return cls({Agency(name): {id_: _public(key) for id_, key in keys.items()} for name, keys in rows.items()})

    def missing(self, document: bytes, signatures: Iterable[Signature]) -> frozenset[Agency]:
        """Return the parties that have not signed these bytes; a signature that does not hold is none."""
        return frozenset(self.keys) - {one.party for one in signatures if self._holds(document, one)}

    def _holds(self, document: bytes, signature: Signature) -> bool:
        key = self.keys.get(signature.party, {}).get(signature.key_id)
        if key is None:
            return False
        try:
            key.verify(b64decode(signature.signature), _DOMAIN + document)
        except (InvalidSignature, ValueError):
            return False
        return True


def sign(document: bytes, party: Agency, key: Ed25519PrivateKey) -> Signature:
    """Return a party's signature under the exact bytes of a document."""
    signed = b64encode(key.sign(_DOMAIN + document)).decode("ascii")
    return Signature(party=party, key_id=key_id_of(key.public_key()), signature=signed)


def read_signatures(text: str) -> tuple[Signature, ...]:
    """Read the parties' signatures.

    Raises:
        ValueError: if the text is no list of signatures.
    """
    return _SIGNATURES.validate_json(text)


def write_signatures(signatures: Iterable[Signature]) -> str:
    """Return signatures as they are kept: JSON, by party."""
    ordered = sorted(signatures, key=lambda one: (one.party, one.key_id))
    return json.dumps([one.model_dump(mode="json") for one in ordered], indent=1)


def make_party_keys(directory: Path, parties: Collection[Agency]) -> Path:
    """Draw the key of every party that has none yet, and register the public halves; return the register."""
    register = directory / PARTIES_FILE
    rows: dict[str, dict[str, str]] = json.loads(register.read_bytes()) if register.exists() else {}
    for party in sorted(parties):
        file = party_key_file(directory, party)
        if not file.exists():
            drawn = Ed25519PrivateKey.generate()
            write_private(file, json.dumps({"key": b64encode(drawn.private_bytes_raw()).decode("ascii")}))
        public = read_party_key(file).public_key()
        rows.setdefault(party.value, {})[key_id_of(public)] = b64encode(public.public_bytes_raw()).decode("ascii")
    write_private(register, json.dumps(rows, indent=1))
    return register


def party_key_file(directory: Path, party: Agency) -> Path:
    """Return where a party's own key lies in development."""
    return directory / f"party_key.{party}.json"


def read_party_key(file: Path) -> Ed25519PrivateKey:
    """Read a party's own key.

    Raises:
        ValueError: if the file holds no key.
    """
    try:
        return Ed25519PrivateKey.from_private_bytes(b64decode(json.loads(file.read_bytes())["key"], validate=True))
    except (KeyError, TypeError) as problem:
        raise ValueError(f"{file} holds no key") from problem


def _public(key: str) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(b64decode(key))
