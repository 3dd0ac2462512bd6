"""Who has joined a stream, and what of it is told them from then on: all of it."""

import pytest

from events.parties import Audience
from projections.disclosure.packaged import packaged_agreement
from projections.rebuild import joined as joined_by
from projections.rebuild import rebuild
from projections.routing import GapError, Routing, newly_joined, route
from tests.controls.recorded import CASE, joined, recorded, stream_of

EVENTS = stream_of(
    [
        ("case.case_opened.v1", {}),
        joined("police", "commune_police_00340", "A"),
        ("case.stage_entered.v1", {}),
        joined("health", "hospital_h1", "B"),
    ]
)


def test_routing_follows_the_stream() -> None:
    routing: Routing | None = None
    for event in EVENTS:
        routing = route(routing, event)
    assert routing == Routing(stream=CASE, version=4, kind="case", joined=frozenset({Audience.POLICE, Audience.HEALTH}))
    assert Routing.model_validate_json(routing.model_dump_json()) == routing


@pytest.mark.parametrize("version", [1, 3])
def test_a_gap_is_refused(version: int) -> None:
    with pytest.raises(GapError):
        route(route(None, EVENTS[0]), recorded("case.case_closed.v1", version))


def test_the_first_event_is_version_1() -> None:
    with pytest.raises(GapError):
        route(None, EVENTS[1])


def test_who_joined_is_told_apart_from_who_was_there() -> None:
    before = route(route(None, EVENTS[0]), EVENTS[1])
    after = route(route(before, EVENTS[2]), EVENTS[3])
    assert newly_joined(None, before) == {Audience.POLICE}
    assert newly_joined(before, after) == {Audience.HEALTH}


def test_who_has_not_joined_is_told_nothing() -> None:
    rebuilt = rebuild(Audience.HEALTH, EVENTS[:3], packaged_agreement())
    assert (rebuilt.file, rebuilt.entries) == (None, ())
    assert rebuild(Audience.EDUCATION, EVENTS, packaged_agreement()).entries == ()


def test_who_has_joined_is_told_everything_from_the_first_event() -> None:
    rebuilt = rebuild(Audience.HEALTH, EVENTS, packaged_agreement())
    assert [entry.version for entry in rebuilt.entries] == [1, 3, 4]  # who else takes part is not told
    assert rebuilt.file
    assert rebuilt.file.stage == "initial_assessment"


def test_nobody_has_joined_an_empty_stream() -> None:
    assert joined_by([]) == frozenset()
