"""What a door accepted reaches the courier, in order, until an outcome comes back; a real broker throughout."""

from datetime import datetime
from typing import Any

import httpx

from events.codec import from_bytes
from events.envelope import SealedEvent
from events.parties import Agency
from infra.crypto.door_secrets import DoorSecrets
from infra.embedded.tansu import EmbeddedTansu
from infra.kafka.subscriber import Incoming
from tests.controls.bad_input import good
from tests.fixtures.doors import ASpeaker, Doorkeeper, publish
from tests.integration.agencies.courier import arriving, at_work, tell_outcomes
from tests.waiting import eventually_async

UNIT = "commune_police_00340"
PUBLISHER = ASpeaker(Agency.POLICE, UNIT)


def event(id_: str, reference: str = "R-101") -> bytes:
    return good("police.scene_attended.v1", id=id_, subject=reference)


def outcome(id_: str, status: str, **more: Any) -> dict[str, Any]:
    return {"source": UNIT, "id": id_, "status": status, "reason": None, "reference": None, "recorded_at": None} | more


def ids_of(found: list[Incoming], key: bytes) -> list[str]:
    return [from_bytes(SealedEvent, one.value).id for one in found if one.key == key]


def key_of(doorkeeper: Doorkeeper, reference: str) -> bytes:
    secrets = DoorSecrets.read(doorkeeper.settings(Agency.POLICE).door_secrets["police"])
    return secrets.courier_key(UNIT, reference)


async def status(client: httpx.AsyncClient, id_: str) -> dict[str, Any]:
    found: dict[str, Any] = (await client.get("/v1/events", params={"source": UNIT, "id": id_})).json()
    return found


async def becomes(client: httpx.AsyncClient, id_: str, wanted: str) -> dict[str, Any]:
    async def so() -> bool:
        return bool((await status(client, id_))["status"] == wanted)

    await eventually_async(so, within_s=60)
    return await status(client, id_)


async def test_events_arrive_in_order_per_reference_under_opaque_keys(doorkeeper: Doorkeeper, tansu: str) -> None:
    door = await doorkeeper.open(Agency.POLICE, broker=tansu)
    ids = [f"E-{number:02}" for number in range(30)]
    async with doorkeeper.caller(door, PUBLISHER) as client, arriving(tansu) as arrivals, at_work(door):
        for number, id_ in enumerate(ids):
            await publish(client, event(id_, f"R-{number % 3}"))
        keys = [key_of(doorkeeper, f"R-{number}") for number in range(3)]
        found = await arrivals.until(lambda found: sum(one.key in keys for one in found) >= 30)
        assert [ids_of(found, key) for key in keys] == [ids[number::3] for number in range(3)]
        assert (await becomes(client, "E-29", "published"))["problem"] is None


async def test_accepted_while_the_broker_is_away_and_the_process_killed_is_not_lost(
    doorkeeper: Doorkeeper, tansu: str
) -> None:
    before = await doorkeeper.open(Agency.POLICE)
    async with doorkeeper.caller(before, PUBLISHER) as client, at_work(before):
        assert (await publish(client, event("E-1"))).status_code == 202
        assert (await status(client, "E-1"))["status"] == "accepted"
    after = await doorkeeper.open(Agency.POLICE, broker=tansu)
    async with doorkeeper.caller(after, PUBLISHER) as client, arriving(tansu) as arrivals, at_work(after):
        key = key_of(doorkeeper, "R-101")
        assert ids_of(await arrivals.until(lambda found: bool(ids_of(found, key))), key) == ["E-1"]
        await becomes(client, "E-1", "published")


