"""A view's file and entries of one stream, from nothing: what the projector reaches step by step."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from events.envelope import RecordedEvent
from events.parties import Audience
from projections.case_file import CaseFile
from projections.disclosure.agreement import Routes
from projections.disclosure.disclose import Disclosed, disclose
from projections.routing import Routing, route
from projections.views import VIEWS


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """One stream as an audience knows it; `file` is None when the audience has not joined."""

    file: CaseFile | None
    entries: tuple[Disclosed, ...]


def rebuild(audience: Audience, events: Sequence[RecordedEvent], agreements: Routes) -> Rebuilt:
    """Return what an audience has been told of a stream by its last event.

    An audience that has joined by then is told everything from the first event; another nothing.

    Order: every event of one stream, by version, from 1, without gaps.
    """
    if audience not in joined(events):
        return Rebuilt(None, ())
    told = (disclose(event, audience, agreements.routing(event.recordedtime)) for event in events)
    entries = tuple(one for one in told if one)
    file: CaseFile | None = None
    for one in entries:
        file = VIEWS[audience].fold(file, one)
    return Rebuilt(file, entries)


def joined(events: Iterable[RecordedEvent]) -> frozenset[Audience]:
    """Return the audiences that have joined by the last of these events."""
    routing: Routing | None = None
    for event in events:
        routing = route(routing, event)
    return routing.joined if routing else frozenset()
