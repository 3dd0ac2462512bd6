"""Seal every compartment of events for their owner, with data keys that the key service made once."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from events.compartments import Compartment, SealedCompartment
from events.parties import Agency
from infra.crypto.boxes import Binding, seal
from infra.crypto.data_keys import DataKey, DoorKeys, KeyPlace

_CACHED_KEYS = 20_000  # about 10 MB; the keys of some thousand cases in work


@dataclass(frozen=True, slots=True)
class ToSeal:
    """The compartments of one event; `about` is the source and reference they speak of."""

    binding: Binding
    about: str
    compartments: tuple[Compartment, ...]


class Sealer:
    """Seals for one owner; the data keys it used last stay in memory until it is told to forget them.

    `erasures` is how many erasures had been carried out when it was last told.
    """

    def __init__(self, keys: DoorKeys, owner: Agency) -> None:
        self._keys = keys
        self._owner = owner
        self._known: OrderedDict[KeyPlace, DataKey] = OrderedDict()
        self.erasures = 0

    async def seal_all(self, items: Sequence[ToSeal]) -> list[tuple[SealedCompartment, ...]]:
        """Seal the compartments of some events.

        Raises:
            KeysUnreachableError: if a key that is not in memory cannot be had just now.
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

    def forget(self, erasures: int) -> None:
        """Ask anew for every key from now on: some of those in memory may be about to be destroyed."""
        self._known.clear()
        self.erasures = erasures

    def _place(self, about: str, compartment: Compartment) -> KeyPlace:
        subject = f"{about}#{compartment.person}"
        return KeyPlace(self._owner, subject, compartment.category, compartment.part, compartment.form)

    async def _data_keys(self, places: set[KeyPlace]) -> dict[KeyPlace, DataKey]:
        found = {place: self._known[place] for place in places if place in self._known}
        missing = sorted(places - found.keys())
        if missing:
            found |= await self._keys.data_keys(missing)
        self._remember(found)
        return found

    def _remember(self, keys: dict[KeyPlace, DataKey]) -> None:
        for place, key in keys.items():
            self._known[place] = key
            self._known.move_to_end(place)
        while len(self._known) > _CACHED_KEYS:
            self._known.popitem(last=False)
