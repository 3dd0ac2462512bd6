"""What a data key is for, and where sealers and openers get theirs: from the key service, which alone can unwrap them.

One data key per owner × subject × category × part × form; destroying it erases what it sealed, everywhere at once.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol
from uuid import UUID

from events.labels import Category, Form
from events.parties import Agency

DATA_KEY_BYTES = 32

NoKey = Literal["not_released", "destroyed"]


class KeysUnreachableError(ConnectionError):
    """The key service did not answer, or answered that it cannot now; nothing was sealed or opened."""


@dataclass(frozen=True, slots=True, order=True)
class KeyPlace:
    """What one data key seals, and nothing else."""

    owner: Agency
    subject: str
    category: Category
    part: str
    form: Form


@dataclass(frozen=True, slots=True, repr=False)
class DataKey:
    """A data key in the clear; it lives in memory alone."""

    key_id: str
    key: bytes


@dataclass(frozen=True, slots=True)
class Asking:
    """For whom a key is asked: the reader's own token, as it came, and the purpose that the reader stated.

    `glass`: the broken glass under which it reads.
    """

    token: str = field(repr=False)
    purpose: str
    glass: UUID | None = None


@dataclass(frozen=True, slots=True)
class WantedKey:
    """A key to open a box with, and what only the reading service can know of the box's event and case.

    `stated` are conditions of the sharing agreement by name; the key service looks up the others itself.
    """

    key_id: str
    stated: frozenset[str]


class DoorKeys(Protocol):
    """Gives a door the data keys of what it owns; `infra.keys.client` is the one in use."""

    async def data_keys(self, places: Sequence[KeyPlace]) -> dict[KeyPlace, DataKey]:
        """Return the living key of each place, made if there was none.

        Raises:
            KeysUnreachableError: if they cannot be had just now.
        """
        ...


class ReaderKeys(Protocol):
    """Gives a reading service the data keys that the agreement gives its reader."""

    async def release(self, asking: Asking, wanted: Collection[WantedKey]) -> Mapping[WantedKey, bytes | NoKey]:
        """Return the key for each that is wanted, or why there is none.

        Raises:
            KeysUnreachableError: if they cannot be had just now.
        """
        ...
