"""Open boxes with the keys that are still there and that the key service releases to whoever reads.

Data keys are asked for anew each time: a destroyed key opens nothing from that moment on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from events.compartments import SealedCompartment
from infra.crypto.boxes import Binding, BoxBroken, OpenedBox, open_box
from infra.crypto.data_keys import Asking, NoKey, ReaderKeys, WantedKey

Reason = NoKey | Literal["broken"]


@dataclass(frozen=True, slots=True)
class NotOpened:
    """A box that stayed shut, and why."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class ToOpen:
    """A box of an event; `stated` as `WantedKey` has it."""

    binding: Binding
    sealed: SealedCompartment
    stated: frozenset[str] = frozenset()

    @property
    def wanted(self) -> WantedKey:
        """The key that it takes."""
        return WantedKey(self.sealed.key_id, self.stated)


class Opener:
    """Opens boxes for one audience."""

    def __init__(self, keys: ReaderKeys) -> None:
        self._keys = keys

    async def open_all(self, asking: Asking, items: Sequence[ToOpen]) -> list[OpenedBox | NotOpened]:
        """Open what can be opened.

        Shape: one answer for each item, in the same order.

        Raises:
            KeysUnreachableError: if the key service does not answer.
        """
        wanted = {item.wanted for item in items}
        keys = await self._keys.release(asking, wanted) if wanted else {}
        return [_open(item, keys[item.wanted]) for item in items]


def _open(item: ToOpen, key: bytes | NoKey) -> OpenedBox | NotOpened:
    if not isinstance(key, bytes):
        return NotOpened(key)
    try:
        return open_box(item.sealed, item.binding, key)
    except BoxBroken:
        return NotOpened("broken")
