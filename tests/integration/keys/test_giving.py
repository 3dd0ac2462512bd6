"""The key service over HTTP: whom it gives which key, and that every wrong way of asking is refused alike."""

import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from events.labels import Category, Form
from events.parties import Agency, Duty
from events.units import unit
from infra.crypto.data_keys import Asking, DataKey, KeyPlace, KeysUnreachableError, WantedKey
from infra.embedded.databases import Databases
from infra.keys.assertions import HEADER, assertion
from infra.keys.client import KeyClient
from infra.keys.service_keys import ServiceKey, make_service_keys
from infra.keys.wire import DATA_KEYS, RELEASE
from infra.postgres.case_batch import Batch, ReferenceRow
from infra.postgres.case_store import CaseStore
from infra.postgres.roles import CASE_RECORD
from infra.web.issuer import issue_token
from tests.controls.recorded import CASE, stream_of
from tests.fixtures.databases import DatabasesServer
from tests.fixtures.doors import ASpeaker
from tests.fixtures.keys import NAMES, key_client, running_key_service
from tests.fixtures.views import stored
from tests.integration.reading.house import write_order

OPEN = frozenset({"case_open"})
FINDINGS = KeyPlace(Agency.HEALTH, "hospital_h1/BA-1#child", Category.MEDICAL_FINDINGS, "needs", Form.FULL)
SUMMARY = replace(FINDINGS, form=Form.SUMMARY)


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keys")


@pytest.fixture(scope="module")
def databases(databases_server: DatabasesServer) -> Iterator[Databases]:
    """One pair for the whole page: no test changes another's keys."""
    made = databases_server.copy()
    yield made
    databases_server.drop(made)


@pytest.fixture(scope="module")
def url(databases: Databases, directory: Path) -> Iterator[str]:
    with running_key_service(databases, directory) as served:
        yield served


@pytest.fixture
async def hospital(url: str, directory: Path) -> AsyncIterator[KeyClient]:
    client = key_client(url, directory, "door.health")
    yield client
    await client.close()


def asking(directory: Path, unit_id: str, *duties: Duty, purpose: str = "case_work") -> Asking:
    found = unit(unit_id)
    return Asking(issue_token(directory, ASpeaker(found.agency, unit_id, found.audience, frozenset(duties))), purpose)


async def released(url: str, directory: Path, name: str, who: Asking, *keys: DataKey) -> list[object]:
    client = key_client(url, directory, name)
    try:
        wanted = [WantedKey(key.key_id, OPEN) for key in keys]
        given = await client.release(who, wanted)
    finally:
        await client.close()
    return [given[one] for one in wanted]


async def test_a_place_has_one_key_however_often_it_is_asked_for(hospital: KeyClient) -> None:
    first, again = [await hospital.data_keys([FINDINGS, SUMMARY]) for _ in range(2)]
    assert {place: (key.key_id, key.key) for place, key in first.items()} == {
        place: (key.key_id, key.key) for place, key in again.items()
    }
    assert first[FINDINGS].key != first[SUMMARY].key


async def test_after_a_start_boxes_open_as_before(databases: Databases, directory: Path, hospital: KeyClient) -> None:
    before = await hospital.data_keys([FINDINGS])
    with running_key_service(databases, directory) as started_again:
        client = key_client(started_again, directory, "door.health")
        after = await client.data_keys([FINDINGS])
        await client.close()
    assert after[FINDINGS].key == before[FINDINGS].key


async def test_who_is_entitled_gets_the_form_that_the_agreement_gives(
    url: str, directory: Path, hospital: KeyClient
) -> None:
    keys = await hospital.data_keys([FINDINGS, SUMMARY])
    both = keys[FINDINGS], keys[SUMMARY]
    doctor = asking(directory, "hospital_h1", Duty.TREATING)
    assert await released(url, directory, "reader.health", doctor, *both) == [key.key for key in both]
    worker = asking(directory, "child_protection_00340")
    assert await released(url, directory, "reader.case_manager", worker, *both) == ["not_released", both[1].key]
    school = asking(directory, "school_s1", Duty.OWN_PUPIL)
    assert await released(url, directory, "reader.education", school, *both) == ["not_released"] * 2
    assert await released(url, directory, "reader.health", doctor, DataKey("nowhere", b"")) == ["not_released"]


