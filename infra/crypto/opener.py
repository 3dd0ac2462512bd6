"""Open boxes with the keys that are still there and that this process may use.

Data keys are asked for anew each time: a destroyed key opens nothing from that moment on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from events.compartments import SealedCompartment
from infra.crypto.boxes import Binding, BoxBroken, OpenedBox, open_box
from infra.crypto.data_keys import DataKeys
from infra.crypto.keyring import KeyRing, WrapBroken

Reason = Literal["not_on_ring", "unknown_key", "destroyed", "broken"]


@dataclass(frozen=True, slots=True)
class NotOpened:
    """A box that stayed shut, and why."""

    reason: Reason


class Opener:
    """Opens boxes for one audience."""

    def __init__(self, key_store: DataKeys, ring: KeyRing) -> None:
        self._store = key_store
        self._ring = ring

    async def open_all(self, items: Sequence[tuple[Binding, SealedCompartment]]) -> list[OpenedBox | NotOpened]:
        """Open what can be opened.

        Shape: one answer for each item, in the same order.
        """
        wanted = {sealed.key_id for _, sealed in items if self._may(sealed)}
        keys = await self._store.by_id(wanted) if wanted else {}
        return [self._open(binding, sealed, keys) for binding, sealed in items]

    def _may(self, sealed: SealedCompartment) -> bool:
        return (sealed.owner, sealed.category, sealed.form) in self._ring.slots

    def _open(
        self, binding: Binding, sealed: SealedCompartment, keys: Mapping[str, bytes | None]
    ) -> OpenedBox | NotOpened:
        if not self._may(sealed):
            return NotOpened("not_on_ring")
        if sealed.key_id not in keys:
            return NotOpened("unknown_key")
        wrapped = keys[sealed.key_id]
        if wrapped is None:
            return NotOpened("destroyed")
        try:
            data_key = self._ring.unwrap(sealed.owner, sealed.category, sealed.form, wrapped)
            return open_box(sealed, binding, data_key)
        except (WrapBroken, BoxBroken):
            return NotOpened("broken")
