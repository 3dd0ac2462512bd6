"""Sealer and opener together: one data key a place, and a reader opens only what its ring and the store allow."""

from collections.abc import Collection, Sequence
from dataclasses import replace

import pytest

from events.compartments import Compartment
from events.labels import Category, Form, Person
from events.parties import Agency
from infra.crypto.boxes import Binding, OpenedBox
from infra.crypto.data_keys import KeyPlace, WrappedKey
from infra.crypto.keyring import KeyRing
from infra.crypto.opener import NotOpened, Opener
from infra.crypto.sealer import Sealer, ToSeal

SLOTS = [(Agency.POLICE, Category.INVESTIGATION, form) for form in Form]
RING = KeyRing.create(SLOTS)
BINDING = Binding("commune_police_00340", "E-1", "police.scene_attended.v1")


class MemoryKeys:
    """Keeps data keys as the register does."""

    def __init__(self) -> None:
        self.rows: dict[str, WrappedKey] = {}
        self.destroyed: set[str] = set()
        self.asked = 0

    async def at(self, places: Collection[KeyPlace]) -> dict[KeyPlace, WrappedKey]:
        self.asked += 1
        return {row.place: row for row in self.rows.values() if row.place in places}

    async def keep(self, keys: Sequence[WrappedKey]) -> dict[KeyPlace, WrappedKey]:
        taken = {row.place for row in self.rows.values()}
        self.rows |= {key.key_id: key for key in keys if key.place not in taken}
        return await self.at({key.place for key in keys})

    async def by_id(self, key_ids: Collection[str]) -> dict[str, bytes | None]:
        return {
            key_id: None if key_id in self.destroyed else row.wrapped
            for key_id, row in self.rows.items()
            if key_id in key_ids
        }


def to_seal(id_: str = "E-1", reference: str = "R-1") -> ToSeal:
    compartments = tuple(
        Compartment(Category.INVESTIGATION, "main", Person.CHILD, form, {"note": form.value}) for form in Form
    )
    return ToSeal(replace(BINDING, id=id_), f"commune_police_00340/{reference}", compartments)


@pytest.fixture
def keys() -> MemoryKeys:
    return MemoryKeys()


@pytest.fixture
def sealer(keys: MemoryKeys) -> Sealer:
    return Sealer(keys, RING, Agency.POLICE)


async def test_sealed_compartments_name_owner_and_subject(sealer: Sealer) -> None:
    (boxes,) = await sealer.seal_all([to_seal()])
    assert {(box.owner, box.subject) for box in boxes} == {(Agency.POLICE, "commune_police_00340/R-1#child")}
    assert [box.form for box in boxes] == list(Form)


async def test_events_of_one_subject_share_keys_and_are_asked_for_once(sealer: Sealer, keys: MemoryKeys) -> None:
    await sealer.seal_all([to_seal("E-1"), to_seal("E-2")])
    asked = keys.asked
    await sealer.seal_all([to_seal("E-3")])
    assert len(keys.rows) == len(Form)
    assert keys.asked == asked


async def test_another_subject_has_other_keys(sealer: Sealer, keys: MemoryKeys) -> None:
    await sealer.seal_all([to_seal("E-1"), to_seal("E-2", "R-2")])
    assert len(keys.rows) == 2 * len(Form)


async def test_another_process_of_the_door_uses_the_same_keys(sealer: Sealer, keys: MemoryKeys) -> None:
    await sealer.seal_all([to_seal()])
    await Sealer(keys, RING, Agency.POLICE).seal_all([to_seal("E-2")])
    assert len(keys.rows) == len(Form)


async def test_reader_with_the_key_opens(sealer: Sealer, keys: MemoryKeys) -> None:
    (boxes,) = await sealer.seal_all([to_seal()])
    opened = await Opener(keys, RING).open_all([(BINDING, box) for box in boxes])
    assert [dict(box.values) for box in opened if isinstance(box, OpenedBox)] == [{"note": f.value} for f in Form]


async def test_reader_opens_only_the_form_on_its_ring(sealer: Sealer, keys: MemoryKeys) -> None:
    (boxes,) = await sealer.seal_all([to_seal()])
    summaries = RING.only([SLOTS[1]])
    full, summary = await Opener(keys, summaries).open_all([(BINDING, box) for box in boxes])
    assert full == NotOpened("not_on_ring")
    assert isinstance(summary, OpenedBox)


async def test_destroyed_key_opens_nothing_from_that_moment(sealer: Sealer, keys: MemoryKeys) -> None:
    (boxes,) = await sealer.seal_all([to_seal()])
    opener = Opener(keys, RING)
    assert isinstance((await opener.open_all([(BINDING, boxes[0])]))[0], OpenedBox)
    keys.destroyed.add(boxes[0].key_id)
    assert await opener.open_all([(BINDING, boxes[0])]) == [NotOpened("destroyed")]


async def test_swapped_boxes_and_unknown_keys_stay_shut(sealer: Sealer, keys: MemoryKeys) -> None:
    first, second = await sealer.seal_all([to_seal("E-1"), to_seal("E-2")])
    swapped = first[0].model_copy(update={"box": second[0].box})
    unknown = first[0].model_copy(update={"key_id": "nowhere"})
    opened = await Opener(keys, RING).open_all([(BINDING, swapped), (BINDING, unknown)])
    assert opened == [NotOpened("broken"), NotOpened("unknown_key")]