async def test_a_key_of_what_is_sealed_is_given_to_none_but_whom_the_order_names(
    url: str, directory: Path, databases: Databases, hospital: KeyClient
) -> None:
    place = replace(SUMMARY, subject="hospital_h1/BA-2#child")
    key = (await hospital.data_keys([place]))[place]

    async def given() -> list[object]:
        doctor = asking(directory, "hospital_h1", Duty.TREATING)
        worker = asking(directory, "child_protection_00340")
        readers = {"reader.health": doctor, "reader.case_manager": worker}
        return [(await released(url, directory, name, who, key))[0] for name, who in readers.items()]

    store = CaseStore(databases.main(CASE_RECORD), simulated=False)
    try:
        assert await given() == [key.key] * 2
        orders = [
            ("case.case_sealed.v1", {"data": {"units": ["hospital_h1"]}}),
            ("case.case_sealed.v1", {"data": {"units": ["child_protection_00340"]}}),
            ("case.case_unsealed.v1", {}),
        ]
        expected = [[key.key, "not_released"], ["not_released", key.key], [key.key] * 2]
        name = ReferenceRow("hospital_h1", "BA-2", CASE, "case")
        for order, to_whom in zip(stored(stream_of(orders)), expected, strict=True):
            store.append(Batch(events=(order,), references=(name,) if order.version == 1 else ()))
            assert await given() == to_whom
        write_order(databases, "commune_police_00340", "a-name-for-nothing", [])
        assert await given() == [key.key] * 2
        write_order(databases, "hospital_h1", "BA-2", [])
        assert await given() == [key.key, "not_released"]
    finally:
        store.close()


async def test_a_reader_is_asked_for_by_the_service_of_its_own_audience_alone(
    url: str, directory: Path, hospital: KeyClient
) -> None:
    keys = await hospital.data_keys([FINDINGS])
    doctor = asking(directory, "hospital_h1", Duty.TREATING)
    for name in ("reader.police", "reader.auditor", "door.health"):
        with pytest.raises(KeysUnreachableError):
            await released(url, directory, name, doctor, keys[FINDINGS])


@pytest.mark.parametrize(
    "place",
    [
        replace(FINDINGS, owner=Agency.HEALTH, subject="commune_police_00340/R-1#child"),
        replace(FINDINGS, subject="nowhere/R-1#child"),
        replace(FINDINGS, subject=""),
    ],
    ids=["another agency's unit", "no unit", "nothing"],
)
async def test_a_door_gets_keys_of_its_own_units_alone(hospital: KeyClient, place: KeyPlace) -> None:
    with pytest.raises(KeysUnreachableError):
        await hospital.data_keys([place])


async def _refusals(url: str, directory: Path) -> dict[str, httpx.Response]:
    """Ask wrongly in every way; the answers by what was wrong."""
    files = make_service_keys(directory, NAMES)
    door, police = (ServiceKey.read(files[name]) for name in ("door.health", "reader.police"))
    stranger = ServiceKey.read(make_service_keys(directory / "elsewhere", ["door.health"])["door.health"])
    good = json.dumps({"places": []}).encode()
    reader = asking(directory, "hospital_h1", Duty.TREATING)
    theirs = json.dumps({"token": reader.token, "purpose": "case_work", "wanted": []}).encode()
    forged = json.dumps({"token": reader.token[:-4] + "AAAA", "purpose": "case_work", "wanted": []}).encode()
    health = ServiceKey.read(files["reader.health"])
    said = assertion(door, DATA_KEYS, good)
    async with httpx.AsyncClient(base_url=url, trust_env=False) as client:
        assert (await client.post(DATA_KEYS, content=good, headers={HEADER: said})).status_code == 200

        async def ask(path: str, body: bytes, token: str | None) -> httpx.Response:
            return await client.post(path, content=body, headers={HEADER: token} if token else {})

        return {
            "nobody": await ask(DATA_KEYS, good, None),
            "replayed": await ask(DATA_KEYS, good, said),
            "a stranger's key": await ask(DATA_KEYS, good, assertion(stranger, DATA_KEYS, good)),
            "another request": await ask(DATA_KEYS, good, assertion(door, DATA_KEYS, b"")),
            "another address": await ask(RELEASE, theirs, assertion(health, DATA_KEYS, theirs)),
            "a reader as a door": await ask(DATA_KEYS, good, assertion(police, DATA_KEYS, good)),
            "a door as a reader": await ask(RELEASE, theirs, assertion(door, RELEASE, theirs)),
            "another audience's reader": await ask(RELEASE, theirs, assertion(police, RELEASE, theirs)),
            "a forged reader": await ask(RELEASE, forged, assertion(health, RELEASE, forged)),
            "a reader's token": await ask(RELEASE, theirs, reader.token),
            "no JSON": await ask(RELEASE, b"{", assertion(health, RELEASE, b"{")),
        }


async def test_every_wrong_way_of_asking_is_refused_alike(url: str, directory: Path) -> None:
    refused = await _refusals(url, directory)
    assert {name: (answer.status_code, answer.content) for name, answer in refused.items()} == dict.fromkeys(
        refused, (401, refused["nobody"].content)
    )


async def test_where_nobody_answers_it_is_said_so(directory: Path) -> None:
    client = key_client("http://127.0.0.1:9", directory, "door.health")
    with pytest.raises(KeysUnreachableError):
        await client.data_keys([FINDINGS])
    with pytest.raises(KeysUnreachableError):
        await client.answers()
    await client.close()
