"""On the real register: once, in order, whole, and nobody is held up."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from events.chain import Link, first_break
from infra.embedded.databases import Databases
from infra.postgres.case_store import CaseStore, Position
from infra.postgres.roles import CASE_RECORD
from services.case_record.domain.case import Case
from services.case_record.domain.streams import Stream
from tests.controls.office import Office, final_state, letters
from tests.controls.statements import at, message, sealed, states
from tests.controls.worlds import (
    A_CASE,
    A_SECOND_REPORT,
    A_SEPARATION,
    AN_EARLIER_REPORT,
    HOTLINE,
    MERGED,
    POLICE,
    WORKER,
)
from tests.fakes.memory_case_store import MemoryCaseStore
from tests.integration.postgres.swallowing_proxy import SwallowingProxy

POSITION = Position("social_work.events.v1", 0, 17, "cluster-1")
EVERYTHING = (*A_SEPARATION, *A_SECOND_REPORT, MERGED)


@pytest.fixture
def office(store: CaseStore) -> Office:
    return Office(store)


@pytest.fixture
def other_store(databases: Databases) -> Iterator[CaseStore]:
    """The same register, opened by somebody else."""
    opened = CaseStore(databases.main(CASE_RECORD), simulated=False)
    yield opened
    opened.close()


def whole(store: CaseStore, office: Office) -> bool:
    """Say whether every stream is a chain without gaps."""
    stored = store.load(list(office.on.values())).values()
    return all(
        first_break(Link(e.stream, e.version, e.recorded, e.digest) for e in events) is None for events in stored
    )


def events_of(store: CaseStore, office: Office) -> dict[str, list[str]]:
    return {name: [event.type for event in store.load([stream])[stream]] for name, stream in office.on.items()}


def test_one_batch_is_recorded_as_in_memory(store: CaseStore, office: Office) -> None:
    memory = Office(MemoryCaseStore())
    memory.send(*EVERYTHING)
    outcomes = office.handle(memory.sent, [POSITION])
    assert {outcome.status for outcome in outcomes} == {"recorded"}
    office.on |= memory.on
    assert events_of(store, office) == {name: memory.types(name) for name in memory.on}
    assert whole(store, office)
    assert store.positions([POSITION.topic]) == [POSITION]


def test_duplicates_change_nothing(store: CaseStore, office: Office) -> None:
    office.send(*EVERYTHING)
    before = events_of(store, office)
    outcomes = office.handle(office.sent, [replace(POSITION, next_offset=99)])
    assert [outcome.status for outcome in outcomes] == ["recorded"] * len(EVERYTHING)
    assert events_of(store, office) == before
    assert store.positions([POSITION.topic])[0].next_offset == 99


def test_a_stale_writer_decides_again(store: CaseStore, other_store: CaseStore) -> None:
    """The second remembers the case as it was; its append conflicts, and what it writes then follows."""
    first, second = Office(store), Office(other_store)
    first.send(*A_CASE)
    second.on |= first.on
    second.send(states("police.scene_attended", at=at("06T22:10"), by=POLICE))
    first.send(states("social_work.initial_risk_assessed", at=at("06T22:20"), emergency=True))
    (outcome,) = second.send(states("police.immediate_danger_stopped", at=at("06T22:30"), by=POLICE))
    assert outcome.status == "recorded"
    assert [type_ for type_ in first.types("C-55") if not type_.startswith("case.")] == [
        "social_work.case_opened.v1",
        "police.scene_attended.v1",
        "social_work.initial_risk_assessed.v1",
        "police.immediate_danger_stopped.v1",
    ]
    assert whole(store, first)


def test_the_same_message_at_two_writers_is_recorded_once(store: CaseStore, other_store: CaseStore) -> None:
    batch = letters(A_CASE, MemoryCaseStore())
    first, second = Office(store).handle(batch), Office(other_store).handle(batch)
    assert first == second


def test_poison_alone_is_dead_lettered(store: CaseStore, office: Office) -> None:
    office.send(*A_CASE)
    told = sealed(
        states("police.crime_report_accepted", at=at("07T14:00"), by=POLICE, id="poison"), office.name(POLICE, "C-55")
    )
    poison = message(told.model_copy(update={"time": told.time.replace(year=9999, month=12, day=31)}))
    good = office.letter(states("social_work.needs_assessed", at=at("10T16:00"), id="good"))
    outcomes = office.handle([poison, good], [POSITION])
    assert [(o.id, o.status, o.reason, o.dead) for o in outcomes] == [
        ("poison", "rejected", "fault", True),
        ("good", "recorded", None, False),
    ]
    assert store.inbox([(POLICE, "poison")])[POLICE, "poison"].reason == "fault"
    assert store.positions([POSITION.topic]) == [POSITION]
    assert whole(store, office)


def test_what_waits_is_retried_when_its_reference_appears(store: CaseStore, office: Office) -> None:
    *report, opened = letters(A_CASE, MemoryCaseStore())
    assert [outcome.status for outcome in office.handle([opened])] == ["waiting"]
    assert {outcome.status for outcome in office.handle(report)} == {"recorded"}
    assert store.all_waiting_keys() == set()
    assert store.references([(WORKER, "C-55")])


def test_what_waits_survives_its_process(office: Office, other_store: CaseStore) -> None:
    *report, opened = letters(A_CASE, MemoryCaseStore())
    office.handle([opened])
    outcomes = Office(other_store).handle(report)
    assert ("opened", "recorded") in [(outcome.id, outcome.status) for outcome in outcomes]


def test_a_message_goes_on_waiting_for_something_else(store: CaseStore, office: Office) -> None:
    merged = sealed(states("social_work.reports_merged", at=at("07T08:00"), report="R-404", id="merged"), "C-55", 2)
    office.handle([message(merged)])
    office.handle(letters(A_CASE, MemoryCaseStore()))
    assert store.all_waiting_keys() == {(WORKER, "R-404")}


def test_what_waited_too_long_is_rejected(store: CaseStore, office: Office) -> None:
    *_, opened = letters(A_CASE, MemoryCaseStore())
    office.handle([opened])
    office.clock.moment += timedelta(days=7, seconds=1)
    assert [(o.status, o.reason) for o in office.expire()] == [("rejected", "unknown_reference")]
    assert store.all_waiting_keys() == set()


def test_a_commit_whose_reply_was_lost_took_place(databases: Databases, store: CaseStore) -> None:
    with SwallowingProxy(databases.port) as wire:
        beyond = CaseStore(replace(databases, port=wire.port).main(CASE_RECORD), simulated=False)
        office = Office(beyond)
        wire.swallow_next_commit()
        office.send(*A_CASE[:1])
        assert wire.swallowed.is_set()
        beyond.close()
    row = store.inbox([(HOTLINE, A_CASE[0].id)])[HOTLINE, A_CASE[0].id]
    assert (row.status, row.version) == ("recorded", 1)
    assert row.stream is not None
    assert [event.version for event in store.load([row.stream])[row.stream]] == list(range(1, 7))


def test_the_clock_counts_from_the_earliest_receipt(store: CaseStore, office: Office) -> None:
    """E.4, assertion 1."""
    office.send(*A_CASE, *AN_EARLIER_REPORT, MERGED)
    stream = Stream("case", office.on["C-55"])
    case = final_state(store, [stream])[stream]
    assert isinstance(case, Case)
    assert case.proceedings.clocks["emergency_12h"].starts_at == at("06T20:30")
    assert len(case.reports) == 2
