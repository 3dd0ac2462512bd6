"""Who can open and sign letters: a door's own keys, a sender's own keys, and the register of known senders.

Shape: three JSON files of mode 0600. `letter_keys.<agency>.json` holds the door's keys, the newest first: senders lock
to that one, and older ones still open what was on its way. `letter_senders.json` holds public keys by unit. A sender
keeps its own file. Removing a unit's row takes its key out of use at once, for letters on their way too.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc.jwk import ECKey, OKPKey

from events.parties import Agency
from events.units import units
from infra.crypto.letters import CURVE, DOOR_SIGNATURE, LOCK, Sender, draw_key
from infra.settings import write_private

SENDERS_FILE = "letter_senders.json"


@dataclass(frozen=True, slots=True, repr=False)
class DoorLetterKeys:
    """The keys with which one door opens letters, by id, the newest first."""

    keys: Mapping[str, ECKey]

    @classmethod
    def read(cls, file: Path) -> "DoorLetterKeys":
        """Read them from the door's file."""
        keys = [ECKey.import_key(row) for row in json.loads(file.read_bytes())["keys"]]
        return cls({str(key.kid): key for key in keys})

    @property
    def newest(self) -> ECKey:
        """The key that senders lock to."""
        return next(iter(self.keys.values()))


@dataclass(frozen=True, slots=True, repr=False)
class SenderKeys:
    """What a sender keeps to itself."""

    unit: str
    signing: ECKey
    answers: ECKey

    @classmethod
    def draw(cls, unit: str) -> "SenderKeys":
        """Draw the keys of a unit."""
        return cls(unit, draw_key(), draw_key())

    @classmethod
    def read(cls, file: Path) -> "SenderKeys":
        """Read them from the sender's file."""
        row = json.loads(file.read_bytes())
        return cls(row["unit"], ECKey.import_key(row["signing"]), ECKey.import_key(row["answers"]))

    def row(self, *, private: bool) -> dict[str, Any]:
        """Return them as they stand in a file: the sender's own, or the register of senders."""
        keys = {"signing": self.signing, "answers": self.answers}
        return {"unit": self.unit, **{name: key.as_dict(private=private) for name, key in keys.items()}}


def make_door_letter_keys(directory: Path, agencies: Collection[Agency]) -> dict[Agency, Path]:
    """Draw the keys of every door that has none yet.

    Shape: agency -> its file in `directory`.
    """
    files = {agency: directory / f"letter_keys.{agency}.json" for agency in sorted(agencies)}
    for file in files.values():
        if not file.exists():
            write_private(file, json.dumps({"keys": [draw_key().as_dict(private=True)]}, indent=1))
    return files


def register(file: Path, keys: SenderKeys) -> None:
    """Make a unit's public keys known to the doors, in place of those it had."""
    rows = [row for row in _rows(file) if row["unit"] != keys.unit]
    write_private(file, json.dumps({"senders": [*rows, keys.row(private=False)]}, indent=1))


def read_senders(file: Path, agency: Agency) -> dict[str, Sender]:
    """Return the registered senders of an agency, by the id of the key that signs their letters."""
    found = [row for row in _rows(file) if row["unit"] in units() and units()[row["unit"]].agency is agency]
    senders = (Sender(row["unit"], *(ECKey.import_key(row[name]) for name in ("signing", "answers"))) for row in found)
    return {str(sender.signing.kid): sender for sender in senders}


def signing_key(private: Ed25519PrivateKey, key_id: str) -> OKPKey:
    """Return a door's signing key as answers are signed with it; it bears the id that receipts quote."""
    found = OKPKey.import_key(private)
    return OKPKey.import_key({**found.as_dict(private=True), "kid": key_id})


def public_keys(letters: DoorLetterKeys, signing: OKPKey) -> dict[str, Any]:
    """Return what a sender must know of a door, as a JSON Web Key Set: to lock a letter, to know an answer."""
    locking = {**letters.newest.as_dict(private=False), "use": "enc", "alg": LOCK, "crv": CURVE}
    return {"keys": [locking, {**signing.as_dict(private=False), "use": "sig", "alg": DOOR_SIGNATURE}]}


def _rows(file: Path) -> list[dict[str, Any]]:
    try:
        rows: list[dict[str, Any]] = json.loads(file.read_bytes())["senders"]
    except FileNotFoundError:
        return []
    return rows
