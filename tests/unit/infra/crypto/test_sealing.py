"""Sealer and opener together: one data key a place, and a reader opens only what is released to it."""

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

import pytest

from events.compartments import Compartment, SealedCompartment
from events.labels import Category, Form, Person
from events.parties import Agency
from infra.crypto.boxes import Binding, OpenedBox
from infra.crypto.data_keys import DATA_KEY_BYTES, Asking, DataKey, KeyPlace, NoKey, WantedKey
from infra.crypto.opener import NotOpened, Opener, ToOpen
from infra.crypto.sealer import Sealer, ToSeal

BINDING = Binding("commune_police_00340", "E-1", "police.scene_attended.v1")
ASKING = Asking("a reader's token", "case_work")
OPEN_CASE = frozenset({"case_open"})


class MemoryKeys:
    """Makes, keeps and gives data keys as the key service does; it releases what the case's being open entitles to."""

    def __init__(self) -> None:
        self.rows: dict[KeyPlace, DataKey] = {}
        self.destroyed: set[str] = set()
        self.asked = 0

    async def data_keys(self, places: Sequence[KeyPlace]) -> dict[KeyPlace, DataKey]:
        self.asked += 1
        for place in places:
            self.rows.setdefault(place, DataKey(f"k{len(self.rows)}", secrets.token_bytes(DATA_KEY_BYTES)))
        return {place: self.rows[place] for place in places}

    async def release(self, asking: Asking, wanted: Collection[WantedKey]) -> Mapping[WantedKey, bytes | NoKey]:
        assert asking == ASKING
        by_id = {row.key_id: row.key for row in self.rows.values()}
        return {one: self._given(one, by_id) for one in wanted}

    def _given(self, one: WantedKey, by_id: Mapping[str, bytes]) -> bytes | NoKey:
        if one.key_id not in by_id or "case_open" not in one.stated:
            return "not_released"
        return "destroyed" if one.key_id in self.destroyed else by_id[one.key_id]


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
    return Sealer(keys, Agency.POLICE)


def to_open(boxes: Iterable[SealedCompartment], stated: frozenset[str] = OPEN_CASE) -> list[ToOpen]:
    return [ToOpen(BINDING, box, stated) for box in boxes]


async def test_sealed_compartments_name_owner_and_subject(sealer: Sealer) -> None:
    (boxes,) = await sealer.seal_all([to_seal()])
    assert {(box.owner, box.subject) for box in boxes} == {(Agency.POLICE, "commune_police_00340/R-1#child")}
    assert [box.form for box in boxes] == list(Form)


async def test_events_of_one_subject_share_keys_and_are_asked_for_once(sealer: Sealer, keys: MemoryKeys) -> None:
    await sealer.seal_all([to_seal("E-1"), to_seal("E-2")])
    await sealer.seal_all([to_seal("E-3")])
    assert (len(keys.rows), keys.asked) == (len(Form), 1)


async def test_another_subject_has_other_keys(sealer: Sealer, keys: MemoryKeys) -> None:
    await sealer.seal_all([to_seal("E-1"), to_seal("E-2", "R-2")])
    assert len(keys.rows) == 2 * len(Form)


async def test_reader_with_the_key_opens(sealer: Sealer, keys: MemoryKeys) -> None:
    (boxes,) = await sealer.seal_all([to_seal()])
    opened = await Opener(keys).open_all(ASKING, to_open(boxes))
    assert [dict(box.values) for box in opened if isinstance(box, OpenedBox)] == [{"note": f.value} for f in Form]


async def test_the_same_key_may_be_released_for_one_box_and_not_for_another(sealer: Sealer, keys: MemoryKeys) -> None:
    ((box, _),) = await sealer.seal_all([to_seal()])
    items = [*to_open([box]), *to_open([box], frozenset()), *to_open([box])]
    first, second, third = await Opener(keys).open_all(ASKING, items)
    assert second == NotOpened("not_released")
    assert first == third
    assert isinstance(first, OpenedBox)


async def test_destroyed_key_opens_nothing_from_that_moment(sealer: Sealer, keys: MemoryKeys) -> None:
    (boxes,) = await sealer.seal_all([to_seal()])
    opener = Opener(keys)
    assert isinstance((await opener.open_all(ASKING, to_open(boxes[:1])))[0], OpenedBox)
    keys.destroyed.add(boxes[0].key_id)
    assert await opener.open_all(ASKING, to_open(boxes[:1])) == [NotOpened("destroyed")]


async def test_swapped_boxes_and_unknown_keys_stay_shut(sealer: Sealer, keys: MemoryKeys) -> None:
    first, second = await sealer.seal_all([to_seal("E-1"), to_seal("E-2")])
    swapped = first[0].model_copy(update={"box": second[0].box})
    unknown = first[0].model_copy(update={"key_id": "nowhere"})
    opened = await Opener(keys).open_all(ASKING, to_open([swapped, unknown]))
    assert opened == [NotOpened("broken"), NotOpened("not_released")]


async def test_nothing_to_open_asks_nobody(keys: MemoryKeys) -> None:
    assert await Opener(keys).open_all(Asking("another", "case_work"), []) == []