async def test_what_has_no_outcome_is_sent_again_and_what_has_one_is_not(doorkeeper: Doorkeeper, tansu: str) -> None:
    door = await doorkeeper.open(Agency.POLICE, broker=tansu, resend_after_s=0.1)
    async with doorkeeper.caller(door, PUBLISHER) as client, arriving(tansu) as arrivals, at_work(door):
        await publish(client, event("S-1", "R-1"))
        await publish(client, event("S-2", "R-2"))
        told, untold = key_of(doorkeeper, "R-1"), key_of(doorkeeper, "R-2")
        await arrivals.until(lambda found: len(ids_of(found, told)) > 1)
        await tell_outcomes(tansu, outcome("S-1", "recorded", reference="R-1", recorded_at="2026-04-07T01:00:01Z"))
        await becomes(client, "S-1", "recorded")
        await arrivals.until(lambda found: ids_of(found[-1:], untold) != [])  # what lay there by now has been read
        already, so_far = len(ids_of(arrivals.found, told)), len(ids_of(arrivals.found, untold))
        await arrivals.until(lambda found: len(ids_of(found, untold)) >= so_far + 3)
        assert len(ids_of(arrivals.found, told)) - already <= 1  # one may have been on its way


async def test_reborn_broker_gets_all_without_outcome_again(doorkeeper: Doorkeeper, fresh_tansu: EmbeddedTansu) -> None:
    door = await doorkeeper.open(Agency.POLICE, broker=fresh_tansu.address)
    async with doorkeeper.caller(door, PUBLISHER) as client, at_work(door):
        for number in range(3):
            await publish(client, event(f"E-{number}"))
        await becomes(client, "E-2", "published")
        await tell_outcomes(fresh_tansu.address, outcome("E-0", "recorded"))
        await becomes(client, "E-0", "recorded")
        fresh_tansu.kill()
        fresh_tansu.start()
        async with arriving(fresh_tansu.address) as arrivals:
            key = key_of(doorkeeper, "R-101")
            found = await arrivals.until(lambda found: len(ids_of(found, key)) >= 2)
            assert ids_of(found, key) == ["E-1", "E-2"]
        await tell_outcomes(fresh_tansu.address, outcome("E-1", "recorded"))
        await becomes(client, "E-1", "recorded")


async def test_outcomes_are_noted_once_and_told_to_the_unit(doorkeeper: Doorkeeper, tansu: str) -> None:
    door = await doorkeeper.open(Agency.POLICE, broker=tansu)
    recorded = outcome("N-1", "recorded", reference="ALIAS-7Q2", recorded_at="2026-04-07T01:00:01.5Z")
    async with doorkeeper.caller(door, PUBLISHER) as client, at_work(door):
        await publish(client, event("N-1"))
        await publish(client, event("N-2"))
        await tell_outcomes(tansu, outcome("N-1", "waiting", reason="unknown_reference"))
        assert (await becomes(client, "N-1", "waiting"))["problem"] is None
        await tell_outcomes(tansu, recorded, b"not an outcome", outcome("N-1", "waiting"))
        await tell_outcomes(tansu, outcome("N-2", "rejected", reason="unknown_reference"))
        refused = await becomes(client, "N-2", "rejected")
        told = await becomes(client, "N-1", "recorded")
    assert (told["case"], told["problem"]) == ("ALIAS-7Q2", None)
    assert datetime.fromisoformat(told["recorded_at"]) == datetime.fromisoformat("2026-04-07T01:00:01.5Z")
    assert refused["problem"]["type"] == "/problems/unknown_reference"


async def test_outcomes_are_read_on_from_where_they_were_left(doorkeeper: Doorkeeper, tansu: str) -> None:
    before = await doorkeeper.open(Agency.POLICE, broker=tansu)
    async with doorkeeper.caller(before, PUBLISHER) as client, at_work(before):
        await publish(client, event("O-1"))
        await tell_outcomes(tansu, outcome("O-1", "recorded"))
        await becomes(client, "O-1", "recorded")
    kept = doorkeeper.rows(Agency.POLICE, "positions")
    await tell_outcomes(tansu, outcome("O-2", "recorded"))
    after = await doorkeeper.open(Agency.POLICE, broker=tansu)
    async with doorkeeper.caller(after, PUBLISHER) as client, at_work(after):
        await publish(client, event("O-2"))
        await tell_outcomes(tansu, outcome("O-2", "recorded"))
        await becomes(client, "O-2", "recorded")
    moved = doorkeeper.rows(Agency.POLICE, "positions")
    assert {row[3] for row in kept} == {row[3] for row in moved}
    assert sum(row[2] for row in moved) > sum(row[2] for row in kept)
