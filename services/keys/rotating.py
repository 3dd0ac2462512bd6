"""Put new key-encryption keys in the place of old ones, in bounded steps; who asks for the steps may stop after any.

Order: a new version is kept for good, noted, and only then wraps; data keys are wrapped anew, some at a time, all of a
step or none; a version is given up when it wraps nothing, which the key database itself guards. So whatever dies in
between, every data key is wrapped by a version that there is. A step that was done twice changes nothing.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

import structlog
from prometheus_client import Counter

from infra.keys.key_encryption import KeyEncryption, NoSuchKeyError, Slot, WrapBroken, Wrapped
from infra.postgres.key_versions import KeyVersions, Outdated

_REWRAPPED = Counter("chungtay_keys_rewrapped_total", "Data keys wrapped anew by a rotation.")
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a slot's key: how many data keys it wraps, and whether new ones are wrapped by it."""

    slot: Slot
    version: int
    data_keys: int
    in_use: bool


@dataclass(frozen=True, slots=True)
class Step:
    """How many data keys a step wrapped anew, and how many earlier versions are left to give up."""

    rewrapped: int
    versions_left: int


class KeysLostError(Exception):
    """Data keys are wrapped by keys that are not there: another's token is connected, or another or an older file."""


@dataclass(frozen=True, slots=True)
class Rotation:
    """Knows the versions there are, and renews them."""

    versions: KeyVersions
    encryption: KeyEncryption

    async def begin_with(self, slots: Iterable[Slot]) -> None:
        """Draw a first key for each of these that has none, and note all there are; before anything is wrapped.

        Raises:
            KeysLostError: if data keys are wrapped by a version that is not there, or is another key under its name:
                then nothing is drawn in its place.
            DatabaseUnreachableError: if the key database does not answer.
            KeysAwayError: if what keeps the keys does not answer.
        """
        needed = await self.versions.needed()
        if lost := [slot for slot, wrapped in needed if not self._unwraps(slot, wrapped)]:
            raise KeysLostError(len(lost))
        there = self.encryption.versions()
        if lacking := [slot for slot in slots if slot not in there]:  # else a file that cannot be written will do
            self.encryption.use(self.encryption.draw(lacking))
        await self.note_all()

    async def note_all(self) -> None:
        """Note what versions there are; before anything is wrapped after a start.

        Raises:
            DatabaseUnreachableError: if the key database does not answer.
        """
        await self.versions.note(self.encryption.versions())

    async def listed(self) -> list[Version]:
        """Return every version there is, in the order of owner, category, form and age.

        Raises:
            DatabaseUnreachableError: if the key database does not answer.
        """
        counted = await self.versions.counted()
        in_use = self.encryption.in_use()
        return [
            Version(slot, version, counted.get((slot, version), 0), in_use[slot] == version)
            for slot, several in sorted(self.encryption.versions().items())
            for version in several
        ]

    async def begin(self, wanted: Callable[[Slot], bool]) -> int:
        """Draw a new version for the slots that are wanted, and wrap with it from now on; return how many.

        A slot with an earlier version left, of a rotation that was broken off, gets none: that one is finished first.

        Raises:
            DatabaseUnreachableError: if the key database does not answer.
        """
        drawn = self.encryption.draw(
            [slot for slot, several in self.encryption.versions().items() if wanted(slot) and len(several) == 1]
        )
        await self.note_all()
        # What is noted and newest wraps, whoever drew it: an earlier try may have ended between the two.
        self.encryption.use({slot: max(several) for slot, several in self.encryption.versions().items()})
        _log.info("keys_drawn", count=len(drawn))
        return len(drawn)

    async def step(self, most: int) -> Step:
        """Wrap some data keys anew with the version in use; where none is left to do, give earlier versions up.

        Raises:
            DatabaseUnreachableError: if the key database does not answer.
        """
        in_use = self.encryption.in_use()
        outdated = await self.versions.outdated({slot: in_use[slot] for slot, _ in self._earlier()}, most)
        await self.versions.rewrap([(one, self._anew(one)) for one in outdated])
        _REWRAPPED.inc(len(outdated))
        if len(outdated) < most:
            await self._give_up(self._earlier())
        return Step(len(outdated), len(self._earlier()))

    def _unwraps(self, slot: Slot, wrapped: Wrapped) -> bool:
        try:
            self.encryption.unwrap(slot, wrapped)
        except (NoSuchKeyError, WrapBroken):
            return False
        return True

    def _earlier(self) -> list[tuple[Slot, int]]:
        """Return the versions that a newer one is in use in the place of."""
        in_use, versions = self.encryption.in_use(), self.encryption.versions()
        return [(slot, version) for slot, several in versions.items() for version in several if version < in_use[slot]]

    def _anew(self, one: Outdated) -> Wrapped:
        return self.encryption.wrap(one.slot, self.encryption.unwrap(one.slot, one.wrapped))

    async def _give_up(self, earlier: Collection[tuple[Slot, int]]) -> None:
        if earlier and await self.versions.give_up(earlier):
            self.encryption.give_up(earlier)
            _log.info("keys_given_up", count=len(earlier))
