"""From the doors' topics to the register and back to the doors, whatever is killed."""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from events.parties import Agency
from infra.embedded.databases import Databases
from infra.embedded.tansu import EmbeddedTansu
from infra.kafka.publisher import Outgoing, Publisher
from infra.kafka.subscriber import Incoming, Subscriber
from infra.kafka.topics import dead_topic, events_topic, outcomes_topic
from infra.postgres.case_store import CaseStore
from services.case_record.app import AGENCY_OF_TOPIC
from services.case_record.messages import Message
from tests.controls.office import letters
from tests.controls.statements import at, states
from tests.controls.worlds import A_FORWARDED_REPORT, A_REPORT, HOTLINE, WORKER
from tests.fakes.memory_case_store import MemoryCaseStore
from tests.integration.case_record.case_record_process import CaseRecordProcess
from tests.waiting import eventually

Starting = Callable[[], CaseRecordProcess]
# Only names that units chose themselves: what a real case record names, nobody knows beforehand.
EVERYTHING = (
    *A_FORWARDED_REPORT,
    states("police.report_received", "R-102", at=at("06T21:25")),
    states("police.scene_attended", "R-102", at=at("06T21:40")),
    states("social_work.report_received", "R-201", at=at("06T21:50"), by=WORKER),
    states("social_work.case_opened", at=at("06T22:05"), report="R-201"),
    states("social_work.initial_risk_assessed", at=at("06T22:20"), emergency=True),
    states("social_work.needs_assessed", at=at("10T16:00")),
    states("social_work.plan_drafted", at=at("15T15:00")),
)


@pytest.fixture
def recording(tmp_path: Path, databases: Databases, fresh_tansu: EmbeddedTansu) -> Iterator[Starting]:
    started: list[CaseRecordProcess] = []

    def start() -> CaseRecordProcess:
        started.append(CaseRecordProcess.start(tmp_path, databases, fresh_tansu.address))
        return started[-1]

    yield start
    for process in started:
        process.kill()


async def deliver(broker: EmbeddedTansu, messages: Sequence[Message]) -> None:
    publisher = Publisher(broker.address, "doors")
    await publisher.start()
    await publisher.send([Outgoing(events_topic(one.agency.value), b"key", one.raw) for one in messages])
    await publisher.stop()


async def told(broker: EmbeddedTansu, topics: Sequence[str], enough: Callable[[list[Any]], bool]) -> list[Any]:
    """Return what doors are told once it is enough."""
    subscriber = Subscriber(broker.address, topics)
    await subscriber.start()
    found: list[Incoming] = []
    try:
        while not enough([json.loads(one.value) for one in found]):
            found += await subscriber.batch(1000, 200)
    finally:
        await subscriber.stop()
    return [json.loads(one.value) for one in found]


def all_recorded(count: int) -> Callable[[list[Any]], bool]:
    def enough(outcomes: list[Any]) -> bool:
        return len({(one["source"], one["id"]) for one in outcomes if one["status"] == "recorded"}) >= count

    return enough


OUTCOMES = [outcomes_topic(agency.value) for agency in AGENCY_OF_TOPIC.values()]


def test_every_agency_that_may_assert_anything_is_heard() -> None:
    assert set(AGENCY_OF_TOPIC.values()) == {Agency.POLICE, Agency.HEALTH, Agency.EDUCATION, Agency.SOCIAL_WORK}


async def test_statements_are_recorded_and_answered_and_sigterm_ends_cleanly(
    store: CaseStore, recording: Starting, fresh_tansu: EmbeddedTansu
) -> None:
    process = recording()
    messages = letters(EVERYTHING, MemoryCaseStore())
    await deliver(fresh_tansu, messages)
    outcomes = await told(fresh_tansu, OUTCOMES, all_recorded(len(messages)))
    first = next(one for one in outcomes if one["id"] == A_REPORT[0].id)
    assert (first["source"], first["reference"], first["reason"]) == (HOTLINE, "R-101", None)
    assert set(first) == {"source", "id", "status", "reason", "reference", "recorded_at"}
    assert store.all_waiting_keys() == set()
    assert process.end() == 0
    assert process.said()[-1] == "stopped"


async def test_a_killed_process_goes_on_where_it_was(
    store: CaseStore, recording: Starting, fresh_tansu: EmbeddedTansu
) -> None:
    messages, keys = letters(EVERYTHING, MemoryCaseStore()), [(one.by, one.id) for one in EVERYTHING]
    process = recording()
    for part in (slice(0, 4), slice(4, 8), slice(8, None)):
        await deliver(fresh_tansu, messages[part])
        eventually(lambda some=keys[part]: bool(store.inbox(some)), within_s=60)  # type: ignore[misc]
        process.kill()
        process = recording()
    await deliver(fresh_tansu, messages)  # the doors send again what has no outcome
    await told(fresh_tansu, OUTCOMES, all_recorded(len(messages)))
    assert {row.status for row in store.inbox(keys).values()} == {"recorded"}
    assert len(store.inbox(keys)) == len(EVERYTHING)


async def test_a_broker_that_comes_back_empty_is_read_from_its_beginning(
    store: CaseStore, recording: Starting, fresh_tansu: EmbeddedTansu
) -> None:
    process = recording()
    messages = letters(EVERYTHING, MemoryCaseStore())
    await deliver(fresh_tansu, messages[:6])
    await told(fresh_tansu, OUTCOMES, all_recorded(6))
    fresh_tansu.stop()
    fresh_tansu.start()
    await deliver(fresh_tansu, messages)  # the doors send again what has no outcome, and some that has
    await told(fresh_tansu, OUTCOMES, all_recorded(len(messages)))
    assert process.process.poll() is None
    assert "another_cluster" in process.said()
    assert len(store.inbox([(one.by, one.id) for one in EVERYTHING])) == len(EVERYTHING)


async def test_what_cannot_be_taken_is_told_to_its_own_door_alone(
    recording: Starting, fresh_tansu: EmbeddedTansu
) -> None:
    recording()
    (foreign,) = letters(A_REPORT, MemoryCaseStore())
    await deliver(fresh_tansu, [Message(Agency.POLICE, b"not even JSON"), Message(Agency.POLICE, foreign.raw)])
    dead = await told(fresh_tansu, [dead_topic("police")], lambda found: len(found) >= 2)
    assert dead == [
        {"id": None, "reason": "unreadable", "source": None},
        {"id": A_REPORT[0].id, "reason": "no_authority", "source": HOTLINE},
    ]


async def test_two_processes_do_not_work_on_one_register(
    recording: Starting,
) -> None:
    first = recording()
    eventually(lambda: "following" in first.said(), within_s=60)
    second = recording()
    assert second.process.wait(30) == 1
    assert "case_record_failed" in second.said()
    assert first.process.poll() is None


async def test_the_log_names_no_reference_and_no_person(recording: Starting, fresh_tansu: EmbeddedTansu) -> None:
    process = recording()
    messages = letters(EVERYTHING, MemoryCaseStore())
    await deliver(fresh_tansu, [*messages, Message(Agency.POLICE, b"TRE-EM-7Q2")])
    await told(fresh_tansu, OUTCOMES, all_recorded(len(messages)))
    process.end()
    text = process.log.read_text()
    assert not [word for word in ("R-101", "C-55", "TRE-EM", *(one.id for one in EVERYTHING)) if word in text]
