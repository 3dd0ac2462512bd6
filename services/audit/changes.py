"""What would appear to each reader of a case, and what would disappear, under another agreement. Pure.

A reader is an audience with a duty and a purpose. What it is answered is made by the same functions as its own route's
answers, with the names of fields in the place of their values: nothing is opened, so nothing is told of what they hold.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from pydantic import JsonValue

from events.compartments import SealedCompartment
from events.event import labels_of
from events.labels import Form
from events.parties import Audience, Duty
from events.registry import event_class
from projections.answers import case_answer
from projections.disclosure.agreements import Agreements
from projections.disclosure.box_plan import person_of
from projections.disclosure.disclose import Disclosed
from projections.facts import choose, present
from projections.sight import DUTY_CONDITIONS, Reader
from projections.timeline import timeline
from projections.views import VIEWS
from services.audit.replay import Replayed, Streams, after_withdrawals, replay
from services.reading.answering import Loaded

_OF_THE_CASE = ("investigation_stage", "deadlines", "tasks", "flags")


class Place(NamedTuple):
    """A place of an answer: in the case itself, its facts or its timeline; the last is the name of a field or code."""

    where: str
    category: str | None
    part: str | None
    person: str | None
    level: str | None
    field: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """What one reader would see more and less, each place as often as it would."""

    audience: Audience
    duty: Duty | None
    purpose: str
    appears: "Counter[Place]"
    disappears: "Counter[Place]"


def changes(case: Loaded, streams: Streams, now: Agreements, then: Agreements, at: datetime) -> Iterator[Change]:
    """Yield what changes for each reader for whom anything does, when `then` takes the place of `now`."""
    for audience in VIEWS:
        told = (replay(case.file.stream, streams, audience, agreements) for agreements in (now, then))
        before, after = (after_withdrawals(one, case.endings, at) for one in told)
        purposes = now.newest.purposes(audience) | then.newest.purposes(audience)
        for duty in _duties(audience, now, then):
            for purpose in sorted(purposes):
                reader = Reader(audience, frozenset({duty} if duty else ()), None, purpose)
                seen, to_be_seen = answered(before, reader, now, at), answered(after, reader, then, at)
                if seen != to_be_seen:
                    yield Change(audience, duty, purpose, to_be_seen - seen, seen - to_be_seen)


def _duties(audience: Audience, *histories: Agreements) -> list[Duty | None]:
    """Return no duty, and each that a clause of the audience asks for."""
    clauses = (clause for history in histories for clause in history.newest.clauses if clause.audience is audience)
    asked = {condition for clause in clauses for condition in clause.conditions}
    return [None, *(duty for duty, condition in DUTY_CONDITIONS.items() if condition in asked)]


def answered(replayed: Replayed, reader: Reader, agreements: Agreements, at: datetime) -> "Counter[Place]":
    """Return every place of what a reader is answered of a case, each as often as it stands there."""
    agreement = agreements.newest
    if replayed.file is None or reader.purpose not in agreement.purposes(reader.audience):
        return Counter()
    choice = choose(replayed.files, replayed.entries, reader, agreement, at)
    facts = present(choice, [_names_in(entry, box) for entry, box in choice.boxes])
    lines = timeline(replayed.files, replayed.entries, reader, agreement, at).lines
    case = case_answer(replayed.file, replayed.files, reader, agreement, at)
    return Counter([*places_of_case(case), *places_of_facts(facts), *places_of_timeline(lines)])


def places_of_case(case: Mapping[str, JsonValue]) -> Iterator[Place]:
    """Yield what stands in the answer about a case itself, as far as the agreement decides on it."""
    for name in _OF_THE_CASE:
        told = case[name]
        for _ in told if isinstance(told, list) else [told] if told is not None else ():
            yield Place("case", None, None, None, None, name)


def places_of_facts(facts: list[dict[str, JsonValue]]) -> Iterator[Place]:
    """Yield each field of each fact; of a fact without values itself."""
    for fact in facts:
        place = (str(fact["category"]), str(fact["part"]), str(fact["person"]), str(fact["level"]))
        values = fact.get("values")
        for field in values if isinstance(values, dict) and values else [None]:
            yield Place("facts", *place, field)


def places_of_timeline(lines: tuple[dict[str, JsonValue], ...]) -> Iterator[Place]:
    """Yield each open code of each line; of a line without codes itself."""
    for line in lines:
        codes = line["open"]
        for field in codes if isinstance(codes, dict) and codes else [None]:
            yield Place("timeline", str(line["about"]), None, None, str(line["level"]), field)


def _names_in(entry: Disclosed, box: SealedCompartment) -> dict[str, JsonValue]:
    """Return the fields that lie in a box, by the type of its event, without what they hold."""
    place = (box.category, box.part, person_of(box))
    labels = labels_of(event_class(entry.type or "")).items()
    return {
        name: None
        for name, label in labels
        if (label.category, label.part, label.person) == place and (box.form is Form.FULL or label.summary)
    }
