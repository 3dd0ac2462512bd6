"""Carry out the erasures that the register states, each once, whatever dies in between.

Order, each step committed before the next: what is to be destroyed is written down and retired (nobody is given it any
more), every door is told (`infra.postgres.erasure_barrier`), the keys are destroyed. After a start it goes on with what
was written down: a key made meanwhile is not among it. Then, too, the marks of whoever was erased go once more: a
backup of the read models may have brought them back. Where the register itself came back from a backup older than the
last erasure, it begins again from the start: what was erased stays so, and what is stated from then on is heard.

Register, topics, views and backups then hold boxes that nothing opens any more. The marks by which a child is found go
when doors are told, if its name goes. Files that were exported must be dropped by whoever keeps them:
`privacy.subject_key_destroyed.v1` is in its audience's stream.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from uuid import UUID

import structlog
from prometheus_client import Counter as Figure
from pydantic import JsonValue

from events.codec import from_bytes
from events.compartments import SealedCompartment
from events.envelope import RecordedEvent
from events.labels import Category, Form, Person
from events.privacy import ERASURE_PART
from infra.crypto.boxes import Binding, BoxBroken, open_box
from infra.crypto.data_keys import KeyPlace
from infra.keys.key_encryption import KeyEncryption, KeysAwayError, NoSuchKeyError, WrapBroken, slot_of
from infra.postgres.erasures import ErasureBook, Stated, StatedErasures
from infra.postgres.faults import DatabaseUnreachableError
from infra.postgres.key_store import KeyStore
from projections.disclosure.retention import Retention

_BATCH = 50
_POLL_S = 0.5
_NAMES = (Category.CHILD_IDENTITY, "main")  # where the names stand by which a child is found
_DESTROYED = Figure("chungtay_keys_destroyed_total", "Data keys destroyed by erasures.")
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be erased: of whom, which categories and parts (empty: all), on whose word."""

    authority: str
    persons: frozenset[Person]
    categories: frozenset[Category]
    parts: frozenset[str]

    def speaks_of(self, place: KeyPlace) -> bool:
        """Say whether what lies in a place is wished erased."""
        return (
            place.subject.rpartition("#")[2] in {person.value for person in self.persons}
            and (not self.categories or place.category in self.categories)
            and (not self.parts or place.part in self.parts)
        )


