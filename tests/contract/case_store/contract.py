"""What the register promises, wherever it lies: a batch whole or not at all, never twice, in one order."""

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta
from typing import Protocol
from uuid import UUID

import pytest

from infra.postgres.case_batch import Batch, Position, ReferenceRow, StoredEvent
from infra.postgres.event_feed import FeedItem
from infra.postgres.faults import Conflict
from services.case_record.ports import CaseStore
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


class KeptStore(CaseStore, Protocol):
    """A store that also tells every name of a stream."""

    def references_of(self, streams: Collection[UUID]) -> list[ReferenceRow]: ...


class KeptFeed(Protocol):
    """How followers read the register."""

    async def after(self, position: int, limit: int) -> list[FeedItem]: ...

    async def high_water(self) -> int: ...

    async def stream(self, stream_id: UUID, from_version: int = 1) -> list[StoredEvent]: ...


def contents(store: KeptStore) -> tuple[object, ...]:
    return (
        store.load([ONE, TWO]),
        store.inbox([("hotline_111", f"event-{number}") for number in range(9)]),
        store.references([("hotline_111", "DIA-CHI-0001"), ("ward_police", "DIA-CHI-0001")]),
        store.waiting([("hotline_111", "DIA-CHI-0001")]),
        store.positions(["police.events.v1"]),
    )


class CaseStoreContract:
    """Inherited by one test class a store, which gives the fixtures `store` and `feed` of the same register."""

    def test_a_batch_is_read_back_as_written(self, store: KeptStore) -> None:
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

    def test_an_empty_question_has_an_empty_answer(self, store: KeptStore) -> None:
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
    def test_conflicts_leave_nothing_of_a_batch(
        self, store: KeptStore, clash: Batch, beside: tuple[StoredEvent, ...]
    ) -> None:
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

    def test_the_store_is_usable_after_a_conflict(self, store: KeptStore) -> None:
        store.append(WHOLE)
        with pytest.raises(Conflict):
            store.append(WHOLE)
        more = chained(ONE, 1, after=WHOLE.events[1])
        store.append(Batch(events=more))
        assert store.load([ONE])[ONE] == [*WHOLE.events[:2], *more]

    def test_a_refusal_is_recorded_without_events(self, store: KeptStore) -> None:
        store.append(Batch(inbox=(rejected_message(2),)))
        assert store.inbox([("hotline_111", "event-2")])["hotline_111", "event-2"].reason == "schema_broken"

    def test_the_last_sequence_counts_what_was_decided(self, store: KeptStore) -> None:
        store.append(Batch(inbox=(recorded_message(1, sequence=1), recorded_message(2, sequence=2))))
        asked = [("hotline_111", "DIA-CHI-0001"), ("ward_police", "DIA-CHI-0001")]
        assert store.last_sequences(asked) == {asked[0]: 2, asked[1]: 0}

    def test_what_waits_is_kept_once_until_released(self, store: KeptStore) -> None:
        first, second = waiting_message(2), waiting_message(1, since=MOMENT + timedelta(days=1))
        store.append(Batch(waiting=(first, second)))
        store.append(Batch(waiting=(replace(first, since=MOMENT + timedelta(days=9)),)))  # delivered again
        assert store.waiting([("hotline_111", "DIA-CHI-0001")]) == [second, first]
        assert store.waiting_older_than(MOMENT + timedelta(hours=1)) == [first]
        assert store.all_waiting_keys() == {("hotline_111", "DIA-CHI-0001")}
        store.append(Batch(released=(("hotline_111", "event-2"), ("hotline_111", "event-1"))))
        assert store.all_waiting_keys() == set()

    def test_a_position_moves_with_its_batch(self, store: KeptStore) -> None:
        store.append(Batch(positions=(POSITION,)))
        store.append(Batch(positions=(replace(POSITION, next_offset=3, cluster_id="cluster-2"),)))
        assert store.positions(["police.events.v1", "health.events.v1"]) == [
            replace(POSITION, next_offset=3, cluster_id="cluster-2")
        ]

    def test_a_later_batch_takes_up_what_an_earlier_one_left(self, store: KeptStore) -> None:
        store.append(WHOLE)
        store.append(Batch(waiting=(waiting_message(3, since=MOMENT + timedelta(days=1)),)))
        assert store.waiting([("hotline_111", "DIA-CHI-0001")]) == [WHOLE.waiting[0]]

    def test_what_is_released_and_waits_anew_waits_for_the_new_reason(self, store: KeptStore) -> None:
        store.append(WHOLE)
        anew = replace(waiting_message(3), reference="DIA-CHI-0002", reason="earlier_missing")
        store.append(Batch(released=(("hotline_111", "event-3"),), waiting=(anew,)))
        assert store.all_waiting_keys() == {("hotline_111", "DIA-CHI-0002")}

    def test_what_was_refused_also_counts_as_decided(self, store: KeptStore) -> None:
        store.append(Batch(inbox=(recorded_message(1, sequence=1), rejected_message(2))))
        asked = ("hotline_111", "DIA-CHI-0001")
        assert store.last_sequences([asked]) == {asked: 2}

    def test_an_answer_is_the_askers_own(self, store: KeptStore) -> None:
        store.append(WHOLE)
        store.load([ONE])[ONE].clear()
        store.inbox([("hotline_111", "event-1")]).clear()
        assert store.load([ONE])[ONE] == list(WHOLE.events[:2])

    async def test_an_empty_register_has_no_events(self, feed: KeptFeed) -> None:
        assert await feed.after(0, 10) == []
        assert await feed.high_water() == 0
        assert await feed.stream(ONE) == []

    async def test_events_come_in_the_order_of_their_positions(self, feed: KeptFeed, store: KeptStore) -> None:
        first, second = chained(ONE, 3), chained(TWO, 2)
        store.append(Batch(events=first))
        store.append(Batch(events=second))
        items = await feed.after(0, 100)
        assert [item.event for item in items] == [*first, *second]
        assert await feed.high_water() == items[-1].position
        assert await feed.after(items[1].position, 2) == items[2:4]
        assert await feed.stream(ONE, from_version=2) == list(first[1:])

    async def test_a_refused_batch_is_seen_by_nobody(self, feed: KeptFeed, store: KeptStore) -> None:
        store.append(WHOLE)
        before = await feed.high_water()
        with pytest.raises(Conflict):
            store.append(Batch(events=(*chained(stream_of(5), 1), WHOLE.events[1])))
        assert await feed.after(before, 10) == []
        assert await feed.stream(stream_of(5)) == []
