"""What a case file answers: which boxes to open for a reader, and the facts that come of them.

`choose` decides before anything is opened, so that no box is opened that would not be shown; `present` puts together
what was opened. A box that stayed shut, because its key was destroyed or never handed out, is told as existing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pydantic import JsonValue

from events import summaries
from events.compartments import Compartment, SealedCompartment
from events.labels import OPEN_CATEGORIES, ROW, Category, Form, Person
from events.parties import Audience
from events.registry import event_class
from events.upcasts import upcast
from projections.case_file import CaseFile
from projections.disclosure.agreement import STATUS, Agreement, Clause, Level
from projections.disclosure.box_plan import person_of
from projections.disclosure.disclose import Disclosed
from projections.glass import told_once
from projections.open_codes import shown_codes
from projections.sight import Reader, Sight

Place = tuple[Category, str, Person]
Facts = list[dict[str, JsonValue]]

# Who is shown what was corrected, beside the correction.
_SEES_CORRECTED = frozenset({Audience.AUDITOR})


@dataclass(frozen=True, slots=True)
class Named:
    """Who is named beside a fact: the unit that said it, the agency that holds it."""

    unit: str | None
    owner: str | None


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing the reader is told; `box` is what must be opened for it, None when nothing is."""

    entry: Disclosed
    place: Place
    level: Level
    clause: Clause
    corrected: bool
    named: Named
    box: SealedCompartment | None = None

    @property
    def status_codes(self) -> Mapping[str, JsonValue] | None:
        """The open codes that a fact about an event shows; None when it only exists or lies in a box."""
        return shown_codes(self.entry) if self.place[1] == STATUS and self.level is not Level.EXISTS else None


@dataclass(frozen=True, slots=True)
class Choice:
    """Everything the reader is told of some streams, decided, nothing opened yet."""

    facts: tuple[Fact, ...]

    @property
    def boxes(self) -> tuple[tuple[Disclosed, SealedCompartment], ...]:
        """The boxes to open, each with its event; `present` wants their values in this order."""
        return tuple((fact.entry, fact.box) for fact in self.facts if fact.box)

    @property
    def rules(self) -> frozenset[str]:
        """The ids of the clauses applied."""
        return frozenset(fact.clause.id for fact in self.facts)

    @property
    def categories(self) -> frozenset[Category]:
        """The categories of which something is told."""
        return frozenset(fact.place[0] for fact in self.facts)


def choose(
    files: Sequence[CaseFile], entries: Sequence[Disclosed], reader: Reader, agreement: Agreement, at: datetime
) -> Choice:
    """Return what a reader is told, by the agreement in force at that moment.

    Shape: `files` and `entries` as the reader's own view holds them; the case's own file must be among `files`.
    """
    facts = decide(files, entries, reader, agreement, at)
    sees_corrected = reader.audience in _SEES_CORRECTED
    return Choice(tuple(fact for fact in facts if sees_corrected or not fact.corrected))


def decide(
    files: Sequence[CaseFile], entries: Sequence[Disclosed], reader: Reader, agreement: Agreement, at: datetime
) -> tuple[Fact, ...]:
    """Return every fact that the agreement gives a reader, also those that a correction has replaced since."""
    sight = Sight(reader, agreement, files, at)
    replaced = _replaced(files, entries)
    voided = {(file.stream, statement) for file in files for statement in file.voided}
    told = ((entry, _of_entry(entry, sight, replaced)) for entry in told_once(entries, files))
    return tuple(
        replace(fact, corrected=True) if (entry.stream, entry.event_id) in voided else fact
        for entry, facts in told
        for fact in facts
    )


def present(choice: Choice, opened: Sequence[Mapping[str, JsonValue] | None]) -> Facts:
    """Return the facts as they are answered, by row of section D and time.

    Shape: `opened` holds the values of `choice.boxes`, in their order, None where a box stayed shut. What is told to
    exist is told once for each place, owner and unit, without a time: it says nothing of how often or when.
    """
    values = iter(opened)
    told = [_told(fact, as_shown(fact, next(values)) if fact.box else fact.status_codes) for fact in choice.facts]
    order = sorted(range(len(told)), key=lambda i: (ROW[choice.facts[i].place[0]], choice.facts[i].entry.recorded_at))
    answered: Facts = []
    for fact in (told[i] for i in order):
        if fact["level"] != Level.EXISTS or fact not in answered:
            answered.append(fact)
    return answered


