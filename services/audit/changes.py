"""What would appear to each reader of a case, and what would disappear, under another agreement. Pure.

A reader is somebody of a unit with a duty and a purpose. Whether the case is there for it, sealed or not, is decided by
the same policies as at its own desk, and what it is answered is made by the same functions, with the names of fields in
the place of their values: nothing is opened, so nothing is told of what they hold.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from pydantic import JsonValue

from events.compartments import SealedCompartment
from events.event import labels_of
from events.labels import Form
from events.parties import STANDING_AUDIENCES, Audience, Duty
from events.registry import event_class
from events.units import Unit, unit, units
from infra.web.requester import Requester
from projections.answers import case_answer
from projections.case_file import CaseFile
from projections.disclosure.agreements import Agreements
from projections.disclosure.box_plan import person_of
from projections.disclosure.disclose import Disclosed
from projections.facts import choose, present
from projections.sight import DUTY_CONDITIONS, Reader
from projections.timeline import timeline
from projections.views import VIEWS
from services.audit.replay import Replayed, Streams, after_withdrawals, replay
from services.reading.answering import Loaded
from services.reading.rules import Asking, at_desk, on_case

_SOMEBODY = "somebody"  # policies ask for a person's unit and duties, never for its name
_OF_THE_CASE = ("investigation_stage", "deadlines", "tasks", "flags", "matches")
_BESIDE_VALUES = ("owner", "from", "occurred_at")
_BESIDE_CODES = ("unit", "type")


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
    unit: str
    duty: Duty | None
    purpose: str
    appears: "Counter[Place]"
    disappears: "Counter[Place]"


def changes(case: Loaded, streams: Streams, now: Agreements, then: Agreements, at: datetime) -> Iterator[Change]:
    """Yield what changes for each reader for whom anything does, when `then` takes the place of `now`."""
    for audience in VIEWS:
        told = (replay(case.file.stream, streams, audience, agreements) for agreements in (now, then))
        before, after = (after_withdrawals(one, case.endings, at) for one in told)
        for reader in _readers(audience, now, then):
            seen, to_be_seen = answered(before, reader, now, at), answered(after, reader, then, at)
            if seen != to_be_seen:
                who = (audience, str(reader.unit), next(iter(reader.duties), None), str(reader.purpose))
                yield Change(*who, to_be_seen - seen, seen - to_be_seen)


def _readers(audience: Audience, *histories: Agreements) -> Iterator[Reader]:
    """Yield whoever could be answered otherwise: each unit without and with each duty that a clause asks for."""
    clauses = [clause for history in histories for clause in history.newest.clauses if clause.audience is audience]
    asked = {condition for clause in clauses for condition in clause.conditions}
    duties = [frozenset[Duty](), *(frozenset({duty}) for duty in DUTY_CONDITIONS if DUTY_CONDITIONS[duty] in asked)]
    purposes = sorted({purpose for clause in clauses for purpose in clause.purposes})
    for one in (found.id for found in units().values() if found.audience is audience):
        yield from (Reader(audience, held, one, purpose) for held in duties for purpose in purposes)


def answered(replayed: Replayed, reader: Reader, agreements: Agreements, at: datetime) -> "Counter[Place]":
    """Return every place of what a reader is answered of a case, each as often as it stands there."""
    given = _given(replayed, reader, agreements, at)
    if given.file is None:
        return Counter()
    agreement = agreements.newest
    choice = choose(given.files, given.entries, reader, agreement, at)
    facts = present(choice, [_names_in(entry, box) for entry, box in choice.boxes])
    lines = timeline(given.files, given.entries, reader, agreement, at).lines
    case = case_answer(given.file, given.files, reader, agreement, at)
    return Counter([*places_of_case(case), *places_of_facts(facts), *places_of_timeline(lines)])


def _given(replayed: Replayed, reader: Reader, agreements: Agreements, at: datetime) -> Replayed:
    """Return what a reader is given of a case: the files that are there for it; none where it has no name for it."""
    asking = _asking(reader, unit(str(reader.unit)), agreements, at)
    files = tuple(file for file in replayed.files if on_case(asking, file).allowed)
    file = next((one for one in files if replayed.file and one.stream == replayed.file.stream), None)
    if file is None or not at_desk(asking).allowed or not _named(file, asking):
        return replace(replayed, file=None, files=(), entries=())
    read = {one.stream for one in files}
    return replace(
        replayed, file=file, files=files, entries=tuple(entry for entry in replayed.entries if entry.stream in read)
    )


def _named(file: CaseFile, asking: Asking) -> bool:
    """Say whether the asking unit, or one that it took over from, has a name for the case."""
    return asking.audience in STANDING_AUDIENCES or bool(file.references.keys() & asking.competence.units)


def _asking(reader: Reader, of: Unit, agreements: Agreements, at: datetime) -> Asking:
    requester = Requester(_SOMEBODY, of.agency, of.id, "reader", reader.audience, reader.duties)
    purposes = agreements.newest.purposes(reader.audience)
    return Asking(requester, reader.audience, purposes, str(reader.purpose), "read", at)


def places_of_case(case: Mapping[str, JsonValue]) -> Iterator[Place]:
    """Yield what stands in the answer about a case itself, as far as the agreement decides on it."""
    for name in _OF_THE_CASE:
        told = case[name]
        for _ in told if isinstance(told, list) else [told] if told is not None else ():
            yield Place("case", None, None, None, None, name)


def places_of_facts(facts: list[dict[str, JsonValue]]) -> Iterator[Place]:
    """Yield each field of each fact; of one that only exists, and of which nothing is named, the fact itself."""
    for fact in facts:
        place = (str(fact["category"]), str(fact["part"]), str(fact["person"]), str(fact["level"]))
        values = fact.get("values")
        named = [name for name in _BESIDE_VALUES if fact.get(name) is not None]
        for field in [*named, *(values if isinstance(values, dict) else ())] or [None]:
            yield Place("facts", *place, field)


def places_of_timeline(lines: tuple[dict[str, JsonValue], ...]) -> Iterator[Place]:
    """Yield each field of each line; of a line of which nothing is named itself."""
    for line in lines:
        codes = line["open"]
        named = [name for name in _BESIDE_CODES if line[name] is not None]
        for field in [*named, *(codes if isinstance(codes, dict) else ())] or [None]:
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
