"""The key-encryption keys that one process may use; whatever reaches it otherwise stays unreadable.

Shape: a JSON file, mode 0600: `{"keys": [{"owner", "category", "form", "key": base64}]}`.
"""

import json
import secrets
import stat
from base64 import b64decode, b64encode
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Protocol

from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from events.labels import OPEN_CATEGORIES, Category, Form
from events.parties import DOOR_AUDIENCES, Agency, Audience
from infra.settings import write_private

Slot = tuple[Agency, Category, Form]

_KEY_BYTES = 32
SEALED_CATEGORIES = tuple(category for category in Category if category not in OPEN_CATEGORIES)


class NotOnRing(Exception):  # noqa: N818 - named for what is so
    """This process was not handed the key for this owner, category and form."""


class WrapBroken(Exception):  # noqa: N818 - named for what is so
    """The wrapped key was changed or belongs to another owner, category or form."""


class KeyRingExposed(Exception):  # noqa: N818 - named for what is so
    """Others than its owner may read the key ring file; take their rights away (chmod 600)."""


class Release(Protocol):
    """What the agreement may give an audience; `own_only`: only of what its own agency published."""

    @property
    def category(self) -> Category:
        """The category whose boxes may be opened."""
        ...

    @property
    def form(self) -> Form:
        """The form that may be opened."""
        ...

    @property
    def own_only(self) -> bool:
        """Whether only boxes of the audience's own agency may be opened."""
        ...


class KeyRing:
    """Key-encryption keys by owner, category and form; it wraps data keys and never shows a key."""

    def __init__(self, keys: Mapping[Slot, bytes]) -> None:
        self._keys = dict(keys)

    def __repr__(self) -> str:
        """Tell how many keys there are, never which."""
        return f"KeyRing({len(self._keys)} keys)"

    @property
    def slots(self) -> frozenset[Slot]:
        """The owners, categories and forms this ring opens."""
        return frozenset(self._keys)

    @classmethod
    def read(cls, path: Path) -> "KeyRing":
        """Read a ring from its file.

        Raises:
            KeyRingExposed: if others than the owner of the file may read it.
        """
        if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise KeyRingExposed(path.name)
        rows = json.loads(path.read_bytes())["keys"]
        return cls({_slot(row): b64decode(row["key"], validate=True) for row in rows})

    @classmethod
    def create(cls, slots: Iterable[Slot]) -> "KeyRing":
        """Draw a new key for each slot."""
        return cls({slot: secrets.token_bytes(_KEY_BYTES) for slot in slots})

    def write(self, path: Path) -> None:
        """Write the ring to a file of mode 0600."""
        rows = [
            {"owner": owner, "category": category, "form": form, "key": b64encode(key).decode("ascii")}
            for (owner, category, form), key in sorted(self._keys.items())
        ]
        path.parent.mkdir(parents=True, exist_ok=True)
        write_private(path, json.dumps({"keys": rows}, indent=1))

    def joined(self, other: "KeyRing") -> "KeyRing":
        """Return a ring with the keys of both; where both have one, this ring's stays."""
        return KeyRing({**other._keys, **self._keys})  # noqa: SLF001 - the same class

    def only(self, slots: Collection[Slot]) -> "KeyRing":
        """Return a ring with no other keys than those of these slots."""
        return KeyRing({slot: key for slot, key in self._keys.items() if slot in slots})

    def wrap(self, owner: Agency, category: Category, form: Form, key: bytes) -> bytes:
        """Wrap a data key (RFC 3394).

        Raises:
            NotOnRing: if this ring has no key for the slot.
        """
        return aes_key_wrap(self._key((owner, category, form)), key)

    def unwrap(self, owner: Agency, category: Category, form: Form, wrapped: bytes) -> bytes:
        """Unwrap a data key.

        Raises:
            NotOnRing: if this ring has no key for the slot.
            WrapBroken: if the wrapped key is not whole or was wrapped for another slot.
        """
        try:
            return aes_key_unwrap(self._key((owner, category, form)), wrapped)
        except (InvalidUnwrap, ValueError):
            raise WrapBroken(f"{owner} {category} {form}") from None

    def _key(self, slot: Slot) -> bytes:
        try:
            return self._keys[slot]
        except KeyError:
            raise NotOnRing(" ".join(slot)) from None


def make_key_rings(
    directory: Path, releases: Mapping[Audience, Collection[Release]], agencies: Collection[Agency]
) -> dict[str, Path]:
    """Write a ring for each door and each audience; keys once drawn stay the same for ever.

    Shape: `door.<agency>` or `audience.<audience>` -> its file in `directory`. Audience rings are made anew, so a
    narrower agreement takes keys away at the next start.
    """
    files: dict[str, Path] = {}
    every = KeyRing({})
    for agency in sorted(agencies):
        file = files[f"door.{agency}"] = directory / f"door.{agency}.json"
        ring = _door_ring(agency, file)
        every = every.joined(ring)
    for audience, released in releases.items():
        file = files[f"audience.{audience}"] = directory / f"audience.{audience}.json"
        every.only(released_slots(audience, released, agencies)).write(file)
    return files


def released_slots(audience: Audience, releases: Collection[Release], agencies: Collection[Agency]) -> frozenset[Slot]:
    """Return what an audience may open, by the agreement's releases."""
    own = [agency for agency, audiences in DOOR_AUDIENCES.items() if audience in audiences]
    return frozenset(
        (owner, release.category, release.form)
        for release in releases
        for owner in agencies
        if not release.own_only or owner in own
    )


def _door_ring(agency: Agency, file: Path) -> KeyRing:
    """Read a door's ring, with keys added for what it has none yet."""
    slots = [(agency, category, form) for category in SEALED_CATEGORIES for form in Form]
    known = KeyRing.read(file) if file.exists() else KeyRing({})
    if known.slots >= set(slots):
        return known
    whole = known.joined(KeyRing.create(slots))
    whole.write(file)
    return whole


def _slot(row: Mapping[str, str]) -> Slot:
    return Agency(row["owner"]), Category(row["category"]), Form(row["form"])
