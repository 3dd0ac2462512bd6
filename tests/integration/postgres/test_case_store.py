"""The register writes a batch whole or not at all, and never twice."""

from dataclasses import replace
from datetime import timedelta

import pytest

from infra.embedded.databases import Databases
from infra.postgres.case_store import Batch, CaseStore, Conflict, Position, StoredEvent, WrongClockError
from infra.postgres.roles import CASE_RECORD
from infra.postgres.singleton import AlreadyRunningError
from tests.fixtures.case_batches import (
    MOMENT,
    chained,
    recorded_message,
    reference_to,
    rejected_message,
    stream_of,
    waiting_message,
)

ONE, TWO = stream_of(1), stream_of(2)
POSITION = Position("police.events.v1", 0, 17, "cluster-1")
WHOLE = Batch(
    events=(*chained(ONE, 2), *chained(TWO, 1)),
    inbox=(recorded_message(1), rejected_message(2)),
    references=(reference_to(ONE),),
    waiting=(waiting_message(3),),
    positions=(POSITION,),
)


def contents(store: CaseStore) -> tuple[object, ...]:
    return (
        store.load([ONE, TWO]),
        store.inbox([("hotline_111", f"event-{number}") for number in range(9)]),
        store.references([("hotline_111", "DIA-CHI-0001"), ("ward_police", "DIA-CHI-0001")]),
        store.waiting([("hotline_111", "DIA-CHI-0001")]),
        store.positions(["police.events.v1"]),
    )


def test_a_batch_is_read_back_as_written(store: CaseStore) -> None:
    store.append(WHOLE)
    assert store.load([ONE, TWO, stream_of(3)]) == {
        ONE: list(WHOLE.events[:2]),
        TWO: [WHOLE.events[2]],
        stream_of(3): [],
    }
    assert store.inbox([("hotline_111", "event-1"), ("hotline_111", "event-2"), ("hotline_111", "x")]) == {
        ("hotline_111", "event-1"): WHOLE.inbox[0],
        ("hotline_111", "event-2"): WHOLE.inbox[1],
    }
    assert store.references([("hotline_111", "DIA-CHI-0001"), ("health", "DIA-CHI-0001")]) == {
        ("hotline_111", "DIA-CHI-0001"): WHOLE.references[0]
    }
    assert store.references_of([ONE, TWO]) == [WHOLE.references[0]]
    assert store.waiting([("hotline_111", "DIA-CHI-0001")]) == [WHOLE.waiting[0]]
    assert store.positions(["police.events.v1"]) == [POSITION]


def test_an_empty_question_has_an_empty_answer(store: CaseStore) -> None:
    store.append(Batch())
    assert store.load([]) == {}
    assert store.inbox([]) == {}
    assert store.last_sequences([]) == {}
    assert store.all_waiting_keys() == set()


@pytest.mark.parametrize(
    "clash",
    [
        Batch(events=(WHOLE.events[1],)),
        Batch(inbox=(recorded_message(1, sequence=2),)),
        Batch(references=(reference_to(TWO),)),
    ],
    ids=["version", "inbox", "reference"],
)
@pytest.mark.parametrize("beside", [(), chained(stream_of(5), 1)], ids=["alone", "with an event"])
def test_conflicts_leave_nothing_of_a_batch(store: CaseStore, clash: Batch, beside: tuple[StoredEvent, ...]) -> None:
    store.append(WHOLE)
    before = contents(store)
    batch = replace(
        clash,
        events=(*clash.events, *beside),
        inbox=(*clash.inbox, rejected_message(7)),
        references=(*clash.references, reference_to(TWO, holder="ward_police")),
        waiting=(waiting_message(8),),
        positions=(replace(POSITION, next_offset=99),),
        released=(("hotline_111", "event-3"),),
    )
    with pytest.raises(Conflict):
        store.append(batch)
    assert contents(store) == before
    assert store.load([stream_of(5)]) == {stream_of(5): []}


def test_a_conflict_names_no_value(store: CaseStore) -> None:
    store.append(WHOLE)
    with pytest.raises(Conflict) as caught:
        store.append(Batch(references=(reference_to(TWO),)))
    assert str(caught.value) == "reference_index_pkey"


def test_the_store_is_usable_after_a_conflict(store: CaseStore) -> None:
    store.append(WHOLE)
    with pytest.raises(Conflict):
        store.append(WHOLE)
    more = chained(ONE, 1, after=WHOLE.events[1])
    store.append(Batch(events=more))
    assert store.load([ONE])[ONE] == [*WHOLE.events[:2], *more]


def test_a_refusal_is_recorded_without_events(store: CaseStore) -> None:
    store.append(Batch(inbox=(rejected_message(2),)))
    assert store.inbox([("hotline_111", "event-2")])["hotline_111", "event-2"].reason == "schema_broken"


def test_the_last_sequence_counts_what_was_decided(store: CaseStore) -> None:
    store.append(Batch(inbox=(recorded_message(1, sequence=1), recorded_message(2, sequence=2))))
    asked = [("hotline_111", "DIA-CHI-0001"), ("ward_police", "DIA-CHI-0001")]
    assert store.last_sequences(asked) == {asked[0]: 2, asked[1]: 0}


def test_what_waits_is_kept_once_until_released(store: CaseStore) -> None:
    first, second = waiting_message(2), waiting_message(1, since=MOMENT + timedelta(days=1))
    store.append(Batch(waiting=(first, second)))
    store.append(Batch(waiting=(replace(first, since=MOMENT + timedelta(days=9)),)))  # delivered again
    assert store.waiting([("hotline_111", "DIA-CHI-0001")]) == [second, first]
    assert store.waiting_older_than(MOMENT + timedelta(hours=1)) == [first]
    assert store.all_waiting_keys() == {("hotline_111", "DIA-CHI-0001")}
    store.append(Batch(released=(("hotline_111", "event-2"), ("hotline_111", "event-1"))))
    assert store.all_waiting_keys() == set()


def test_a_position_moves_with_its_batch(store: CaseStore) -> None:
    store.append(Batch(positions=(POSITION,)))
    store.append(Batch(positions=(replace(POSITION, next_offset=3, cluster_id="cluster-2"),)))
    assert store.positions(["police.events.v1", "health.events.v1"]) == [
        replace(POSITION, next_offset=3, cluster_id="cluster-2")
    ]


@pytest.mark.parametrize("simulated", [True, False])
def test_a_store_refuses_the_other_clock(databases: Databases, *, simulated: bool) -> None:
    CaseStore(databases.main(CASE_RECORD), simulated=simulated).close()
    CaseStore(databases.main(CASE_RECORD), simulated=simulated).close()
    with pytest.raises(WrongClockError):
        CaseStore(databases.main(CASE_RECORD), simulated=not simulated)


def test_only_one_case_record_works_on_a_store(store: CaseStore) -> None:
    with store.hold_singleton() as held:
        held.check()
        with pytest.raises(AlreadyRunningError):
            store.hold_singleton(wait_s=0.05)
    store.hold_singleton(wait_s=5).release()