def as_shown(fact: Fact, values: Mapping[str, JsonValue] | None) -> Mapping[str, JsonValue] | None:
    """Return what lay in a box as the newest version of its event's type has it, a summary under its own names."""
    if values is None or fact.box is None or fact.entry.type is None:
        return values
    category, part, person = fact.place
    compartment = Compartment(category, part, person, fact.box.form, values)
    newest = upcast(fact.entry.type, fact.entry.open, (compartment,))
    raised = newest.compartments[0].values
    return summaries.as_shown(event_class(newest.type), raised) if fact.box.form is Form.SUMMARY else raised


def _of_entry(entry: Disclosed, sight: Sight, replaced: Mapping[tuple[str, str], frozenset[Place]]) -> Iterator[Fact]:
    about = sight.about(entry)
    if about is None:
        return
    if entry.about not in OPEN_CATEGORIES:
        owner = entry.owner.value if entry.owner else entry.source_unit
        level = about.level if sight.tells(entry, about) else Level.EXISTS
        named = _named(entry, owner, level, sight)
        yield Fact(entry, (entry.about, STATUS, Person.CHILD), level, about, corrected=False, named=named)
    gone = replaced.get((entry.source_unit, entry.event_id), frozenset())
    for place, (owner, boxes) in _places(entry).items():
        clause = sight.of(entry, place[0], place[1])
        if clause and clause.level is not Level.NONE:
            box = _box(clause, boxes) if sight.tells(entry, about) else None
            level = _LEVEL_OF[box.form] if box else Level.EXISTS
            yield Fact(entry, place, level, clause, place in gone, _named(entry, owner, level, sight), box)


def _named(entry: Disclosed, owner: str, level: Level, sight: Sight) -> Named:
    """Return who may be named: of a unit that takes part unknown to the reader, at most who holds what exists."""
    if sight.names(entry.source_unit):
        return Named(entry.source_unit, owner)
    return Named(None, owner if level is Level.EXISTS and sight.case_is_open else None)


_LEVEL_OF = {Form.FULL: Level.FULL, Form.SUMMARY: Level.SUMMARY}


def _box(clause: Clause, boxes: Mapping[Form, SealedCompartment]) -> SealedCompartment | None:
    """Return the box that the clause gives, as far as it was routed; a full clause is content with a summary."""
    if clause.level is Level.FULL:
        return boxes.get(Form.FULL) or boxes.get(Form.SUMMARY)
    return boxes.get(Form.SUMMARY) if clause.level is Level.SUMMARY else None


def _places(entry: Disclosed) -> dict[Place, tuple[str, dict[Form, SealedCompartment]]]:
    """Return what an entry holds or names: place -> owner and the boxes routed."""
    places: dict[Place, tuple[str, dict[Form, SealedCompartment]]] = {}
    for routed in entry.sealed:
        box = routed.compartment
        held = places.setdefault((box.category, box.part, person_of(box)), (box.owner.value, {}))
        held[1][box.form] = box
    for existing in entry.exists:
        places[existing.category, existing.part, existing.person] = (existing.owner.value, {})
    return places


def _replaced(files: Iterable[CaseFile], entries: Sequence[Disclosed]) -> dict[tuple[str, str], frozenset[Place]]:
    """Return the places that a later statement of the same unit carries anew: (unit, event id) -> places."""
    by_id: dict[str, list[Disclosed]] = {}
    for entry in entries:
        by_id.setdefault(entry.event_id, []).append(entry)
    replaced: dict[tuple[str, str], frozenset[Place]] = {}
    for pair in (pair for file in files for pair in file.corrected):
        for correction in by_id.get(pair.correction, []):
            key = (correction.source_unit, pair.statement)
            replaced[key] = replaced.get(key, frozenset()) | _places(correction).keys()
    return replaced


def _told(fact: Fact, values: Mapping[str, JsonValue] | None) -> dict[str, JsonValue]:
    category, part, person = fact.place
    answered: dict[str, JsonValue] = {
        "category": category.value,
        "row": ROW[category],
        "part": part,
        "person": person.value,
        "level": Level.EXISTS.value,
        "rule": fact.clause.id,
        "owner": fact.named.owner,
        "from": fact.named.unit,
        "corrected": fact.corrected,
    }
    shown = _shown(values, fact.clause)
    if shown is not None:
        answered |= {"level": fact.level.value, "occurred_at": fact.entry.occurred_at.isoformat(), "values": shown}
    return answered


def _shown(values: Mapping[str, JsonValue] | None, clause: Clause) -> dict[str, JsonValue] | None:
    """Return the values that the clause names; None when there are none."""
    if values is None or clause.values is None:
        return None if values is None else dict(values)
    return {name: value for name, value in values.items() if name in clause.values} or None
