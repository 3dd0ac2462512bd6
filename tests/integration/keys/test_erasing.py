"""An erasure is stated, recorded and carried out once: what its keys sealed is nowhere, and all else is as before."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from types import MappingProxyType
from typing import Any
from uuid import UUID

import psycopg
import pytest

from events.chain import link
from events.codec import to_bytes
from events.compartments import split
from events.envelope import RecordedEvent
from events.labels import Category, Form, Person
from events.parties import Agency, Audience, Duty
from events.privacy import SubjectKeyDestroyed
from infra.crypto.boxes import Binding
from infra.crypto.data_keys import KeyPlace
from infra.crypto.sealer import Sealer, ToSeal
from infra.embedded.databases import Databases
from infra.keys.key_encryption import Wrapped, slot_of
from infra.keys.service_keys import OPERATOR_NAME, door_name
from infra.keys.wire import WishAsked
from infra.postgres.case_batch import Batch, ReferenceRow, StoredEvent
from infra.postgres.case_store import CaseStore
from infra.postgres.erasures import ErasureBook, StatedErasures
from infra.postgres.key_store import KeyStore
from infra.postgres.key_versions import KeyVersions
from infra.postgres.pool import open_pool
from infra.postgres.roles import CASE_RECORD, KEY_SERVICE, OWNER
from tests.controls.bad_input import good
from tests.fixtures.doors import ASpeaker, Doorkeeper, publish
from tests.fixtures.houses import Houses
from tests.fixtures.keys import key_client
from tests.integration.reading.house import House
from tests.privacy.scenario_streams import case_streams
from tests.waiting import eventually, eventually_async

UNIT, REFERENCE = "child_protection_00340", "R-101"
READERS = {
    Audience.POLICE: ("commune_police_00340", "case_work", ()),
    Audience.HEALTH: ("hospital_h1", "case_work", (Duty.TREATING,)),
    Audience.EDUCATION: ("school_s1", "case_work", (Duty.OWN_PUPIL,)),
    Audience.CASE_MANAGER: (UNIT, "case_work", ()),
    Audience.COORDINATOR: ("coordination_01", "coordination", ()),
    Audience.AUDITOR: ("inspectorate_01", "oversight", ()),
}
PLACE = KeyPlace(Agency.POLICE, "commune_police_00340/R-1#child", Category.CHILD_IDENTITY, "image", Form.FULL)


@pytest.fixture
async def house(houses: Houses, tmp_path: Path) -> AsyncIterator[House]:
    async with AsyncExitStack() as stack:
        yield await houses.move_into("in full work", case_streams(21), tmp_path, stack)


def case_of(house: House) -> UUID:
    [found] = [stream for stream, events in house.streams.items() if events[0].type == "case.case_opened.v1"]
    return found


async def state(
    house: House, *, under: str | None = None, changed: Mapping[bytes, bytes] = MappingProxyType({}), **wish: Any
) -> RecordedEvent:
    """Record an erasure as the case record does, under every unit's name of the case.

    `under`: the id it is sealed for, when that is another than it is recorded under; `changed`: what of it then was.
    """
    stream = case_of(house)
    *_, last = house.streams[stream]
    said = SubjectKeyDestroyed.model_validate({"legal_basis": "CAN-CU-XOA", "persons": (Person.CHILD,), **wish})
    event = last.model_copy(update={"source": UNIT, "id": "ERASE-1", "type": said.TYPE, "sequence": last.sequence + 1})
    keys = key_client(house.keys, house.directory, door_name(Agency.SOCIAL_WORK))
    house.stack.push_async_callback(keys.close)
    sealed_for = event.model_copy(update={"id": under or event.id})
    to_seal = ToSeal(Binding.of(sealed_for), f"{UNIT}/{REFERENCE}", split(said, event.time).compartments)
    [boxes] = await Sealer(keys, Agency.SOCIAL_WORK).seal_all([to_seal])
    event = event.model_copy(update={"data": event.data.model_copy(update={"open": {}, "sealed": boxes})})
    _append(house, event, changed)
    return event


def _append(house: House, event: RecordedEvent, changed: Mapping[bytes, bytes]) -> None:
    sources = {one.source for events in house.streams.values() for one in events} - {"case_record"}
    names = tuple(ReferenceRow(source, REFERENCE, event.subject, "case") for source in sorted(sources))
    store = CaseStore(house.databases.main(CASE_RECORD), simulated=False)
    previous = store.load([event.subject])[event.subject][-1].digest
    recorded = to_bytes(event)
    for written, instead in changed.items():
        recorded = recorded.replace(written, instead)
    digest = link(previous, event.subject, event.sequence, recorded)
    stored = StoredEvent(event.subject, event.sequence, event.type, recorded, digest)
    store.append(Batch(events=(stored,), references=names))
    store.close()


async def carried_out(house: House, event: RecordedEvent) -> int:
    operator = key_client(house.keys, house.directory, OPERATOR_NAME)
    house.stack.push_async_callback(operator.close)

    async def done() -> bool:
        return (await operator.told_erasure(event.source, event.id)).done

    await eventually_async(done)
    return (await operator.told_erasure(event.source, event.id)).destroyed


async def told(house: House) -> dict[Audience, list[Any]]:
    """Return the facts of the case as each reader is answered them."""
    answers = {}
    for audience, (unit, purpose, duties) in READERS.items():
        client = await house.client(await house.desk(audience))
        headers = {"Authorization": house.pass_of(unit, duties=duties), "X-Purpose": purpose}
        [case, *_] = (await client.get("/v1/cases", headers=headers)).json()["cases"]
        answers[audience] = (await client.get(f"/v1/cases/{case['case']}", headers=headers)).json()["facts"]
    return answers


def values(facts: list[Any]) -> set[tuple[str, str, str]]:
    """Return what is told in clear of what was sealed."""
    return {
        (f["category"], f["part"], json.dumps(f["values"])) for f in facts if "values" in f and f["part"] != "status"
    }


async def test_what_may_go_goes_for_every_reader_and_all_else_stays(house: House) -> None:
    before = await told(house)
    event = await state(house, authority="data_subject", categories=(), parts=("image", "remark"))
    assert await carried_out(house, event) > 0
    after = await told(house)
    gone = {
        audience: {(category, part) for category, part, _ in values(before[audience]) - values(after[audience])}
        for audience in READERS
    }
    assert set().union(*gone.values()) <= {("child_identity", "image"), ("risk_assessment", "remark")}
    assert ("risk_assessment", "remark") in gone[Audience.CASE_MANAGER]
    assert all(values(after[audience]) <= values(before[audience]) for audience in READERS)


async def test_what_the_law_keeps_stays_and_says_on_which_ground(house: House) -> None:
    before = await told(house)
    operator = key_client(house.keys, house.directory, OPERATOR_NAME)
    house.stack.push_async_callback(operator.close)
    event = await state(house, authority="data_subject", categories=(Category.INVESTIGATION,))
    wish = WishAsked(
        unit=UNIT, reference=REFERENCE, authority="data_subject", persons=tuple(Person), categories=(), parts=()
    )
    judged = await operator.judge_erasure(wish)
    assert {line.ground for line in judged.kept if line.owner == "police"} == {"criminal_evidence"}
    assert {line.part for line in judged.going} <= {"image", "alias", "remark"}
    assert await carried_out(house, event) == 0
    assert {audience: values(facts) for audience, facts in (await told(house)).items()} == {
        audience: values(facts) for audience, facts in before.items()
    }


@pytest.mark.parametrize("changed", [{"under": "ERASE-2"}, {"changed": {b'"data":': b'"data":,'}}], ids=["box", "json"])
async def test_one_that_was_changed_is_passed_over_and_harms_nobody(house: House, changed: dict[str, Any]) -> None:
    before = await told(house)
    await state(house, **changed, authority="court", persons=tuple(Person))
    with psycopg.connect(house.databases.keys(OWNER), autocommit=True) as keys:

        def is_passed() -> bool:
            [[position]] = keys.execute("select position from keys.followed").fetchall()
            return bool(position > 0)

        eventually(is_passed)
        assert keys.execute("select from keys.erasures").fetchall() == []
    assert await told(house) == before


async def test_a_unit_that_has_no_such_case_is_told_nothing(house: House) -> None:
    operator = key_client(house.keys, house.directory, OPERATOR_NAME)
    house.stack.push_async_callback(operator.close)
    wish = WishAsked(unit="school_s1", reference="X", authority="court", persons=(), categories=(), parts=())
    assert (await operator.judge_erasure(wish)).known is False


async def test_once_begun_it_destroys_what_it_began_with_and_no_key_made_since(databases: Databases) -> None:
    pool = await open_pool(databases.keys(KEY_SERVICE), autocommit=True)
    book, store = ErasureBook(pool), KeyStore(pool)
    await KeyVersions(pool).note({slot_of(PLACE): (1,)})
    await store.keep([("old", PLACE, Wrapped(1, b"old"))])
    assert await book.begin("u", "E", ["old"], []) == ("old",)
    assert await store.at([PLACE]) == {}  # nobody is given it any more
    assert (await store.by_id(["old"]))["old"].wrapped is None  # condemned: it opens nothing, and is not destroyed yet
    await store.keep([("new", PLACE, Wrapped(1, b"new"))])  # a door asked meanwhile; then the service died
    for _ in range(2):
        condemned = await book.begin("u", "E", [key for key, _ in await book.keys_of([PLACE.subject])], [])
        await book.destroy("u", "E", condemned, 7)
    found = await store.by_id(["old", "new"])
    assert (found["old"].wrapped, found["new"].wrapped) == (None, Wrapped(1, b"new"))
    assert await book.position() == 7
    await pool.close()


async def test_a_door_seals_nothing_under_a_destroyed_key(doorkeeper: Doorkeeper) -> None:
    speaker = ASpeaker(Agency.POLICE, "commune_police_00340")
    async with doorkeeper.caller(await doorkeeper.open(Agency.POLICE), speaker) as police:
        assert (await publish(police, good(id="E-1"))).status_code == 202
        keys = await open_pool(doorkeeper.databases.keys(KEY_SERVICE), autocommit=True)
        register = await open_pool(doorkeeper.databases.main(KEY_SERVICE), autocommit=True)
        book = ErasureBook(keys)
        used = _keys_used(doorkeeper)
        await book.begin("u", "E", sorted(used), [])
        await StatedErasures(register).tell_doors()
        await book.destroy("u", "E", sorted(used), 1)
        assert (await publish(police, good(id="E-2"))).status_code == 202
        fresh = _keys_used(doorkeeper) - used
        assert fresh
        assert all(key.wrapped for key in (await KeyStore(keys).by_id(fresh)).values())
        await keys.close()
        await register.close()


def _keys_used(doorkeeper: Doorkeeper) -> set[str]:
    with psycopg.connect(doorkeeper.databases.main("door_police")) as connection:
        rows = connection.execute("select message from door_police.journal").fetchall()
    return {box["key_id"] for (message,) in rows for box in json.loads(message)["data"]["sealed"]}
