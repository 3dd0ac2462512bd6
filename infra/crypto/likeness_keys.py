"""Keyed marks by which a child is known again: useless to whoever has no key, and to whoever has another.

Each recipient has a key of its own: an audience that searches its own view, or the comparison across agencies. A mark
tells whoever holds two of them that two children agree in a feature, and nothing of the feature.
Shape: a JSON file, mode 0600, one per recipient: `{"keys": [{"version", "key": base64}]}`, the newest last.
"""

import hmac
import json
import secrets
from base64 import b64decode, b64encode
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from events.codec import canonical
from events.likeness import Child, compared
from events.parties import Audience
from infra.settings import read_private, write_private

MARK_BYTES = 32
MATCHING = "matching"  # whose marks are compared across agencies; the doors alone have its key


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of one child for one recipient, one for each feature in the order of `Feature`."""

    key_version: int
    marks: tuple[bytes, ...]


class LikenessKeys:
    """The keys of one recipient: what is new is marked with the newest, what was marked before is found by all."""

    def __init__(self, keys: Mapping[int, bytes]) -> None:
        self._keys = dict(sorted(keys.items()))

    def __repr__(self) -> str:
        """Tell how many keys there are, never which."""
        return f"LikenessKeys({len(self._keys)} keys)"

    @classmethod
    def draw(cls) -> "LikenessKeys":
        """Draw the first key of a recipient."""
        return cls({1: secrets.token_bytes(MARK_BYTES)})

    @classmethod
    def read(cls, path: Path) -> "LikenessKeys":
        """Read the keys from their file.

        Raises:
            KeysExposed: if others than the owner of the file may read it.
        """
        rows = json.loads(read_private(path))["keys"]
        return cls({int(row["version"]): b64decode(row["key"], validate=True) for row in rows})

    def write(self, path: Path) -> None:
        """Write the keys to a file of mode 0600."""
        rows = [{"version": version, "key": b64encode(key).decode("ascii")} for version, key in self._keys.items()]
        path.parent.mkdir(parents=True, exist_ok=True)
        write_private(path, json.dumps({"keys": rows}, indent=1))

    def rotated(self) -> "LikenessKeys":
        """Return the keys with a new one that marks from now on; what the others marked is still found."""
        return LikenessKeys({**self._keys, max(self._keys) + 1: secrets.token_bytes(MARK_BYTES)})

    def marks(self, child: Child) -> Marks:
        """Return the marks of a child; where a feature is not known stands chance: its absence tells nothing."""
        version, key = max(self._keys.items())
        return Marks(
            version,
            tuple(
                secrets.token_bytes(MARK_BYTES) if text is None else _mark(key, feature, text)
                for feature, text in compared(child).items()
            ),
        )

    def sought(self, child: Child) -> tuple[bytes, ...]:
        """Return the marks that a child may bear, under every key there is, the surest feature first."""
        return tuple(
            _mark(key, feature, text)
            for feature, text in compared(child).items()
            if text is not None
            for key in self._keys.values()
        )


def search_recipient(audience: Audience) -> str:
    """Return the name of an audience as one that searches."""
    return f"search.{audience}"


def make_likeness_keys(directory: Path, audiences: Collection[Audience]) -> dict[str, Path]:
    """Draw the keys of every recipient that has none yet, `MATCHING` among them.

    Shape: recipient -> its file in `directory`.
    """
    recipients = [*map(search_recipient, sorted(audiences)), MATCHING]
    return {recipient: _drawn(directory / f"likeness.{recipient}.json") for recipient in recipients}


def _drawn(file: Path) -> Path:
    if not file.exists():
        LikenessKeys.draw().write(file)
    return file


def _mark(key: bytes, feature: str, text: str) -> bytes:
    return hmac.digest(key, canonical([feature, text]), sha256)
