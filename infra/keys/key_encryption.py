"""Key-encryption keys: they wrap data keys, one per owner, category and form, and never leave where they are kept.

The port is `KeyEncryption`; `FileKeys` keeps them in one file of mode 0600 that the key service alone is handed,
`infra.keys.token_keys` on a hardware module.
Shape of the file: `{"keys": [{"owner", "category", "form", "version", "key": base64}]}`.
"""

import json
import secrets
from base64 import b64decode, b64encode
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from events.labels import OPEN_CATEGORIES, Category, Form
from events.parties import Agency
from infra.crypto.data_keys import KeyPlace
from infra.settings import read_private, write_private

KEYS_FILE = "key_encryption_keys.json"
SEALED_CATEGORIES = tuple(category for category in Category if category not in OPEN_CATEGORIES)

Slot = tuple[Agency, Category, Form]

KEY_BYTES = 32
FIRST_VERSION = 1


class NoSuchKeyError(KeyError):
    """There is no key-encryption key of this owner, category, form and version."""


class KeysAwayError(ConnectionError):
    """What keeps the key-encryption keys does not answer."""


class WrapBroken(Exception):  # noqa: N818 - named for what is so
    """The wrapped key was changed or belongs to another owner, category, form or version."""


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A data key as it is kept, and the version of the key-encryption key that wrapped it."""

    version: int
    data: bytes


class KeyEncryption(Protocol):
    """Wraps and unwraps data keys; whoever holds it never sees a key-encryption key."""

    def wrap(self, slot: Slot, key: bytes) -> Wrapped:
        """Wrap a data key with the version in use.

        Raises:
            NoSuchKeyError: if there is no key for this slot.
            KeysAwayError: if what keeps the keys does not answer.
        """
        ...

    def unwrap(self, slot: Slot, wrapped: Wrapped) -> bytes:
        """Unwrap a data key with the version that wrapped it.

        Raises:
            NoSuchKeyError: if there is no such version.
            WrapBroken: if the wrapped key is not whole or was wrapped for another slot.
            KeysAwayError: if what keeps the keys does not answer.
        """
        ...

    def versions(self) -> Mapping[Slot, Collection[int]]:
        """Return the versions that there are of each slot's key."""
        ...

    def in_use(self) -> Mapping[Slot, int]:
        """Return the version of each slot's key that wraps."""
        ...

    def draw(self, slots: Collection[Slot]) -> Mapping[Slot, int]:
        """Draw the next version for each slot, kept for good, and return it: it wraps once it is told to `use`.

        Raises:
            KeysAwayError: if what keeps the keys does not answer.
        """
        ...

    def use(self, versions: Mapping[Slot, int]) -> None:
        """Wrap with these versions from now on; after a start, the newest is in use."""
        ...

    def give_up(self, versions: Collection[tuple[Slot, int]]) -> None:
        """Forget versions for good: what they wrapped can never be unwrapped after the next start.

        Raises:
            KeysAwayError: if what keeps the keys does not answer.
        """
        ...


def slot_of(place: KeyPlace) -> Slot:
    """Return whose key-encryption key wraps the data key of a place."""
    return place.owner, place.category, place.form


