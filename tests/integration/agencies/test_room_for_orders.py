"""A unit has few orders to seal that nobody decided on: one more is refused, and what came with it is kept."""

from datetime import datetime
from typing import Any

import httpx
import psycopg
import pytest

from events.parties import Agency
from infra.embedded.databases import Databases
from infra.postgres.roles import OWNER
from infra.postgres.sealings import MOST_UNDECIDED
from services.agencies.app import Door
from tests.controls.bad_input import CLOCK, UNIT, good
from tests.fixtures.doors import ASpeaker, Doorkeeper, problem_of, publish, publish_batch
from tests.hostile.floods import ORDERS

COLLEAGUE = "investigation_police_01"
TOO_MANY = f"/problems/{ORDERS.problem}"
_JSON = {"Content-Type": "application/cloudevents+json"}
_ORDERS = "insert into sealing.orders select %s, 'earlier-' || n, 'R-' || n, '{}', %s from generate_series(1, %s) as n"


@pytest.fixture
def room_for_one(databases: Databases) -> None:
    """Let the case record be away since the unit stated all orders but one that it may."""
    with psycopg.connect(databases.main(OWNER)) as connection:
        connection.execute(_ORDERS, [UNIT, datetime.fromisoformat(CLOCK), MOST_UNDECIDED - 1])


def order(id_: str, unit: str = UNIT) -> bytes:
    return good("privacy.record_sealed.v1", id=id_, source=unit, subject="R-1", data={"units_in_sight": [unit]})


def orders(databases: Databases) -> set[str]:
    with psycopg.connect(databases.main(OWNER)) as connection:
        found = connection.execute("select id from sealing.orders where id not like 'earlier-%'").fetchall()
    return {id_ for [id_] in found}


def kept(doorkeeper: Doorkeeper) -> list[tuple[Any, ...]]:
    return [row[1:5] for row in doorkeeper.rows(Agency.POLICE, "journal")]


def told(answer: httpx.Response) -> list[Any]:
    assert answer.status_code == 200
    return [one["problem"]["type"] if "problem" in one else one["status"] for one in answer.json()]


@pytest.mark.usefixtures("room_for_one")
async def test_one_more_is_refused_and_the_rest_of_its_batch_is_kept(
    police: httpx.AsyncClient, doorkeeper: Doorkeeper
) -> None:
    batch = (good(id="before"), order("fits"), order("one-more"), good(id="after"), order("one-more"), order("fits"))
    assert told(await publish_batch(police, *batch)) == [202, 202, TOO_MANY, 202, TOO_MANY, 200]
    assert doorkeeper.counts(Agency.POLICE)["journal"] == 3
    assert orders(doorkeeper.databases) == {"fits"}
    assert [sequence for *_, reference, sequence in kept(doorkeeper) if reference == "R-1"] == [1]


@pytest.mark.usefixtures("room_for_one")
async def test_it_is_told_when_to_come_again_and_is_taken_once_one_is_decided_on(
    police: httpx.AsyncClient, doorkeeper: Doorkeeper
) -> None:
    assert (await publish(police, order("fits"))).status_code == 202
    rehearsed = await police.post("/v1/events?dry_run=true", content=order("one-more"), headers=_JSON)
    refused = await publish(police, order("one-more"))
    assert [problem_of(one)["type"] for one in (rehearsed, refused)] == [TOO_MANY, TOO_MANY]
    assert (refused.status_code, refused.headers["Retry-After"]) == (ORDERS.status, "60")
    assert (await publish(police, order("fits"))).status_code == 200
    with psycopg.connect(doorkeeper.databases.main(OWNER)) as connection:
        connection.execute("update sealing.orders set decided_at = now() where id = 'earlier-1'")
    assert (await publish(police, order("one-more"))).status_code == 202


@pytest.mark.usefixtures("room_for_one")
async def test_what_one_unit_ordered_takes_no_room_from_another(
    police: httpx.AsyncClient, police_door: Door, doorkeeper: Doorkeeper
) -> None:
    assert (await publish(police, order("fits"))).status_code == 202
    async with doorkeeper.caller(police_door, ASpeaker(Agency.POLICE, COLLEAGUE)) as colleague:
        assert (await publish(colleague, order("theirs", COLLEAGUE))).status_code == 202
