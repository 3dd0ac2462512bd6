"""Which boxes of an event go to an audience, and what is only told to exist: decided once for each kind of event.

Events of one type have the same boxes, so what was decided for one holds for the next; only the labels of the boxes
count, never their contents.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from events.compartments import SealedCompartment
from events.labels import Category, Form, Person
from events.parties import Agency, Audience
from projections.disclosure.agreement import Agreement, Clause, Condition, Level

_FORM_OF = {Level.FULL: Form.FULL, Level.SUMMARY: Form.SUMMARY}
_REMEMBERED = 20_000  # kinds of events × audiences; some 100 bytes each
_PERSONS = {person.value: person for person in Person}


class BoxLabel(NamedTuple):
    """What is written on a box."""

    category: Category
    part: str
    person: Person
    form: Form
    owner: Agency


class Given(NamedTuple):
    """A box that goes to the audience, by its place among the boxes, and the first clause that could open it."""

    box: int
    level: Level
    rule: str


class Named(NamedTuple):
    """What is told to exist though no box of it goes to the audience."""

    label: BoxLabel
    rule: str


@dataclass(frozen=True, slots=True)
class BoxPlan:
    """What goes and what is named."""

    given: tuple[Given, ...]
    named: tuple[Named, ...]


def person_of(sealed: SealedCompartment) -> Person:
    """Return whom a box speaks of, which its subject says after the `#`.

    Raises:
        ValueError: if the subject names no person.
    """
    person = _PERSONS.get(sealed.subject.rpartition("#")[2])
    if person is None:
        raise ValueError("the subject of a box names no person")
    return person


def labels_on(boxes: Iterable[SealedCompartment]) -> tuple[BoxLabel, ...]:
    """Return what is written on the boxes of an event.

    Raises:
        ValueError: if the subject of a box names no person.
    """
    return tuple(BoxLabel(box.category, box.part, person_of(box), box.form, box.owner) for box in boxes)


def strongest(clauses: Iterable[Clause]) -> Clause:
    """Return the clause that tells most; of equal ones the first."""
    return max(clauses, key=lambda clause: clause.level.rank)


@lru_cache(maxsize=_REMEMBERED)
def plan_boxes(
    agreement: Agreement,
    audience: Audience,
    own: frozenset[Condition],
    on: date,
    labels: tuple[BoxLabel, ...],
    *,
    may_open: bool,
) -> BoxPlan:
    """Return what goes to an audience of boxes with these labels.

    Shape: `may_open` False names all that would go: of an event that only exists, nothing is opened.
    """
    given: list[Given] = []
    named: list[Named] = []
    for (category, part, _), found in _by_place(labels).items():
        clauses = agreement.possible(category, part, audience, own, on)
        going = list(_going(clauses, found, labels)) if may_open else []
        given.extend(going)
        best = strongest(clauses)
        if not going and best.level is not Level.NONE:
            named.append(Named(labels[found[0]], best.id))
    return BoxPlan(tuple(given), tuple(named))


def _going(clauses: Sequence[Clause], found: Iterable[int], labels: tuple[BoxLabel, ...]) -> Iterator[Given]:
    for index in found:
        rule = next((clause for clause in clauses if _FORM_OF.get(clause.level) is labels[index].form), None)
        if rule:
            yield Given(index, rule.level, rule.id)


def _by_place(labels: tuple[BoxLabel, ...]) -> dict[tuple[Category, str, Person], list[int]]:
    """Return the boxes of each category, part and person, in a fixed order, full form first."""
    places: dict[tuple[Category, str, Person], list[int]] = {}
    for index in sorted(range(len(labels)), key=labels.__getitem__):
        places.setdefault(labels[index][:3], []).append(index)
    return places