class FileKeys:
    """Key-encryption keys in a file; what the file says is the truth, and is written before a new key is used."""

    def __init__(self, file: Path, keys: Mapping[Slot, Mapping[int, bytes]]) -> None:
        self._file = file
        self._keys = {slot: dict(versions) for slot, versions in keys.items()}
        self._in_use = {slot: max(versions) for slot, versions in keys.items()}
        self._given_up: dict[tuple[Slot, int], bytes] = {}  # until the next start, for what was read a moment before

    def __repr__(self) -> str:
        """Tell how many keys there are, never which."""
        return f"FileKeys({sum(map(len, self._keys.values()))} keys)"

    @classmethod
    def read(cls, file: Path) -> "FileKeys":
        """Read the keys from their file.

        Raises:
            KeysExposed: if others than the owner of the file may read it.
        """
        keys: dict[Slot, dict[int, bytes]] = {}
        for row in _rows(file):
            slot = Agency(row["owner"]), Category(row["category"]), Form(row["form"])
            keys.setdefault(slot, {})[row.get("version", FIRST_VERSION)] = b64decode(row["key"], validate=True)
        return cls(file, keys)

    def wrap(self, slot: Slot, key: bytes) -> Wrapped:
        """Wrap a data key with the version in use (RFC 3394).

        Raises:
            NoSuchKeyError: if there is no key for this slot.
        """
        version = self._in_use.get(slot)
        if version is None:
            raise NoSuchKeyError(" ".join(slot))
        return Wrapped(version, aes_key_wrap(self._keys[slot][version], key))

    def unwrap(self, slot: Slot, wrapped: Wrapped) -> bytes:
        """Unwrap a data key with the version that wrapped it.

        Raises:
            NoSuchKeyError: if there is no such version.
            WrapBroken: if the wrapped key is not whole or was wrapped for another slot.
        """
        key = self._keys.get(slot, {}).get(wrapped.version) or self._given_up.get((slot, wrapped.version))
        if key is None:
            raise NoSuchKeyError(" ".join(slot))
        try:
            return aes_key_unwrap(key, wrapped.data)
        except (InvalidUnwrap, ValueError):
            raise WrapBroken(" ".join(slot)) from None

    def versions(self) -> Mapping[Slot, Collection[int]]:
        """Return the versions that there are of each slot's key."""
        return {slot: tuple(sorted(versions)) for slot, versions in self._keys.items()}

    def in_use(self) -> Mapping[Slot, int]:
        """Return the version of each slot's key that wraps."""
        return dict(self._in_use)

    def draw(self, slots: Collection[Slot]) -> Mapping[Slot, int]:
        """Draw the next version for each slot; it is on disk when this returns, and wraps once it is told to `use`."""
        drawn = {slot: self._next(slot) for slot in slots}
        added = {slot: {version: secrets.token_bytes(KEY_BYTES)} for slot, version in drawn.items()}
        self._keep({slot: {**self._keys.get(slot, {}), **added.get(slot, {})} for slot in {*self._keys, *added}})
        return drawn

    def use(self, versions: Mapping[Slot, int]) -> None:
        """Wrap with these versions from now on; after a start, the newest is in use."""
        self._in_use.update(versions)

    def give_up(self, versions: Collection[tuple[Slot, int]]) -> None:
        """Forget versions for good; until the next start they still unwrap what was read just before."""
        self._given_up.update({(slot, version): self._keys[slot][version] for slot, version in versions})
        self._keep(
            {
                slot: {version: key for version, key in several.items() if (slot, version) not in self._given_up}
                for slot, several in self._keys.items()
            }
        )

    def lacking(self, slots: Iterable[Slot]) -> list[Slot]:
        """Return the slots that have no key at all."""
        return [slot for slot in slots if slot not in self._keys]

    def _next(self, slot: Slot) -> int:
        return max(self._keys.get(slot, {}), default=FIRST_VERSION - 1) + 1

    def _keep(self, keys: dict[Slot, dict[int, bytes]]) -> None:
        _write(self._file, keys)
        self._keys = keys


def make_file_keys(directory: Path, agencies: Collection[Agency]) -> Path:
    """Draw a key for every owner, category and form that has none yet; return their file.

    Key rings of an earlier release (`door.<agency>.json`) are taken over as the first version, and removed.
    """
    directory.mkdir(parents=True, exist_ok=True)
    file = directory / KEYS_FILE
    if not file.exists():
        rings = sorted(directory.glob("door.*.json"))
        write_private(file, json.dumps({"keys": [row for ring in rings for row in _rows(ring)]}, indent=1))
    for ring in (*directory.glob("door.*.json"), *directory.glob("audience.*.json")):
        ring.unlink()
    keys = FileKeys.read(file)
    lacking = keys.lacking((a, c, form) for a in sorted(agencies) for c in SEALED_CATEGORIES for form in Form)
    if lacking:
        keys.draw(lacking)
    return file


def _rows(file: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(read_private(file))["keys"]
    return rows


def _write(file: Path, keys: Mapping[Slot, Mapping[int, bytes]]) -> None:
    rows = [
        {"owner": owner, "category": category, "form": form, "version": n, "key": b64encode(key).decode("ascii")}
        for (owner, category, form), versions in sorted(keys.items())
        for n, key in sorted(versions.items())
    ]
    write_private(file, json.dumps({"keys": rows}, indent=1))
