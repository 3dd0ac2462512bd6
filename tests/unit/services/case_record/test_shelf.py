from collections.abc import Collection
from uuid import UUID

from infra.postgres.case_batch import Key, StoredEvent
from services.case_record.domain.case import Case
from services.case_record.domain.streams import Stream
from services.case_record.shelf import Heads, Shelf
from tests.controls.office import Office
from tests.controls.worlds import A_CASE
from tests.fakes.memory_case_store import MemoryCaseStore


class Counting(MemoryCaseStore):
    """Counts how often streams are asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[set[UUID]] = []

    def load(self, streams: Collection[UUID]) -> dict[UUID, list[StoredEvent]]:
        self.asked.append(set(streams))
        return super().load(streams)


def a_case(store: MemoryCaseStore) -> tuple[Stream, Stream]:
    office = Office(store)
    office.send(*A_CASE)
    return Stream("report", office.on["R-101"]), Stream("case", office.on["C-55"])


def test_a_key_is_asked_for_once() -> None:
    asked: list[list[Key]] = []

    def ask(keys: Collection[Key]) -> dict[Key, int]:
        asked.append(list(keys))
        return {("a", "1"): 7}

    shelf = Shelf(ask)
    shelf.fetch([("a", "1"), ("b", "2"), ("a", "1")])
    assert (shelf.get(("a", "1")), shelf.get(("b", "2"))) == (7, None)
    shelf.put(("b", "2"), 8)
    assert shelf.get(("b", "2")) == 8
    assert asked == [[("a", "1"), ("b", "2")]]


def test_a_stream_is_read_with_what_is_linked_to_it() -> None:
    store = Counting()
    report, case = a_case(store)
    store.asked.clear()
    heads = Heads(store, kept=10)
    heads.fetch([report])
    assert store.asked == [{report.id}, {case.id}]
    assert isinstance(heads.get(case).state, Case)
    assert len(store.asked) == 2


def test_the_longest_unused_goes_and_is_read_again() -> None:
    store = Counting()
    report, case = a_case(store)
    heads = Heads(store, kept=1)
    heads.fetch([report])
    heads.get(report)
    heads.keep({})
    store.asked.clear()
    assert heads.get(case).version == len(store.events[case.id])
    assert store.asked[0] == {case.id}


def test_what_is_forgotten_is_read_again() -> None:
    store = Counting()
    report, _ = a_case(store)
    heads = Heads(store, kept=10)
    heads.get(report)
    heads.forget()
    store.asked.clear()
    heads.get(report)
    assert store.asked


def test_a_stream_without_events_is_at_its_beginning() -> None:
    head = Heads(MemoryCaseStore(), kept=10).get(Stream("case", UUID(int=1)))
    assert (head.version, head.recorded_at) == (0, None)
