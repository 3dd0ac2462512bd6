"""What a reader was shown of a case and what was withheld from it, place by place, each with its rule. Pure.

The values beside it are those that the auditor's own clauses open, whatever the reader was shown.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from pydantic import JsonValue

from events.envelope import RecordedEvent
from events.event import Event
from events.labels import OPEN_CATEGORIES, ROW, Category, Person
from events.parties import Audience
from events.registry import event_class
from events.upcasts import upcast
from projections.disclosure.agreement import STATUS, Agreement, Clause, Level
from projections.disclosure.box_plan import person_of
from projections.disclosure.disclose import agency_of
from projections.facts import Fact, decide
from projections.sight import Reader, Sight
from services.audit.replay import Replayed, Streams

WITHHELD = "withheld"
Values = Mapping[str, JsonValue]


class Spot(NamedTuple):
    """One place of one recorded event."""

    stream: UUID
    version: int
    category: Category
    part: str
    person: Person


def spot_of(fact: Fact) -> Spot:
    """Return where a fact stands in the history."""
    return Spot(fact.entry.stream, fact.entry.version, *fact.place)


def exposure(
    replayed: Replayed,
    streams: Streams,
    reader: Reader,
    agreement: Agreement,
    at: datetime,
    *,
    opened: Mapping[Spot, Values],
) -> list[dict[str, JsonValue]]:
    """Return every place of the events read, in the order of recording: full, summary, exists or withheld.

    Shape: `opened` holds what the auditor may see, by place. What a correction replaced is withheld from all but the
           auditor.
    """
    told = {spot_of(fact): fact for fact in decide(replayed.files, replayed.entries, reader, agreement, at)}
    sight = Sight(reader, agreement, replayed.files, at)
    events = [event for stream in replayed.read for event in streams[stream]]
    return [
        _line(event, spot, told.get(spot), _rule(event, spot, sight), reader.audience) | _beside(opened.get(spot))
        for event in sorted(events, key=lambda event: (event.recordedtime, event.subject, event.sequence))
        for spot in _spots(event)
    ]


def _line(
    event: RecordedEvent, spot: Spot, fact: Fact | None, rule: str | None, audience: Audience
) -> dict[str, JsonValue]:
    corrected = fact is not None and fact.corrected
    level = fact.level.value if fact and not (corrected and audience is not Audience.AUDITOR) else WITHHELD
    return {
        "category": spot.category.value,
        "row": ROW[spot.category],
        "part": spot.part,
        "person": spot.person.value,
        "level": level,
        "rule": fact.clause.id if fact else rule,
        "owner": agency_of(event.source) or event.source,
        "from": event.source,
        "occurred_at": event.time.isoformat(),
        "recorded_at": event.recordedtime.isoformat(),
        "corrected": corrected,
    }


def _beside(values: Values | None) -> dict[str, JsonValue]:
    return {} if values is None else {"values": dict(values)}


def _rule(event: RecordedEvent, spot: Spot, sight: Sight) -> str | None:
    """Return the clause that withholds a place: the event's own, else the place's."""

    def deciding(category: Category, part: str) -> Clause | None:
        return sight.of_event(event.subject, event.source, event.data.open, (category, part))

    about = deciding(_class_of(event).ABOUT, STATUS)
    told = about is not None and about.level is not Level.NONE
    clause = deciding(spot.category, spot.part) if told else about
    return clause.id if clause else None


def _spots(event: RecordedEvent) -> Iterator[Spot]:
    """Yield each place of an event once: that it happened, where a category governs that, and what it seals."""
    about = _class_of(event).ABOUT
    if about not in OPEN_CATEGORIES:
        yield Spot(event.subject, event.sequence, about, STATUS, Person.CHILD)
    for place in dict.fromkeys((box.category, box.part, person_of(box)) for box in event.data.sealed):
        yield Spot(event.subject, event.sequence, *place)


def _class_of(event: RecordedEvent) -> type[Event]:
    return event_class(upcast(event.type, event.data.open, ()).type)
