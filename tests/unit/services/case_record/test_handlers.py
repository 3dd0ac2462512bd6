"""A batch is decided whole, written once, and answered; nothing has its effect twice."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from events.chain import Link, first_break
from events.parties import Agency
from infra.postgres.case_batch import Batch, Position
from infra.postgres.faults import Conflict, DatabaseUnreachableError
from services.case_record.messages import Message
from tests.controls.office import Office, letters
from tests.controls.statements import States, at, message, sealed, states
from tests.controls.worlds import (
    A_CASE,
    A_FORWARDED_REPORT,
    A_REPORT,
    A_SEPARATION,
    A_TASK_FOR_THE_HOSPITAL,
    COMMITTEE,
    HOTLINE,
    POLICE,
    STORY,
    WORKER,
)
from tests.fakes.memory_case_store import MemoryCaseStore

POSITION = Position("social_work.events.v1", 0, 17, "cluster-1")
EVERYTHING = (
    *A_SEPARATION,
    states("social_work.agency_invited", at=at("06T23:40"), unit="hospital_h1"),
    states("health.medical_exam_completed", at=at("06T23:50")),
    states("social_work.temporary_separation_lifted", at=at("10T10:00"), by=COMMITTEE),
)


@pytest.fixture
def store() -> MemoryCaseStore:
    return MemoryCaseStore()


@pytest.fixture
def office(store: MemoryCaseStore) -> Office:
    return Office(store)


def once(problem: Exception) -> Callable[[Batch], None]:
    """Raise at the next append, and never again."""
    left = [problem]

    def fail(_: Batch) -> None:
        if left:
            raise left.pop()

    return fail


def failing_on(*ids: str) -> Callable[[Batch], None]:
    """Raise at every append that would record one of these statements."""

    def fail(batch: Batch) -> None:
        if any(row.id in ids and row.status == "recorded" for row in batch.inbox):
            raise ValueError("no reason that anybody knows")

    return fail


def links(store: MemoryCaseStore) -> list[list[Link]]:
    return [[Link(e.stream, e.version, e.recorded, e.digest) for e in events] for events in store.events.values()]


def test_a_batch_is_written_once_with_its_positions(store: MemoryCaseStore, office: Office) -> None:
    batch = letters(A_CASE, MemoryCaseStore())
    outcomes = office.record.handle(batch, [POSITION])
    assert [outcome.status for outcome in outcomes] == ["recorded"] * len(batch)
    assert len(store.appended) == 1
    assert store.positions([POSITION.topic]) == [POSITION]


def test_one_batch_records_what_single_messages_would(store: MemoryCaseStore, office: Office) -> None:
    alone = Office(MemoryCaseStore())
    alone.send(*EVERYTHING)
    office.clock.moment = alone.clock.moment
    office.handle(alone.sent)
    told = {stream: [event.type for event in events] for stream, events in store.events.items()}
    assert told == {stream: [e.type for e in alone.store.load([stream])[stream]] for stream in told}
    assert len(told) == 2


def test_every_stream_is_a_chain_without_gaps(store: MemoryCaseStore, office: Office) -> None:
    office.send(*EVERYTHING)
    assert [first_break(chain) for chain in links(store)] == [None, None]


def test_the_statement_is_recorded_as_it_came(office: Office) -> None:
    office.send(*A_REPORT)
    statement, opened, *_ = office.history("R-101")
    sent = office.sent[0]
    assert (statement.source, statement.id, statement.type) == (HOTLINE, A_REPORT[0].id, A_REPORT[0].type)
    assert statement.time == A_REPORT[0].at
    assert statement.subject == office.on["R-101"]
    assert statement.data.open["received_at"] == "2026-04-06T21:10:00+07:00"
    assert b"R-101" in sent.raw
    assert "R-101" not in statement.model_dump_json()
    assert (opened.source, opened.causationid, opened.time) == ("case_record", statement.id, statement.time)


def test_what_is_decided_has_ids_that_nobody_draws() -> None:
    first, second = Office(MemoryCaseStore()), Office(MemoryCaseStore())
    for office in (first, second):
        office.send(*A_CASE)
    assert [one.id for one in first.history("C-55")] == [one.id for one in second.history("C-55")]
    ids = [one.id for name in ("R-101", "C-55") for one in first.history(name)]
    assert len(ids) == len(set(ids))


def test_time_never_runs_backwards_in_a_stream(office: Office) -> None:
    office.send(*A_FORWARDED_REPORT)
    office.clock.moment -= timedelta(hours=1)
    office.handle(
        [office.letter(states("social_work.report_forwarded", "R-101", at=at("06T21:19"), to_unit="school_s1"))]
    )
    times = [one.recordedtime for one in office.history("R-101")]
    assert times == sorted(times)
    assert times[-1] == times[-3]


def test_simulated_time_is_said_in_every_event(office: Office) -> None:
    office.clock.simulated = True
    office.send(*A_CASE)
    assert all(one.simulated for name in ("R-101", "C-55") for one in office.history(name))


# --- once -----------------------------------------------------------------------------------------------


def test_a_duplicate_adds_nothing_and_is_answered_again(store: MemoryCaseStore, office: Office) -> None:
    batch = letters(A_CASE, MemoryCaseStore())
    first = office.handle(batch)
    assert office.handle(batch) == first
    last = store.appended[-1]
    assert (last.events, last.inbox, last.references, last.waiting) == ((), (), (), ())


def test_a_duplicate_in_the_same_batch_adds_nothing(store: MemoryCaseStore, office: Office) -> None:
    batch = letters(A_REPORT, MemoryCaseStore())
    assert [outcome.status for outcome in office.handle([*batch, *batch])] == ["recorded"]
    assert len(store.decided) == 1


def test_a_commit_whose_reply_was_lost_took_place(store: MemoryCaseStore, office: Office) -> None:
    store.after = once(DatabaseUnreachableError())
    outcomes = office.handle(letters(A_CASE, MemoryCaseStore()), [POSITION])
    assert {outcome.status for outcome in outcomes} == {"recorded"}
    assert sum(len(batch.inbox) for batch in store.appended) == len(A_CASE)


def test_what_such_a_commit_set_free_is_told_too(store: MemoryCaseStore, office: Office) -> None:
    """Nobody else asks after what waits: without being told, its door would wait for a week."""
    received, forwarded = letters((A_REPORT[0], A_FORWARDED_REPORT[1]), MemoryCaseStore())
    office.handle([forwarded])
    store.after = once(DatabaseUnreachableError())
    outcomes = {outcome.id: outcome.status for outcome in office.handle([received])}
    assert outcomes == {A_REPORT[0].id: "recorded", A_FORWARDED_REPORT[1].id: "recorded"}
    assert not store.aside


def test_a_store_that_stays_away_stops_the_work(store: MemoryCaseStore, office: Office) -> None:
    def away(_: Batch) -> None:
        raise DatabaseUnreachableError

    batch = letters(A_CASE, MemoryCaseStore())
    store.before = away
    with pytest.raises(DatabaseUnreachableError):
        office.handle(batch, [POSITION])
    store.before = lambda _: None
    assert not store.decided
    assert {outcome.status for outcome in office.handle(batch, [POSITION])} == {"recorded"}


# --- somebody else was first ------------------------------------------------------------------------------


@pytest.mark.parametrize("told", STORY[len(A_CASE) :], ids=lambda told: told.type)
def test_on_a_conflict_everything_is_decided_again(store: MemoryCaseStore, told: States) -> None:
    """Two case records on one store: what the other wrote meanwhile is seen before it is decided again."""
    office, other = Office(store), Office(store)
    office.send(*STORY[: STORY.index(told)])
    other.on |= office.on
    between = states("social_work.case_meeting_held", at=at("06T23:00"), by="hotline_111")
    other.send(between)
    (outcome,) = office.send(told)
    assert outcome.status == "recorded"
    assert {first_break(chain) for chain in links(store)} == {None}
    assert between.type in office.types("C-55")


def test_a_conflict_is_not_tried_for_ever(store: MemoryCaseStore, office: Office) -> None:
    def always(_: Batch) -> None:
        raise Conflict

    store.before = always
    with pytest.raises(Conflict):
        office.handle(letters(A_REPORT, MemoryCaseStore()))


def test_a_damaged_case_holds_up_no_other(store: MemoryCaseStore, office: Office) -> None:
    """Its last event was taken away, its link was not: whatever follows collides for ever."""
    office.send(*A_REPORT)
    damaged = office.on["R-101"]

    def collide(batch: Batch) -> None:
        if any(event.stream == damaged for event in batch.events):
            raise Conflict

    store.before = collide
    forwarded = office.letter(A_FORWARDED_REPORT[1])
    other = office.letter(states("police.report_received", "R-102", at=at("06T21:25")))
    outcomes = office.handle([forwarded, other])
    assert [(outcome.status, outcome.dead) for outcome in outcomes] == [("rejected", True), ("recorded", False)]


# --- what is refused, what fails --------------------------------------------------------------------------


def test_a_refusal_is_noted_and_holds_up_nothing(store: MemoryCaseStore, office: Office) -> None:
    office.send(*A_REPORT)
    refused, recorded = office.send(
        states("police.scene_attended", "R-101", at=at("06T21:11"), by=HOTLINE, id="refused"),
        states("social_work.report_forwarded", "R-101", at=at("06T21:18"), to_unit=WORKER),
    )
    assert (refused.status, refused.reason, refused.dead) == ("rejected", "no_authority", False)
    assert recorded.status == "recorded"
    assert store.decided[HOTLINE, "refused"].stream is None


@pytest.mark.parametrize(
    ("door", "raw", "reason"),
    [
        (Agency.POLICE, b"not even JSON", "unreadable"),
        (Agency.POLICE, letters(A_REPORT, MemoryCaseStore())[0].raw, "no_authority"),
    ],
    ids=["unreadable", "foreign"],
)
def test_nothing_is_noted_of_what_is_nobodys(
    store: MemoryCaseStore, office: Office, door: Agency, raw: bytes, reason: str
) -> None:
    (outcome,) = office.handle([Message(door, raw)])
    assert (outcome.agency, outcome.status, outcome.reason, outcome.dead) == (door, "rejected", reason, True)
    assert not store.decided


def test_poison_alone_is_dead_lettered(store: MemoryCaseStore, office: Office) -> None:
    poison = A_CASE[1].id
    store.before = failing_on(poison)
    outcomes = office.handle(letters(A_CASE, MemoryCaseStore()), [POSITION])
    dead = [outcome for outcome in outcomes if outcome.dead]
    assert [(outcome.id, outcome.status, outcome.reason) for outcome in dead] == [(poison, "rejected", "fault")]
    others = {outcome.id: outcome.status for outcome in outcomes if not outcome.dead}
    # The worker was never told of the report: without its name of it, the case waits.
    assert others.pop("opened") == "waiting"
    assert set(others.values()) == {"recorded"}
    assert store.positions([POSITION.topic]) == [POSITION]


def test_a_rule_that_fails_is_a_fault_of_one_message(office: Office) -> None:
    """The last day there is cannot be followed by fifteen others."""
    office.send(*A_CASE)
    broken = sealed(states("police.crime_report_accepted", at=at("07T14:00"), by=POLICE), office.name(POLICE, "C-55"))
    broken = broken.model_copy(update={"time": broken.time.replace(year=9999, month=12, day=31)})
    (outcome,) = office.handle([message(broken)])
    assert (outcome.status, outcome.reason, outcome.dead) == ("rejected", "fault", True)
    (after,) = office.send(states("social_work.needs_assessed", at=at("10T16:00")))
    assert after.status == "recorded"


def test_poison_that_waited_does_not_harm_what_sets_it_free(store: MemoryCaseStore, office: Office) -> None:
    received, forwarded = letters((A_REPORT[0], A_FORWARDED_REPORT[1]), MemoryCaseStore())
    assert [o.status for o in office.handle([forwarded])] == ["waiting"]
    store.before = failing_on(A_FORWARDED_REPORT[1].id)
    outcomes = {outcome.id: outcome for outcome in office.handle([received])}
    assert outcomes[A_REPORT[0].id].status == "recorded"
    assert outcomes[A_FORWARDED_REPORT[1].id].reason == "fault"
    assert not store.aside


def test_a_task_may_be_done_in_the_batch_that_gives_it(store: MemoryCaseStore, office: Office) -> None:
    done = states("health.service_delivered", at=at("30T10:00"), task="@task")
    outcomes = office.handle(letters((*A_TASK_FOR_THE_HOSPITAL, done), MemoryCaseStore()))
    assert {outcome.status for outcome in outcomes} == {"recorded"}
    progressed = [e for events in store.events.values() for e in events if e.type == "case.task_progressed.v1"]
    assert len(progressed) == 1
