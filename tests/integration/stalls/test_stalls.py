"""Stalls planted for real: each is seen, by an end that the supervisor mends or by an answer that says so."""

import asyncio
import signal
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from events.parties import Agency
from infra.embedded.databases import Databases
from infra.embedded.tansu import EmbeddedTansu
from infra.kafka.publisher import Outgoing, Publisher
from infra.kafka.subscriber import Subscriber
from infra.kafka.topics import CASE_TOPIC
from infra.postgres.event_feed import EventFeed
from infra.postgres.locks import AdvisoryLock
from infra.postgres.relay_position import RelayPosition, Sent
from infra.postgres.roles import CASE_RECORD, PROJECTOR, RELAY, SERVICE_ROLES
from infra.postgres.singleton import LockLostError, Singleton
from infra.postgres.view_store import ViewStore
from infra.watchdog import Watchdog
from services.agencies.app import Door
from services.agencies.relay import Relay
from services.projector.catching_up import CatchingUp
from services.projector.hearing import DeafError, Hearing
from services.projector.projecting import Projecting
from tests.controls.bad_input import good
from tests.fixtures.doors import ASpeaker, Doorkeeper, publish
from tests.fixtures.views import Register, Views, a_case
from tests.integration.agencies.courier import at_work
from tests.integration.case_record.case_record_process import CaseRecordProcess
from tests.integration.relay.relay_process import RelayProcess
from tests.waiting import eventually, eventually_async


def test_an_advisory_lock_that_was_lost_though_its_connection_lives(databases: Databases) -> None:
    with Singleton(databases.main(CASE_RECORD), AdvisoryLock.CASE_RECORD) as alone:
        alone.check()
        alone._connection.execute("select pg_advisory_unlock_all()")
        with pytest.raises(LockLostError):
            alone.check()


def test_an_advisory_lock_that_was_lost_ends_its_process(
    databases: Databases, fresh_tansu: EmbeddedTansu, tmp_path: Path
) -> None:
    running = CaseRecordProcess.start(tmp_path, databases, fresh_tansu.address)
    try:
        eventually(lambda: "following" in running.said(), within_s=60)
        take_the_lock_away(databases)
        assert running.process.wait(30) == 1
    finally:
        running.kill()


def take_the_lock_away(databases: Databases) -> None:
    """End the very session that holds the case record's lock."""
    with psycopg.connect(databases.main(CASE_RECORD), autocommit=True) as connection:
        [[ended]] = connection.execute(
            "select count(pg_terminate_backend(pid)) from pg_locks where locktype = 'advisory' and objid = %s",
            [AdvisoryLock.CASE_RECORD.value],
        ).fetchall()
    assert ended == 1


@pytest.mark.parametrize("role", SERVICE_ROLES)
def test_a_forgotten_transaction_of_any_of_our_roles_ends_by_itself(databases: Databases, role: str) -> None:
    with psycopg.connect(databases.main(role)) as connection:
        assert connection.execute("show idle_in_transaction_session_timeout").fetchone() == ("20s",)


async def test_a_forgotten_transaction_that_holds_up_the_register_ends_who_waits(
    databases: Databases, fresh_tansu: EmbeddedTansu, tmp_path: Path, doorkeeper: Doorkeeper
) -> None:
    running = CaseRecordProcess.start(tmp_path, databases, fresh_tansu.address, stopped_moving_after_s=2.0)
    try:
        eventually(lambda: "following" in running.said(), within_s=60)
        with psycopg.connect(databases.main(CASE_RECORD)) as forgotten:
            forgotten.execute("select pg_advisory_xact_lock(%s)", [AdvisoryLock.APPEND.value])
            await send_one(await doorkeeper.open(Agency.POLICE, broker=fresh_tansu.address), doorkeeper)
            assert await asyncio.to_thread(running.process.wait, 30) == 1
        assert running.said()[-1] == "stopped_moving"
    finally:
        running.kill()


async def send_one(door: Door, doorkeeper: Doorkeeper) -> None:
    """Have a door take an event and send it to the broker."""
    async with at_work(door), doorkeeper.caller(door, ASpeaker(Agency.POLICE, "commune_police_00340")) as police:
        assert (await publish(police, good())).status_code == 202

        async def sent() -> bool:
            return [row[1] for row in doorkeeper.rows(Agency.POLICE, "deliveries")] != [None]

        await eventually_async(sent)


