"""A write whose reply was lost took place once: the sender is told to ask again, and then gets the one receipt."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

import httpx
import psycopg
import pytest

from events.parties import Agency
from infra.embedded.databases import Databases
from tests.controls.bad_input import good
from tests.fixtures.doors import ASpeaker, Doorkeeper, problem_of, publish, publish_batch
from tests.fixtures.keys import running_key_service
from tests.integration.postgres.swallowing_proxy import SwallowingProxy

SPEAKER = ASpeaker(Agency.POLICE, "commune_police_00340")


@pytest.fixture
def wire(databases: Databases) -> Iterator[SwallowingProxy]:
    with SwallowingProxy(databases.port) as made:
        yield made


@pytest.fixture
async def beyond(doorkeeper: Doorkeeper, wire: SwallowingProxy) -> AsyncIterator[httpx.AsyncClient]:
    """A publisher at a door that reaches both databases over the wire."""
    databases = replace(doorkeeper.databases, port=wire.port)
    keys = doorkeeper.stack.enter_context(running_key_service(databases, doorkeeper.secrets))
    over_the_wire = replace(doorkeeper, databases=databases, keys=keys)
    async with doorkeeper.caller(await over_the_wire.open(Agency.POLICE), SPEAKER) as client:
        yield client


def asked_to_come_again(answer: httpx.Response) -> bool:
    return problem_of(answer)["type"] == "/problems/unavailable" and int(answer.headers["retry-after"]) > 0


async def test_of_the_journal(beyond: httpx.AsyncClient, wire: SwallowingProxy, doorkeeper: Doorkeeper) -> None:
    wire.swallow_next_commit()
    lost = await publish(beyond, good(id="E-1"))
    assert wire.swallowed.is_set()
    assert asked_to_come_again(lost)
    assert doorkeeper.counts(Agency.POLICE)["journal"] == 1  # it was kept all the same
    again, once_more = await publish(beyond, good(id="E-1")), await publish(beyond, good(id="E-1"))
    assert (again.status_code, once_more.status_code) == (200, 200)
    assert again.json() == once_more.json()
    following = await publish(beyond, good(id="E-2"))
    assert (again.json()["number"], following.json()["number"]) == (1, 2)
    assert {table: doorkeeper.counts(Agency.POLICE)[table] for table in ("journal", "deliveries")} == {
        "journal": 2,
        "deliveries": 2,
    }


async def test_of_a_batch_in_the_journal(
    beyond: httpx.AsyncClient, wire: SwallowingProxy, doorkeeper: Doorkeeper
) -> None:
    sent = [good(id=f"E-{number}") for number in range(5)]
    wire.swallow_next_commit()
    assert asked_to_come_again(await publish_batch(beyond, *sent))
    answers = (await publish_batch(beyond, *sent)).json()
    assert [answer["receipt"]["number"] for answer in answers] == [1, 2, 3, 4, 5]
    assert doorkeeper.counts(Agency.POLICE)["journal"] == 5


async def test_of_the_key_store(beyond: httpx.AsyncClient, wire: SwallowingProxy, doorkeeper: Doorkeeper) -> None:
    wire.swallow_reply_to(b"insert into keys.data_keys")
    lost = await publish(beyond, good(id="E-1"))
    assert wire.swallowed.is_set()
    assert asked_to_come_again(lost)
    kept = doorkeeper.counts(Agency.POLICE)
    assert (kept["journal"], kept["data_keys"] > 0) == (0, True)
    assert (await publish(beyond, good(id="E-1"))).status_code == 202
    assert doorkeeper.counts(Agency.POLICE)["data_keys"] == kept["data_keys"]  # sealed with the keys kept before


async def test_a_register_that_does_not_answer_is_told_of_and_keeps_it_once(
    doorkeeper: Doorkeeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.agencies.desk._WRITE_WITHIN_S", 0.5)
    async with doorkeeper.caller(await doorkeeper.open(Agency.POLICE), SPEAKER) as police:
        assert (await publish(police, good(id="E-1"))).status_code == 202
        with psycopg.connect(doorkeeper.databases.main("door_police")) as forgotten:
            forgotten.execute("select from door_police.receipt_heads for update")
            assert asked_to_come_again(await publish(police, good(id="E-2")))
        again = await publish(police, good(id="E-2"))
    assert again.json()["number"] == 2
    assert doorkeeper.counts(Agency.POLICE)["journal"] == 2
