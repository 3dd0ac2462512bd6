"""Whatever happens, in whatever batches: views equal their rebuild, and nobody is told more than they may be."""

from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from events.envelope import RecordedContents, RecordedEvent
from events.labels import Category
from events.parties import Audience, Duty
from infra.crypto.data_keys import KeyPlace
from projections.case_file import CaseFile
from projections.disclosure.disclose import Disclosed, disclose
from projections.disclosure.packaged import packaged_agreement
from projections.facts import Choice, choose
from projections.rebuild import rebuild
from projections.routing import Routing
from projections.sight import Reader
from projections.timeline import timeline
from projections.views import VIEWS
from services.keys.entitlement import entitling_clause
from services.projector.folding import fold_stream, route_all
from tests.controls.recorded import stream_of
from tests.property.histories import batches, histories, parties

NOW = datetime(2026, 6, 1, tzinfo=UTC)
AGREEMENT = packaged_agreement()
OUTLIVES_CLOSURE = {Audience.CASE_MANAGER, Audience.AUDITOR}
NOT_OF_THE_CASE = {Category.ACCESS_LOG}  # row 19: closing changes nothing
UNIT_OF = {"police": "commune_police_00340", "hotline": "hotline_111"}

audiences = st.sampled_from(list(VIEWS))
duties = st.sets(st.sampled_from([Duty.CHAIR, Duty.TREATING, Duty.OWN_PUPIL])).map(frozenset)


@settings(max_examples=60, deadline=None)
@given(batches())
def test_any_batching_makes_what_a_rebuild_makes(drawn: tuple[list[RecordedEvent], Any]) -> None:
    events, cut = drawn
    routing: Routing | None = None
    files: dict[Audience, CaseFile] = {}
    entries: dict[Audience, list[str]] = {audience: [] for audience in VIEWS}
    for batch in cut:
        routed = route_all(routing, batch)
        history = events[: batch[-1].sequence]
        changes = fold_stream(routed, files, batch, history, AGREEMENT)
        files |= {row.audience: CaseFile.model_validate_json(row.body) for row in changes.files}
        for row in changes.entries:
            entries[row.audience].append(row.told)
        routing = routed.after
    for audience in VIEWS:
        made = rebuild(audience, events, AGREEMENT)
        assert files.get(audience) == made.file
        assert entries[audience] == [entry.model_dump_json() for entry in made.entries]


@settings(max_examples=40, deadline=None)
@given(histories(longest=6), audiences)
def test_disclosing_what_was_disclosed_changes_nothing(events: list[RecordedEvent], audience: Audience) -> None:
    for event in events:
        told = disclose(event, audience, AGREEMENT)
        if told and told.type:
            again = disclose(narrowed(event, told), audience, AGREEMENT)
            assert again == told.model_copy(update={"exists": again.exists if again else ()})


@settings(max_examples=60, deadline=None)
@given(histories(longest=8), audiences, duties, st.booleans())
def test_no_box_is_chosen_that_the_key_service_would_not_open(
    events: list[RecordedEvent], audience: Audience, on_duty: frozenset[Duty], closed: bool
) -> None:
    choice, _ = read(events, audience, on_duty, closed=closed)
    reader = Reader(audience, on_duty, None)
    for fact in choice.facts:
        if fact.box:
            place = KeyPlace(fact.box.owner, fact.box.subject, fact.box.category, fact.box.part, fact.box.form)
            stated = {condition.value for condition in fact.clause.conditions}
            assert entitling_clause(place, reader, stated, AGREEMENT, NOW.date()) == fact.clause


@settings(max_examples=60, deadline=None)
@given(histories(longest=8), audiences, duties)
def test_after_closure_nothing_of_the_case_is_opened(
    events: list[RecordedEvent], audience: Audience, on_duty: frozenset[Duty]
) -> None:
    choice, _ = read(events, audience, on_duty, closed=True)
    if audience not in OUTLIVES_CLOSURE:
        assert {box.category for _, box in choice.boxes} <= NOT_OF_THE_CASE


@settings(max_examples=60, deadline=None)
@given(histories(longest=8), audiences, duties, st.booleans())
def test_reading_tells_no_more_than_was_routed(
    events: list[RecordedEvent], audience: Audience, on_duty: frozenset[Duty], closed: bool
) -> None:
    choice, entries = read(events, audience, on_duty, closed=closed)
    routed = {(e.version, one.compartment.commitment) for e in entries for one in e.sealed}
    assert {(entry.version, box.commitment) for entry, box in choice.boxes} <= routed


@settings(max_examples=40, deadline=None)
@given(histories(longest=8), audiences, duties, st.booleans())
def test_no_line_of_a_timeline_names_a_case(
    events: list[RecordedEvent], audience: Audience, on_duty: frozenset[Duty], closed: bool
) -> None:
    file, entries = seen(events, audience, closed=closed)
    reader = Reader(audience, on_duty, UNIT_OF.get(audience))
    told = str(timeline([file], entries, reader, AGREEMENT, NOW).lines)
    assert "NAME-" not in told
    assert str(events[0].subject) not in told


def read(
    events: list[RecordedEvent], audience: Audience, on_duty: frozenset[Duty], *, closed: bool
) -> tuple[Choice, tuple[Disclosed, ...]]:
    file, entries = seen(events, audience, closed=closed)
    reader = Reader(audience, on_duty, UNIT_OF.get(audience))
    return choose([file], entries, reader, AGREEMENT, NOW), entries


def seen(events: list[RecordedEvent], audience: Audience, *, closed: bool) -> tuple[CaseFile, tuple[Disclosed, ...]]:
    """Return what an audience holds of a stream that it has joined, the case closed or open in the end."""
    end = "case.case_closed.v1" if closed else "case.case_reopened.v1"
    last = stream_of([("case.case_opened.v1", {})] * len(events) + [parties(audience), (end, {})])[len(events) :]
    made = rebuild(audience, [*events, *last], AGREEMENT)
    assert made.file
    return made.file.model_copy(update={"root": None}), made.entries


def narrowed(event: RecordedEvent, told: Disclosed) -> RecordedEvent:
    """Return the event as if it had held nothing but what was routed."""
    boxes = tuple(one.compartment for one in told.sealed)
    contents = RecordedContents(open=told.open, sealed=boxes, nonce=event.data.nonce)
    return event.model_copy(update={"data": contents})
