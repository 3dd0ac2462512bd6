"""A door's own keys: to name references on the courier, to compare contents, to salt and sign receipts.

Shape: a JSON file, mode 0600, one per agency; the public halves of the signing keys stand in `receipt_keys.json`.
"""

import json
import secrets
from base64 import b64decode, b64encode, urlsafe_b64encode
from collections.abc import Collection
from dataclasses import dataclass
from hashlib import sha256
from hmac import digest as hmac_digest
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import JsonValue

from events.codec import canonical
from events.parties import Agency
from infra.settings import write_private

_KEY_BYTES = 32
PUBLIC_KEYS_FILE = "receipt_keys.json"


@dataclass(frozen=True, slots=True, repr=False)
class DoorSecrets:
    """The keys of one door; they never leave its process."""

    agency: Agency
    reference_key: bytes
    content_key: bytes
    salt_key: bytes
    signing_key: Ed25519PrivateKey

    @classmethod
    def draw(cls, agency: Agency) -> "DoorSecrets":
        """Draw the keys of a new door."""
        reference, content, salt = (secrets.token_bytes(_KEY_BYTES) for _ in range(3))
        return cls(agency, reference, content, salt, Ed25519PrivateKey.generate())

    @classmethod
    def read(cls, path: Path) -> "DoorSecrets":
        """Read a door's keys from its file."""
        held = json.loads(path.read_bytes())
        names = ("reference_key", "content_key", "salt_key", "signing_key")
        reference, content, salt, signing = (b64decode(held[name], validate=True) for name in names)
        return cls(Agency(held["agency"]), reference, content, salt, Ed25519PrivateKey.from_private_bytes(signing))

    def write(self, path: Path) -> None:
        """Write the keys to a file of mode 0600."""
        held = {
            "agency": self.agency.value,
            "reference_key": b64encode(self.reference_key).decode("ascii"),
            "content_key": b64encode(self.content_key).decode("ascii"),
            "salt_key": b64encode(self.salt_key).decode("ascii"),
            "signing_key": b64encode(self.signing_key.private_bytes_raw()).decode("ascii"),
        }
        path.parent.mkdir(parents=True, exist_ok=True)
        write_private(path, json.dumps(held, indent=1))

    @property
    def signing_key_id(self) -> str:
        """The id that receipts quote: derived from the public key."""
        return key_id_of(self.signing_key.public_key())

    def public_jwk(self) -> dict[str, JsonValue]:
        """Return the public half of the signing key as a JSON Web Key."""
        raw = self.signing_key.public_key().public_bytes_raw()
        x = urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")
        return {"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": self.signing_key_id, "x": x}

    def courier_key(self, unit: str, reference: str) -> bytes:
        """Return the Kafka key of a reference: the same for all its events, telling nobody which it is."""
        return hmac_digest(self.reference_key, canonical([unit, reference]), "sha256")

    def content_mark(self, content: bytes) -> bytes:
        """Return the mark by which the door knows the same content again; it cannot be guessed from outside."""
        return hmac_digest(self.content_key, content, "sha256")

    def salt(self, source: str, id_: str, mark: bytes) -> bytes:
        """Return the salt of a receipt; it can be made again, so it is kept nowhere."""
        return hmac_digest(self.salt_key, canonical([source, id_, mark.hex()]), "sha256")


def key_id_of(public_key: Ed25519PublicKey) -> str:
    """Return the id of a signing key."""
    return sha256(public_key.public_bytes_raw()).hexdigest()[:16]


def make_door_secrets(directory: Path, agencies: Collection[Agency]) -> dict[Agency, Path]:
    """Draw the keys of every door that has none yet, and write down the public keys that verify receipts.

    Shape: agency -> its file in `directory`.
    """
    files: dict[Agency, Path] = {}
    public: dict[str, str] = {}
    for agency in sorted(agencies):
        file = files[agency] = directory / f"door_secrets.{agency}.json"
        if not file.exists():
            DoorSecrets.draw(agency).write(file)
        key = DoorSecrets.read(file).signing_key.public_key()
        public[key_id_of(key)] = b64encode(key.public_bytes_raw()).decode("ascii")
    write_private(directory / PUBLIC_KEYS_FILE, json.dumps(public, indent=1))
    return files


def read_receipt_keys(path: Path) -> dict[str, Ed25519PublicKey]:
    """Read the public keys that verify receipts, by key id."""
    rows: dict[str, str] = json.loads(path.read_bytes())
    return {key_id: Ed25519PublicKey.from_public_bytes(b64decode(key)) for key_id, key in rows.items()}
