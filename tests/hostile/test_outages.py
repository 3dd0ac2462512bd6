"""202 means kept: where it cannot be kept there is none, nothing half-written, and the retry has one receipt."""

import json
from collections.abc import Iterator

import pytest

from events.codec import from_bytes
from infra.crypto.door_secrets import PUBLIC_KEYS_FILE, read_receipt_keys
from infra.crypto.receipts import Receipt, first_break
from tests.controls.bad_input import good
from tests.fixtures.databases import DatabasesServer
from tests.hostile.outages import Trouble, during, troubles
from tests.hostile.wire import Answer
from tests.hostile.world import READING, World, hostile_world
from tests.waiting import eventually

TROUBLES = troubles()


@pytest.fixture(scope="module")
def world(databases_server: DatabasesServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    databases = databases_server.copy()
    with hostile_world(databases, tmp_path_factory.mktemp("outages")) as made:
        yield made
    databases_server.drop(databases)


def kept(world: World, body: bytes) -> Answer:
    """Send until it is kept: a pool needs a moment to find its database again."""
    answers: list[Answer] = []

    def is_kept() -> bool:
        answers.append(world.publish(body))
        return answers[-1].status in {200, 202}

    eventually(is_kept)
    return answers[-1]


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda one: one.name)
def test_what_cannot_be_kept_is_not_promised(world: World, trouble: Trouble) -> None:
    body = good(id=f"OUTAGE-{TROUBLES.index(trouble)}", subject=f"R-{TROUBLES.index(trouble)}")
    before = world.rows()
    with during(world, trouble):
        answer = world.publish(body)
    assert (answer.status, answer.problems[0]["type"]) == (503, "/problems/unavailable")
    assert int(answer.headers["retry-after"]) > 0
    first = kept(world, body)
    again = world.publish(body)
    assert (again.status, again.body) == (200, first.body)
    written = {table: rows - before[table] for table, rows in world.rows().items() if rows != before[table]}
    tables = {f"door_police.{name}": 1 for name in ("journal", "deliveries", "sequences")}
    tables["door_police.likeness"] = len(READING) + 1  # the child it names: for each who may search, and to match
    assert {table: rows for table, rows in written.items() if table.startswith("door")} == tables


def test_killed_between_two_tries_the_receipt_is_the_same(world: World) -> None:
    body = good(id="KILLED")
    first = world.publish(body)
    world.kill("agencies")
    world.start("agencies")
    again = world.publish(body)
    assert (first.status, again.status) == (202, 200)
    assert first.body == again.body


def test_the_receipts_of_it_all_are_one_chain(world: World) -> None:
    ids = [f"CHAIN-{number}" for number in range(3)]
    for id_ in ids:
        world.publish(good(id=id_))
    everything = ["example-police.report_received.v1", *(f"OUTAGE-{n}" for n in range(len(TROUBLES))), "KILLED", *ids]
    bodies = [good(id=id_, **({"subject": f"R-{id_[7:]}"} if id_.startswith("OUTAGE") else {})) for id_ in everything]
    receipts = [from_bytes(Receipt, kept(world, body).body) for body in bodies]
    ordered = sorted(receipts, key=lambda receipt: receipt.number)
    assert first_break(ordered, read_receipt_keys(world.directory / PUBLIC_KEYS_FILE)) is None


def test_of_a_batch_with_one_bad_item_the_others_are_kept(world: World) -> None:
    before = world.rows()
    items = [good(id="B-0"), b'{"id": NaN}', good(id="B-1"), good(id="B-0")]
    answer = world.publish_batch(b"[" + b",".join(items) + b"]")
    told = json.loads(answer.body)
    assert (answer.status, [item["status"] for item in told]) == (200, [202, 400, 202, 200])
    assert [set(item) for item in told] == [{"status", "receipt"}, {"status", "problem"}] + [{"status", "receipt"}] * 2
    assert told[0]["receipt"] == told[3]["receipt"]
    assert world.rows()["door_police.journal"] - before["door_police.journal"] == 2
