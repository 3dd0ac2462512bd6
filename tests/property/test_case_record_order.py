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
from tests.controls.statements import at, states
from tests.controls.worlds import (
    A_CASE,
    A_SECOND_REPORT,
    COMMITTEE,
    HOSPITAL,
    INVESTIGATORS,
    MERGED,
    POLICE,
    SCHOOL,
)
from tests.fakes.memory_case_store import MemoryCaseStore

STORY = (
    *A_CASE,
    *A_SECOND_REPORT,
    states("social_work.initial_risk_assessed", at=at("06T22:20"), emergency=True),
    states("social_work.agency_invited", at=at("06T22:25"), unit=HOSPITAL),
    states("health.medical_exam_completed", at=at("06T23:05")),
    states("social_work.temporary_separation_ordered", at=at("06T23:30"), by=COMMITTEE),
    MERGED,
    states("social_work.agency_invited", at=at("07T08:20"), unit=SCHOOL),
    states("police.crime_report_transferred", at=at("07T09:30"), by=POLICE, to_unit=INVESTIGATORS),
    states("police.crime_report_accepted", at=at("07T14:00")),
    states("police.interview_held", at=at("08T10:00")),
    states("social_work.needs_assessed", at=at("10T16:00")),
    states("social_work.plan_drafted", at=at("15T15:00")),
    states("social_work.plan_approved", at=at("16T10:00"), by=COMMITTEE),
    states("social_work.plan_task_assigned", at=at("16T11:00"), unit=HOSPITAL),
    states("health.service_accepted", at=at("17T10:00"), task="@task"),
    states("health.service_delivered", at=at("20T10:00"), task="@task"),
    states("social_work.temporary_separation_lifted", at=at("21T10:00"), by=COMMITTEE),
    states("police.crime_report_resolved", at=at("25T10:00"), outcome="inv:not_initiated"),
    states("social_work.case_reviewed", at=at("28T10:00")),
    states("social_work.case_closed", at=at("30T10:00"), by=COMMITTEE),
)
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
