"""The outbox in an agency's own database: nothing is dropped, nothing overtaken, whatever is cut or killed."""

import json
import random
import secrets
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from chungtay_client import Client, outbox
from chungtay_client.outbox import table

from tests.endurance.outboxes import UNIT, Outbox, event, misspelt, turns
from tests.endurance.relays import Wire, wire_to
from tests.waiting import eventually
from tests.walk.platforms import Platform

pytestmark = [pytest.mark.walk, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def token(running: Platform, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("agency") / "token"
    file.write_text(running.told("token", "--agency", "police", "--unit", UNIT, "--publisher")["token"])
    return file


@pytest.fixture
def wire(running: Platform) -> Iterator[Wire]:
    with wire_to(running.endpoints()["agencies"]["police"]) as laid:
        yield laid


@pytest.fixture(params=["sqlite", "postgresql"])
def box(request: pytest.FixtureRequest, running: Platform, tmp_path: Path) -> Outbox:
    """An empty outbox of an agency that keeps its own data in such a database."""
    where = str(tmp_path / "agency.db")
    if request.param == "postgresql":
        where = an_own_database(running, f"agency_{secrets.randbelow(10**9)}")
    made = Outbox(where)
    made.create()
    return made


def an_own_database(running: Platform, name: str) -> str:
    with running.connect() as connection:
        connection.execute(f"set role chungtay_owner; create schema if not exists {name}")
    passwords = json.loads((running.data_dir / "secrets" / "postgres.json").read_bytes())
    where = urlsplit(running.endpoints()["postgres"])
    address = f"chungtay_owner:{passwords['chungtay_owner']}@{where.hostname}:{where.port}"
    return urlunsplit(("postgresql", address, "/chungtay", f"options=-csearch_path%3D{name}", ""))


@pytest.fixture
def reference() -> Callable[[int], str]:
    drawn = secrets.randbelow(10**9)
    return lambda number: f"OB-{drawn}-{number}"


def keys(running: Platform) -> dict[str, bytes]:
    with Client(running.endpoints()["agencies"]["police"], "none is needed") as client:
        return client.receipt_keys()


def test_the_row_commits_with_the_agencys_own_data(box: Outbox, reference: Callable[[int], str]) -> None:
    connection = box.database.connect()
    outbox.add(connection, event(reference(1), 1))
    connection.rollback()
    outbox.add(connection, event(reference(2), 1))
    outbox.add(connection, event(reference(2), 1))
    with pytest.raises(outbox.OtherContentHereError):
        outbox.add(connection, event(reference(2), 1) | {"subject": "another"})
    with pytest.raises(ValueError, match="`source` and an `id`"):
        outbox.add(connection, {"id": "1"})
    connection.commit()
    connection.close()
    assert [row[1] for row in box.rows()] == [reference(2)]


def test_cut_off_and_killed_it_delivers_all_in_order(
    box: Outbox, wire: Wire, token: Path, running: Platform, reference: Callable[[int], str]
) -> None:
    events = turns([reference(number) for number in range(8)], 5)
    moments = random.Random(20260406)  # noqa: S311 - the same moments each time
    box.add(events[:8])
    for life in range(4):
        process = box.start(wire.address, token)
        try:
            aim = box.delivered() + moments.randrange(1, 4)
            eventually(lambda aim=aim: box.delivered() >= aim)  # type: ignore[misc]
            if life == 1:
                wire.cut()
            box.add(events[8 * (life + 1) : 8 * (life + 2)])
        finally:
            process.kill()
            process.communicate()
        wire.mend()
    done = box.run(wire.address, token)
    assert done.returncode == 0, done.stderr
    judged = box.judged(keys(running))
    assert judged.holds, judged
    assert (judged.added, judged.references) == (40, 8)


def test_a_refused_event_holds_up_its_own_reference_alone(
    box: Outbox, token: Path, running: Platform, reference: Callable[[int], str]
) -> None:
    door = running.endpoints()["agencies"]["police"]
    box.add([misspelt(reference(1), 1), event(reference(1), 2), event(reference(2), 1), event(reference(2), 2)])
    assert box.run(door, token).returncode == 1
    told = box.status()
    assert [told[name] for name in ("pending", "delivered", "refused")] == [1, 2, 1]
    (refusal,) = told["refusals"]
    assert refusal["problem"]["type"] == "/problems/bad_event"
    assert told["oldest_s"] >= 0

    with box.database.transaction() as connection:
        assert table.send_again(connection) == 1
    assert box.run(door, token).returncode == 1  # it is still wrong
    with box.database.transaction() as connection:
        assert outbox.mend(connection, event(reference(1), 1))
        assert not outbox.mend(connection, event(reference(2), 1))  # that one has its receipt
    assert box.run(door, token).returncode == 0
    assert box.judged(keys(running)).holds


def test_what_is_set_aside_is_kept_and_lets_others_go(
    box: Outbox, token: Path, running: Platform, reference: Callable[[int], str]
) -> None:
    door = running.endpoints()["agencies"]["police"]
    box.add([event(reference(1), 1), misspelt(reference(1), 2), event(reference(1), 3)])
    assert box.run(door, token).returncode == 1
    (refusal,) = box.status()["refusals"]
    with box.database.transaction() as connection:
        assert table.set_aside(connection, [refusal["number"]]) == 1
    assert box.run(door, token).returncode == 0
    told = box.status()
    assert [told[name] for name in ("pending", "delivered", "refused", "set_aside")] == [0, 2, 0, 1]
    with box.database.transaction() as connection:
        found = outbox.receipt_of(connection, UNIT, f"{reference(1)}-3")
        assert outbox.receipt_of(connection, UNIT, f"{reference(1)}-2") is None
    assert found is not None
    assert found[0]["id"] == f"{reference(1)}-3"


def test_a_token_that_is_no_good_refuses_no_event(
    box: Outbox, running: Platform, tmp_path: Path, token: Path, reference: Callable[[int], str]
) -> None:
    door, own = running.endpoints()["agencies"]["police"], tmp_path / "token"
    own.write_text("expired")
    box.add([event(reference(1), 1)])
    process = box.start(door, own)
    try:
        assert process.stderr is not None
        assert b"nothing shipped: bad_token" in process.stderr.readline()
        assert box.status()["refused"] == 0
        own.write_text(token.read_text())
        eventually(lambda: box.delivered() == 1)
    finally:
        process.terminate()
        assert process.wait(30) == 0
        process.communicate()


def test_no_output_holds_what_was_sent(
    box: Outbox, token: Path, running: Platform, reference: Callable[[int], str]
) -> None:
    box.add([event(reference(1), 1), misspelt(reference(1), 2)])
    done = box.run(running.endpoints()["agencies"]["police"], token)
    said = done.stdout + done.stderr
    assert "row " in said
    assert not [word for word in ("TRE-EM", reference(1), token.read_text()) if word in said]


def test_an_outbox_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    missing = Outbox(str(tmp_path / "nothing.db"))
    done = subprocess.run(missing.command("status"), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (3, "")
    assert "has no outbox yet" in done.stderr
