"""Random histories of one stream: any events, said by any unit, parties joining anywhere."""

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from events.envelope import RecordedEvent
from events.parties import Audience
from events.registry import EVENT_CLASSES, event_class
from events.units import units
from projections.views import VIEWS
from tests.controls.recorded import stream_of

Move = tuple[str, dict[str, Any]]

_UNITS = sorted(units())


@st.composite
def moves(draw: st.DrawFn) -> Move:
    """Draw one event; whom it names and who says it may be anybody."""
    type_ = draw(st.sampled_from(list(EVENT_CLASSES)))
    fields = event_class(type_).model_fields
    data: dict[str, Any] = {}
    if "unit" in fields:
        data["unit"] = draw(st.sampled_from(_UNITS))
    if "audience" in fields:
        data["audience"] = draw(st.sampled_from([audience.value for audience in VIEWS]))
    changes: dict[str, Any] = {"data": data}
    if event_class(type_).BY:
        changes["source"] = draw(st.sampled_from(_UNITS))
    return type_, changes


def parties(audience: Audience) -> Move:
    """Return the move by which an audience joins."""
    data = {"audience": audience.value, "unit": None, "reference": f"NAME-{audience}", "because": "standing"}
    return "case.party_joined.v1", {"data": data}


def histories(*, longest: int = 12) -> st.SearchStrategy[list[RecordedEvent]]:
    """Draw the events of one stream, joinings among them often enough to matter."""
    one = moves() | st.sampled_from(list(VIEWS)).map(parties)
    return st.lists(one, min_size=1, max_size=longest).map(stream_of)


@st.composite
def batches(draw: st.DrawFn) -> tuple[list[RecordedEvent], list[Sequence[RecordedEvent]]]:
    """Draw a history and any way to cut it into batches."""
    events = draw(histories())
    cuts = sorted(draw(st.sets(st.integers(1, len(events)))) | {len(events)})
    starts = [0, *cuts[:-1]]
    return events, [events[start:end] for start, end in zip(starts, cuts, strict=True)]