async def test_a_consumer_that_hangs_is_replaced(fresh_tansu: EmbeddedTansu) -> None:
    publisher = Publisher(fresh_tansu.address, "test")
    await publisher.start()
    subscriber = Subscriber(fresh_tansu.address, [CASE_TOPIC], silent_s=0.5)
    await subscriber.start()

    hung = subscriber._consumer
    assert hung is not None
    hung.pause(*hung.assignment())  # it is asked and brings nothing, as one that hangs does
    await publisher.send([Outgoing(CASE_TOPIC, b"key", b"value")])

    async def brought() -> bool:
        return [one.value for one in await subscriber.batch(10, 50)] == [b"value"]

    await eventually_async(brought, within_s=20)
    await subscriber.stop()
    await publisher.stop()


@pytest.fixture
async def deaf_after_half_a_second(
    databases: Databases, view_store: ViewStore, projecting: Projecting
) -> AsyncIterator[CatchingUp]:
    feed = EventFeed(databases.main(PROJECTOR))
    yield CatchingUp(view_store, feed, projecting, lambda: None, hearing=Hearing(silent_s=0.5, joining_s=60))
    await feed.close()


async def test_a_topic_that_is_not_heard_while_the_views_go_on(
    databases: Databases, register: Register, deaf_after_half_a_second: CatchingUp, views: Views
) -> None:
    """As when Faust's agent died and its worker polls on: the relay sends, and the topic brings nothing."""
    catching_up, numbers = deaf_after_half_a_second, iter(range(1, 500))
    catching_up.hearing.heard()
    positions = await RelayPosition.open(databases.main(RELAY))

    async def seen() -> bool:
        register.record(a_case(number := next(numbers)))
        await positions.save(Sent((await catching_up.store.progress()).newest, "cluster-1"))
        try:
            await catching_up.once()
        except DeafError:
            return number > 2  # what is missing was there, and sent, at an earlier look
        return False

    await eventually_async(seen)
    await positions.close()
    assert views.equal_rebuilding(a_case(1))


async def test_a_relay_that_is_away_is_not_taken_for_deafness(
    register: Register, deaf_after_half_a_second: CatchingUp, views: Views
) -> None:
    catching_up = deaf_after_half_a_second
    catching_up.hearing = Hearing(silent_s=0.0)
    catching_up.hearing.heard()
    for number in range(4):
        register.record(a_case(number))
        await catching_up.once()
    assert views.equal_rebuilding(a_case(1))


async def test_a_courier_that_never_answers(doorkeeper: Doorkeeper, fresh_tansu: EmbeddedTansu) -> None:
    door = await doorkeeper.open(Agency.POLICE, broker=fresh_tansu.address)
    [relay] = [own for work in door.work if isinstance(own := getattr(work, "__self__", None), Relay)]

    asked = asyncio.Event()

    class Hangs:
        async def send(self, _items: object) -> None:
            asked.set()
            await asyncio.Event().wait()

    relay._courier = Hangs()
    ended = threading.Event()
    watchdog = Watchdog(1.5, ended.set)
    relay.moved = watchdog.part("relay")
    async with at_work(door), doorkeeper.caller(door, ASpeaker(Agency.POLICE, "commune_police_00340")) as police:
        assert (await publish(police, good())).status_code == 202
        await asked.wait()
        watchdog.start()

        async def seen() -> bool:
            return ended.is_set()

        await eventually_async(seen)
    watchdog.stop()


@pytest.fixture
def relay(tmp_path: Path, databases: Databases, fresh_tansu: EmbeddedTansu) -> Iterator[RelayProcess]:
    running = RelayProcess.start(tmp_path, databases, fresh_tansu.address, stopped_moving_after_s=2.0)
    yield running
    running.kill()


def test_a_server_that_freezes_while_it_is_asked(
    databases: Databases, relay: RelayProcess, cut_connections: Callable[[str], None]
) -> None:
    eventually(lambda: "following" in relay.said(), within_s=60)
    frozen = backends_of(databases, RELAY)
    assert len(frozen) >= 2
    try:
        for backend in frozen:
            backend.send_signal(signal.SIGSTOP)
        assert relay.process.wait(30) == 1
        assert relay.said()[-1] == "stopped_moving"
    finally:
        for backend in frozen:
            backend.send_signal(signal.SIGCONT)
        cut_connections(databases.main_name)


def backends_of(databases: Databases, role: str) -> list[psutil.Process]:
    with psycopg.connect(databases.main(role)) as connection:
        rows = connection.execute(
            "select pid from pg_stat_activity where usename = %s and datname = %s and pid <> pg_backend_pid()",
            [role, databases.main_name],
        ).fetchall()
    return [psutil.Process(pid) for [pid] in rows]
