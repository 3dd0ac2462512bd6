"""What a data key is for, and where wrapped data keys are kept.

One data key per owner × subject × category × part × form; destroying it erases what it sealed, everywhere at once.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from events.labels import Category, Form
from events.parties import Agency

DATA_KEY_BYTES = 32


@dataclass(frozen=True, slots=True, order=True)
class KeyPlace:
    """What one data key seals, and nothing else."""

    owner: Agency
    subject: str
    category: Category
    part: str
    form: Form


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """A living data key as it is kept."""

    key_id: str
    place: KeyPlace
    wrapped: bytes


class DataKeys(Protocol):
    """Keeps wrapped data keys; `infra.postgres.key_store` is the one in use."""

    async def at(self, places: Collection[KeyPlace]) -> dict[KeyPlace, WrappedKey]:
        """Return the living key of each place that has one."""
        ...

    async def keep(self, keys: Sequence[WrappedKey]) -> dict[KeyPlace, WrappedKey]:
        """Keep new keys and return the living key of each place: the first one kept wins."""
        ...

    async def by_id(self, key_ids: Collection[str]) -> dict[str, bytes | None]:
        """Return the wrapped keys of these ids, None for destroyed ones; unknown ids are left out."""
        ...
