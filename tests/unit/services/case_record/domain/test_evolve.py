"""Whatever happened, in whatever order: the state can always be told."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from events.registry import EVENT_CLASSES
from services.case_record.domain import case, report
from services.case_record.domain.case import Case
from services.case_record.domain.report import Report
from services.case_record.domain.streams import CASE_RECORD, Decided, Happened, Stream
from tests.controls.examples import example_event, example_unit

START = datetime(2026, 4, 6, tzinfo=UTC)
TYPES = sorted(EVENT_CLASSES)


@st.composite
def happenings(draw: st.DrawFn) -> list[Happened]:
    types = draw(st.lists(st.sampled_from(TYPES), max_size=30))
    moments = draw(st.lists(st.integers(0, 10**6), min_size=len(types), max_size=len(types)))
    return [
        Happened(
            CASE_RECORD if type_.startswith("case.") else example_unit(type_),
            f"event-{place}",
            START + timedelta(seconds=moment),
            example_event(type_),
        )
        for place, (type_, moment) in enumerate(zip(types, moments, strict=True))
    ]


@given(happenings())
def test_evolve_is_total_over_any_order_of_events(events: list[Happened]) -> None:
    of_case, of_report = Case(Stream("case", UUID(int=1))), Report(Stream("report", UUID(int=2)))
    for happened in events:
        of_case, of_report = case.evolve(of_case, happened), report.evolve(of_report, happened)
    statements = {(one.source, one.id) for one in events if not isinstance(one.event, Decided)}
    assert of_case.proceedings == of_report.proceedings
    assert of_case.proceedings.statements == statements


@given(happenings())
def test_evolve_changes_nothing_that_was(events: list[Happened]) -> None:
    before = Case(Stream("case", UUID(int=1)))
    for happened in events:
        told = repr(before)
        after = case.evolve(before, happened)
        assert repr(before) == told
        before = after


def test_everything_the_case_record_decides_is_known_to_the_rules() -> None:
    ours = {found for type_, found in EVENT_CLASSES.items() if type_.startswith(("case.", "privacy.glass_"))}
    assert ours == set(Decided.__args__)
