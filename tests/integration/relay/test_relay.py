"""The register reaches the topic: exact bytes, in order, at least once, whatever is killed."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from infra.embedded.databases import Databases
from infra.embedded.tansu import EmbeddedTansu
from infra.kafka.subscriber import Incoming, Subscriber
from infra.postgres.case_store import Batch, CaseStore, StoredEvent
from services.relay.relaying import TOPIC
from tests.fixtures.case_batches import chained, stream_of
from tests.integration.relay.relay_process import RelayProcess
from tests.waiting import eventually

Starting = Callable[[], RelayProcess]


@pytest.fixture
def relaying(tmp_path: Path, databases: Databases, fresh_tansu: EmbeddedTansu) -> Iterator[Starting]:
    started: list[RelayProcess] = []

    def start() -> RelayProcess:
        started.append(RelayProcess.start(tmp_path, databases, fresh_tansu.address))
        return started[-1]

    yield start
    for process in started:
        process.kill()


async def received(broker: EmbeddedTansu, count: int) -> list[Incoming]:
    """Return what lies in the topic once that is at least `count` messages."""
    subscriber = Subscriber(broker.address, [TOPIC])
    await subscriber.start()
    found: list[Incoming] = []
    try:
        while len(found) < count:
            found += await subscriber.batch(1000, 200)
    finally:
        await subscriber.stop()
    return found


def of_stream(messages: list[Incoming], event: StoredEvent) -> list[bytes]:
    return [message.value for message in messages if message.key == event.stream.bytes]


async def test_exact_bytes_arrive_in_order_and_sigterm_ends_cleanly(
    store: CaseStore, relaying: Starting, fresh_tansu: EmbeddedTansu
) -> None:
    before, after = chained(stream_of(1), 30), chained(stream_of(2), 30)
    store.append(Batch(events=before))
    relay = relaying()
    first = await received(fresh_tansu, 30)
    store.append(Batch(events=after))
    messages = await received(fresh_tansu, 60)
    assert len(first) == 30
    assert of_stream(messages, before[0]) == [event.recorded for event in before]
    assert of_stream(messages, after[0]) == [event.recorded for event in after]
    assert relay.end() == 0
    assert relay.said()[-1] == "stopped"


async def test_a_relay_goes_on_where_it_was_killed(
    store: CaseStore, relaying: Starting, fresh_tansu: EmbeddedTansu
) -> None:
    events = chained(stream_of(1), 40)
    store.append(Batch(events=events[:20]))
    first = relaying()
    await received(fresh_tansu, 20)
    first.kill()
    store.append(Batch(events=events[20:]))
    relaying()
    messages = of_stream(await received(fresh_tansu, 40), events[0])
    seen = list(dict.fromkeys(messages))
    assert seen == [event.recorded for event in events]
    assert len(messages) <= 60  # at most the one batch under way is sent twice


async def test_an_emptied_broker_gets_everything_again(
    store: CaseStore, relaying: Starting, fresh_tansu: EmbeddedTansu
) -> None:
    events = chained(stream_of(1), 20)
    store.append(Batch(events=events))
    relaying()
    await received(fresh_tansu, 20)
    fresh_tansu.kill()
    fresh_tansu.start()
    messages = of_stream(await received(fresh_tansu, 20), events[0])
    assert list(dict.fromkeys(messages)) == [event.recorded for event in events]


def test_a_second_relay_does_not_start(store: CaseStore, relaying: Starting) -> None:
    store.append(Batch(events=chained(stream_of(1), 1)))
    first = relaying()
    eventually(lambda: "following" in first.said(), within_s=60)
    second = relaying()
    assert second.process.wait(40) == 1
    assert first.end() == 0


def test_a_relay_without_its_database_ends_with_an_error(
    relaying: Starting, databases: Databases, cut_connections: Callable[[str], None]
) -> None:
    relay = relaying()
    eventually(lambda: "following" in relay.said(), within_s=60)
    eventually(partial(_cut_until_ended, relay, databases, cut_connections), within_s=60)
    assert relay.process.wait(10) == 1
    assert relay.said()[-1] == "relay_failed"


def _cut_until_ended(relay: RelayProcess, databases: Databases, cut: Callable[[str], None]) -> bool:
    cut(databases.main_name)
    return relay.process.poll() is not None