@dataclass(frozen=True, slots=True)
class Judged:
    """How many keys of an owner's part of a category go, or are kept on a ground."""

    owner: str
    category: str
    part: str
    keys: int
    ground: str | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Which keys go, and what stays on which ground."""

    condemned: Mapping[str, KeyPlace]  # by the key's id
    lines: tuple[Judged, ...]

    @property
    def going(self) -> tuple[Judged, ...]:
        """What is destroyed."""
        return tuple(line for line in self.lines if line.ground is None)

    @property
    def kept(self) -> tuple[Judged, ...]:
        """What is kept."""
        return tuple(line for line in self.lines if line.ground is not None)


@dataclass(frozen=True, slots=True)
class Eraser:
    """Knows what an erasure reaches, and carries it out."""

    stated: StatedErasures
    book: ErasureBook
    store: KeyStore
    encryption: KeyEncryption
    retention: Callable[[], Retention]

    async def judge(self, stream: UUID, wish: Wish) -> Verdict:
        """Return what would be destroyed for all subjects linked with a report or case, and what is kept and why.

        Raises:
            DatabaseUnreachableError: if a database does not answer.
        """
        subjects = await self.stated.subjects(stream)
        named = {f"{subject}#{person}" for subject in subjects for person in wish.persons}
        keys = [(key_id, place) for key_id, place in await self.book.keys_of(named) if wish.speaks_of(place)]
        retention = self.retention()
        grounds = {place: _ground(retention, place, wish) for _, place in keys}
        condemned = {key_id: place for key_id, place in keys if grounds[place] is None}
        counted = Counter((p.owner.value, p.category.value, p.part, grounds[p]) for _, p in keys)
        lines = sorted(counted.items(), key=lambda line: line[0][:3])
        return Verdict(condemned, tuple(Judged(o, c, part, n, ground) for (o, c, part, ground), n in lines))

    async def run(self, stop: asyncio.Event) -> None:
        """Follow the register until `stop` is set; while a database or what keeps the keys is away, wait for it."""
        looked_back = False
        while not stop.is_set():
            try:
                if not looked_back:
                    await self.look_back()
                    looked_back = True
                busy = await self.step()
            except (DatabaseUnreachableError, KeysAwayError) as problem:
                _log.warning("erasing_waits", error=type(problem).__name__)
                busy = looked_back = False  # what comes back may be a backup
            if not busy:
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), _POLL_S)

    async def look_back(self) -> None:
        """Forget again by what those were found whose names are erased: what came back may be a backup.

        Where the register does not hold the last erasure any more, begin again from the start. For what a backup's
        boxes held there are no keys.

        Raises:
            DatabaseUnreachableError: if a database does not answer.
        """
        nameless = _of_names(await self.book.destroyed())
        position = await self.book.position()
        is_older = position != 0 and not await self.stated.stands_at(position)
        if nameless or is_older:
            await self.stated.tell_doors(nameless)
        if is_older:
            await self.book.skip_to(0)
            _log.warning("register_is_older", position=position)

    async def step(self) -> bool:
        """Carry out the next erasures; return whether there were any.

        Raises:
            DatabaseUnreachableError: if a database does not answer.
        """
        found = await self.stated.after(await self.book.position(), _BATCH)
        for one in found:
            await self._carry_out(one)
        return bool(found)

    async def _carry_out(self, stated: Stated) -> None:
        said = await self._said(stated.recorded)
        if said is None:
            _log.warning("erasure_unreadable", position=stated.position)
            await self.book.skip_to(stated.position)
            return
        event, wish = said
        verdict = await self.judge(stated.stream, wish)
        kept: JsonValue = [asdict(line) for line in verdict.kept]
        condemned = await self.book.begin(event.source, event.id, list(verdict.condemned), kept)
        going = await self.store.by_id(condemned)
        await self.stated.tell_doors(_of_names({key_id: key.place for key_id, key in going.items()}))
        await self.book.destroy(event.source, event.id, condemned, stated.position)
        _DESTROYED.inc(len(condemned))
        _log.info("erased", position=stated.position, count=len(condemned))

    async def _said(self, recorded: bytes) -> tuple[RecordedEvent, Wish] | None:
        """Return an erasure with what it says; None when it cannot be read: its own key is gone or it was changed."""
        try:
            event = from_bytes(RecordedEvent, recorded)
            wish = await self._wish(event)
        except (ValueError, KeyError):  # no door sealed and no case record wrote it so
            return None
        return None if wish is None else (event, wish)

    async def _wish(self, event: RecordedEvent) -> Wish | None:
        for box in event.data.sealed:
            if (box.category, box.part, box.form) == (Category.ACCESS_LOG, ERASURE_PART, Form.FULL):
                return await self._opened(event, box)
        return None

    async def _opened(self, event: RecordedEvent, box: SealedCompartment) -> Wish | None:
        key = (await self.store.by_id([box.key_id])).get(box.key_id)
        if key is None or key.wrapped is None:
            return None
        try:
            data_key = self.encryption.unwrap(slot_of(key.place), key.wrapped)
            values = open_box(box, Binding.of(event), data_key).values
        except (BoxBroken, NoSuchKeyError, WrapBroken):
            return None
        return Wish(
            str(values["authority"]),
            frozenset(map(Person, _listed(values["persons"]))),
            frozenset(map(Category, _listed(values["categories"]))),
            frozenset(_listed(values["parts"])),
        )


def _ground(retention: Retention, place: KeyPlace, wish: Wish) -> str | None:
    return retention.ground(place.owner, place.category, place.part, wish.authority)


def _of_names(keys: Mapping[str, KeyPlace]) -> dict[str, KeyPlace]:
    return {key_id: place for key_id, place in keys.items() if (place.category, place.part) == _NAMES}


def _listed(value: JsonValue) -> Collection[str]:
    return [str(one) for one in value] if isinstance(value, list) else []
