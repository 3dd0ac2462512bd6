"""Seal every compartment of events for their owner, with data keys made once and kept wrapped."""

import secrets
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from events.compartments import Compartment, SealedCompartment
from events.parties import Agency
from infra.crypto.boxes import Binding, seal
from infra.crypto.data_keys import DATA_KEY_BYTES, DataKeys, KeyPlace, WrappedKey
from infra.crypto.keyring import KeyRing

_CACHED_KEYS = 20_000  # about 10 MB; the keys of some thousand cases in work


@dataclass(frozen=True, slots=True)
class ToSeal:
    """The compartments of one event; `about` is the source and reference they speak of."""

    binding: Binding
    about: str
    compartments: tuple[Compartment, ...]


@dataclass(frozen=True, slots=True)
class _DataKey:
    key_id: str
    key: bytes


class Sealer:
    """Seals for one owner; the data keys it used last stay in memory, unwrapped."""

    def __init__(self, store: DataKeys, ring: KeyRing, owner: Agency) -> None:
        self._store = store
        self._ring = ring
        self._owner = owner
        self._known: OrderedDict[KeyPlace, _DataKey] = OrderedDict()

    async def seal_all(self, items: Sequence[ToSeal]) -> list[tuple[SealedCompartment, ...]]:
        """Seal the compartments of some events.

        Raises:
            NotOnRing: if the ring lacks a key of this owner.
            WrapBroken: if a kept key was changed.
        """
        places = [[self._place(item.about, one) for one in item.compartments] for item in items]
        keys = await self._data_keys({place for row in places for place in row})
        return [
            tuple(
                seal(
                    one,
                    item.binding,
                    owner=self._owner,
                    subject=place.subject,
                    key_id=keys[place].key_id,
                    data_key=keys[place].key,
                )
                for one, place in zip(item.compartments, row, strict=True)
            )
            for item, row in zip(items, places, strict=True)
        ]

    def _place(self, about: str, compartment: Compartment) -> KeyPlace:
        subject = f"{about}#{compartment.person}"
        return KeyPlace(self._owner, subject, compartment.category, compartment.part, compartment.form)

    async def _data_keys(self, places: set[KeyPlace]) -> dict[KeyPlace, _DataKey]:
        found = {place: self._known[place] for place in places if place in self._known}
        missing = places - found.keys()
        if missing:
            kept = await self._store.at(missing)
            found |= {place: self._unwrapped(key) for place, key in kept.items()}
            absent = missing - kept.keys()
            if absent:
                found |= await self._new_keys(sorted(absent))
        self._remember(found)
        return found

    async def _new_keys(self, places: Sequence[KeyPlace]) -> dict[KeyPlace, _DataKey]:
        drawn = {place: secrets.token_bytes(DATA_KEY_BYTES) for place in places}
        wrapped = {place: self._wrapped(place, key) for place, key in drawn.items()}
        kept = await self._store.keep(list(wrapped.values()))
        return {
            place: _DataKey(key.key_id, drawn[place]) if key.key_id == wrapped[place].key_id else self._unwrapped(key)
            for place, key in kept.items()
        }

    def _wrapped(self, place: KeyPlace, key: bytes) -> WrappedKey:
        wrapped = self._ring.wrap(place.owner, place.category, place.form, key)
        return WrappedKey(secrets.token_hex(16), place, wrapped)

    def _unwrapped(self, kept: WrappedKey) -> _DataKey:
        place = kept.place
        return _DataKey(kept.key_id, self._ring.unwrap(place.owner, place.category, place.form, kept.wrapped))

    def _remember(self, keys: dict[KeyPlace, _DataKey]) -> None:
        for place, key in keys.items():
            self._known[place] = key
            self._known.move_to_end(place)
        while len(self._known) > _CACHED_KEYS:
            self._known.popitem(last=False)
