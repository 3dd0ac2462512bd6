"""E.4, assertion 15: deliveries out of order and twice do not change what becomes of a case."""

from collections import defaultdict, deque
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.chain import Link, first_break
from services.case_record.domain.case import Case
from services.case_record.domain.report import Report
from services.case_record.domain.streams import Stream
from services.case_record.messages import Message
from services.case_record.translate import Accepted, translate
from tests.controls.office import Office, final_state, letters
from tests.controls.worlds import STORY
from tests.fakes.memory_case_store import MemoryCaseStore

IN_ORDER = letters(STORY, MemoryCaseStore())
# Nobody can name a task before the case record has named it.
OF_A_TASK = [letter for letter in IN_ORDER if b'"task":' in letter.raw]


def told_twice_and_mixed(draw: st.DrawFn) -> list[Message]:
    """Mix what different doors send about different references; some of it comes twice, also much later."""
    queues: defaultdict[tuple[str, str], deque[Message]] = defaultdict(deque)
    for letter in IN_ORDER:
        understood = translate(letter.agency, letter.raw)
        assert isinstance(understood, Accepted)
        queues[understood.heading.source, understood.heading.subject].append(letter)
    mixed: list[Message] = []
    while queues:
        key = draw(st.sampled_from(sorted(queues)))
        mixed.append(queues[key].popleft())
        if not queues[key]:
            del queues[key]
    for again in draw(st.lists(st.sampled_from(IN_ORDER), max_size=8)):
        mixed.insert(draw(st.integers(0, len(mixed))), again)
    return tasks_last(mixed)


def tasks_last(mixed: list[Message]) -> list[Message]:
    return sorted(mixed, key=OF_A_TASK.__contains__)


@st.composite
def deliveries(draw: st.DrawFn) -> list[list[Message]]:
    """Return messages in batches."""
    mixed = told_twice_and_mixed(draw)
    cuts = sorted(draw(st.sets(st.integers(1, len(mixed) - 1), max_size=10)))
    return [mixed[start:end] for start, end in zip([0, *cuts], [*cuts, len(mixed)], strict=True)]


@st.composite
def any_order(draw: st.DrawFn) -> list[list[Message]]:
    """Return messages one at a time in any order at all, as when several doors send again what they sent."""
    return [[one] for one in tasks_last(draw(st.permutations(IN_ORDER)))]


def settled(store: MemoryCaseStore) -> dict[Stream, Report | Case]:
    """Return what became of every stream, without the order in which that was learnt."""
    streams = {Stream(row.kind, row.stream) for row in store.names.values()}
    return {stream: _unordered(state) for stream, state in final_state(store, streams).items()}


def _unordered(state: Report | Case) -> Report | Case:
    heard = state.proceedings
    done = {rule: tuple(sorted(moments)) for rule, moments in heard.done.items()}
    state = replace(state, proceedings=replace(heard, done=done))
    return replace(state, reports=tuple(sorted(state.reports))) if isinstance(state, Case) else state


@pytest.fixture(scope="module")
def expected() -> dict[Stream, Report | Case]:
    store = MemoryCaseStore()
    Office(store).handle(IN_ORDER)
    return settled(store)


@settings(max_examples=40, deadline=None)
@given(deliveries())
def test_mixed_and_repeated_deliveries_end_the_same(
    expected: dict[Stream, Report | Case], batches: list[list[Message]]
) -> None:
    assert_ends_the_same(expected, batches)


@settings(max_examples=40, deadline=None)
@given(any_order())
def test_any_order_ends_the_same(expected: dict[Stream, Report | Case], batches: list[list[Message]]) -> None:
    assert_ends_the_same(expected, batches)


def assert_ends_the_same(expected: dict[Stream, Report | Case], batches: list[list[Message]]) -> None:
    store = MemoryCaseStore()
    office = Office(store)
    for batch in batches:
        office.handle(batch)
    assert not store.aside
    assert len(store.decided) == len(STORY)
    assert {row.status for row in store.decided.values()} == {"recorded"}
    assert settled(store) == expected
    for stored in store.events.values():
        assert first_break([Link(one.stream, one.version, one.recorded, one.digest) for one in stored]) is None
