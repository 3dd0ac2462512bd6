"""The projector on PostgreSQL and a broker: whatever is killed or emptied, the rows end as a rebuild's."""

import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Protocol

import pytest

from events.codec import to_bytes
from events.envelope import RecordedEvent
from infra.embedded.apache_kafka import EmbeddedApacheKafka
from infra.embedded.databases import Databases
from infra.embedded.tansu import EmbeddedTansu
from infra.kafka.publisher import Outgoing, Publisher
from infra.kafka.topics import CASE_TOPIC
from tests.fixtures.views import Register, Views, a_case
from tests.integration.projector.projector_process import ProjectorProcess
from tests.waiting import eventually


class Addressed(Protocol):
    """A broker that says where it is."""

    address: str


Starting = Callable[[Addressed], ProjectorProcess]
WITHIN_S = 60.0


@pytest.fixture
def projector(tmp_path: Path, databases: Databases) -> Iterator[Starting]:
    started: list[ProjectorProcess] = []

    def start(broker: Addressed) -> ProjectorProcess:
        started.append(ProjectorProcess.start(tmp_path, databases, broker.address))
        return started[-1]

    yield start
    for process in started:
        process.kill()


async def publish(broker: Addressed, events: Iterable[RecordedEvent]) -> None:
    publisher = Publisher(broker.address, "test-relay")
    await publisher.start()
    await publisher.send([Outgoing(CASE_TOPIC, event.subject.bytes, to_bytes(event)) for event in events])
    await publisher.stop()


def cases(first: int, count: int) -> list[list[RecordedEvent]]:
    return [a_case(number) for number in range(first, first + count)]


def together(streams: Iterable[list[RecordedEvent]]) -> list[RecordedEvent]:
    return [event for events in streams for event in events]


def wait_until_projected(views: Views, count: int) -> None:
    eventually(lambda: views.projected() == count, WITHIN_S)


async def test_what_the_topic_brings_is_shown_at_once_and_sigterm_ends_cleanly(
    register: Register, projector: Starting, fresh_tansu: EmbeddedTansu, views: Views
) -> None:
    running = projector(fresh_tansu)
    eventually(lambda: running.said("consuming") == 1, WITHIN_S)
    warm, cold = cases(0, 2), cases(2, 20)
    register.record(*warm)
    await publish(fresh_tansu, together(warm))
    wait_until_projected(views, len(together(warm)))
    register.record(*cold)
    await publish(fresh_tansu, together(cold))
    wait_until_projected(views, len(together(warm + cold)))
    assert all(map(views.equal_rebuilding, warm + cold))
    asked_at = time.monotonic()
    assert running.end() == 0
    assert time.monotonic() - asked_at < 10  # the supervisor kills who takes longer


async def test_without_a_broker_the_register_is_enough(
    register: Register, projector: Starting, fresh_tansu: EmbeddedTansu, views: Views
) -> None:
    fresh_tansu.stop()
    known = cases(0, 10)
    register.record(*known)
    running = projector(fresh_tansu)
    wait_until_projected(views, len(together(known)))
    assert all(map(views.equal_rebuilding, known))
    assert running.end() == 0


async def test_a_broker_that_comes_back_empty_is_only_a_delay(
    register: Register, projector: Starting, fresh_tansu: EmbeddedTansu, views: Views
) -> None:
    running = projector(fresh_tansu)
    eventually(lambda: running.said("consuming") == 1, WITHIN_S)
    before, lost, after = cases(0, 5), cases(5, 5), cases(10, 5)
    register.record(*before)
    await publish(fresh_tansu, together(before))
    wait_until_projected(views, len(together(before)))
    fresh_tansu.kill()
    register.record(*lost)
    fresh_tansu.start()
    wait_until_projected(views, len(together(before + lost)))
    assert running.said("catching_up") >= 1
    register.record(*after)
    await publish(fresh_tansu, together(after))
    wait_until_projected(views, len(together(before + lost + after)))
    assert all(map(views.equal_rebuilding, before + lost + after))
    assert running.process.poll() is None


async def test_after_the_broker_came_back_empty_the_topic_is_heard_again(
    register: Register, projector: Starting, fresh_tansu: EmbeddedTansu, views: Views
) -> None:
    running = projector(fresh_tansu)
    eventually(lambda: running.said("consuming") == 1, WITHIN_S)
    fresh_tansu.kill()
    fresh_tansu.start()
    deadline = time.monotonic() + WITHIN_S
    for number in range(100):  # until one came by the topic, before the catching up brought it
        caught_up = running.said("catching_up")
        register.record(a_case(number))
        await publish(fresh_tansu, a_case(number))
        wait_until_projected(views, len(together(cases(0, number + 1))))
        if running.said("catching_up") == caught_up:
            break
        assert time.monotonic() < deadline
    assert all(map(views.equal_rebuilding, cases(0, number + 1)))


async def test_after_kill_9_nothing_is_lost_and_nothing_twice(
    register: Register, projector: Starting, fresh_tansu: EmbeddedTansu, views: Views
) -> None:
    running = projector(fresh_tansu)
    eventually(lambda: running.said("consuming") == 1, WITHIN_S)
    known = cases(0, 60)
    register.record(*known)
    await publish(fresh_tansu, together(known))
    eventually(lambda: views.projected() > 0, WITHIN_S)
    running.kill()
    again = projector(fresh_tansu)
    wait_until_projected(views, len(together(known)))
    assert all(map(views.equal_rebuilding, known))
    assert views.quarantine() == []
    assert again.process.poll() is None


@pytest.mark.kafka
async def test_on_apache_kafka_a_crash_of_the_broker_is_only_a_delay(
    register: Register, projector: Starting, apache_kafka: EmbeddedApacheKafka, views: Views
) -> None:
    running = projector(apache_kafka)
    eventually(lambda: running.said("consuming") == 1, WITHIN_S)
    before, after = cases(0, 5), cases(5, 5)
    register.record(*before)
    await publish(apache_kafka, together(before))
    wait_until_projected(views, len(together(before)))
    apache_kafka.kill()
    register.record(*after)
    apache_kafka.start()
    await publish(apache_kafka, together(after))
    wait_until_projected(views, len(together(before + after)))
    assert all(map(views.equal_rebuilding, before + after))
    assert running.end() == 0
