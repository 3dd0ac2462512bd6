"""On what ground each recipient of a case is told of each category: a law, or a consent that is in force. Pure.

A ground is of the agreement and of the course of the case, never of its contents: it stands whether or not there is
anything of its category, so that nobody learns from the ground of a disclosure that there was something to disclose.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from events.labels import Category
from events.parties import STANDING_AUDIENCES, Audience
from events.units import audience_of
from projections.case_file import CaseFile
from projections.consents import allowed, standing
from projections.disclosure.agreement import NEVER_YET, Agreement, Clause, Condition, Level
from projections.sharing import Ending, Sharing, end
from projections.sight import Sight, case_open, serves, until_forwarded

# What is known of the case itself; whatever else a clause asks for depends on the event told or on who reads.
_OF_THE_CASE = frozenset({Condition.CASE_OPEN, Condition.UNTIL_FORWARDED, Condition.CONSENT})


@dataclass(frozen=True, slots=True)
class Ground:
    """A clause by which a recipient may be told now, and the consents it rests on; none where the law is the ground.

    `purposes`: for which of the clause's purposes it may be told, those of the consents where it rests on consents.
    """

    clause: Clause
    purposes: frozenset[str]
    consents: tuple[Sharing, ...] = ()


class Whose(StrEnum):
    """Of whose grounds a reader is told."""

    ALL = "all"
    ITS_OWN = "its_own"
    NOBODYS = "nobodys"


@dataclass(frozen=True, slots=True)
class Account:
    """Of whose grounds a reader is told, and the clauses by which that is so."""

    whose: Whose
    clauses: tuple[Clause, ...]


def account_to(sight: Sight) -> Account:
    """Return of whose grounds a reader is told, as row 19 says: who reads the access log of all, or its own, or none.

    Of all only where it is told who takes part, too.
    """
    of_all, taking_part = sight.of_status(Category.ACCESS_LOG), sight.of_status(Category.PARTICIPATION)
    of_its_own = sight.of_status(Category.ACCESS_LOG, Condition.OWN_RECORD)
    if of_all and taking_part and _tells(of_all) and _tells(taking_part):
        return Account(Whose.ALL, (of_all, taking_part))
    if of_its_own and _tells(of_its_own):
        return Account(Whose.ITS_OWN, (of_its_own,))
    return Account(Whose.NOBODYS, (of_its_own,) if of_its_own else ())


def recipients_of(files: Iterable[CaseFile]) -> tuple[Audience, ...]:
    """Return who is told of a case: who takes part in it and who sees every case, less whom it is sealed from."""
    found: set[Audience | None] = set()
    for file in files:
        joined = {*STANDING_AUDIENCES, *map(audience_of, file.units)}
        named = {Audience.AUDITOR, *map(audience_of, file.sealed_to or ())}
        found |= joined if file.sealed_to is None else joined & named
    return tuple(audience for audience in Audience if audience in found)


def grounds(recipient: Audience, files: Sequence[CaseFile], agreement: Agreement, at: datetime) -> tuple[Ground, ...]:
    """Return every ground on which a recipient may be told at a moment, by category and in the agreement's order.

    Shape: `files` after every withdrawal. What cannot decide any more (the case is closed, the consent taken back, an
    earlier clause decides in every event) is left out.
    """
    return tuple(ground for category in Category for ground in _of_category(category, recipient, files, agreement, at))


def withdrawn(sharing: Sharing, endings: Iterable[Ending]) -> dict[Category, datetime]:
    """Return when a consent stopped to allow what was taken back of it: the earliest that anybody accepted it."""
    at_the_doors = sharing.model_copy(update={"ended": ()})
    for ending in sorted(endings, key=lambda ending: ending.at):
        at_the_doors = end(at_the_doors, ending)
    moments = {one.category: one.at for one in sharing.ended}
    for one in at_the_doors.ended:
        moments[one.category] = min(one.at, moments.get(one.category, one.at))
    return moments


def _of_category(
    category: Category, recipient: Audience, files: Sequence[CaseFile], agreement: Agreement, at: datetime
) -> Iterator[Ground]:
    could, must = _held(files, any), _held(files, all)
    sharings = [one for file in files for one in standing(file)]
    before: list[Clause] = []
    for clause in agreement.clauses_for(category, recipient, at.date()):
        ground = _ground(clause, could, sharings, at)
        if ground and not any(_decides_first(earlier, clause, must) for earlier in before):
            before.append(clause)
            if clause.level is not Level.NONE:
                yield ground


def _held(files: Sequence[CaseFile], of: Callable[[Iterable[bool]], bool]) -> frozenset[Condition]:
    """Return which conditions of the case hold for some stream of it, or for all."""
    held = {Condition.CASE_OPEN} if case_open(files) else set()
    return frozenset(held | ({Condition.UNTIL_FORWARDED} if of(map(until_forwarded, files)) else set()))


def _ground(clause: Clause, held: AbstractSet[Condition], sharings: Iterable[Sharing], at: datetime) -> Ground | None:
    """Return the clause as a ground; None when it cannot decide now, whoever reads."""
    asked = clause.conditions & _OF_THE_CASE
    if clause.conditions & NEVER_YET or not asked - {Condition.CONSENT} <= held:
        return None
    if Condition.CONSENT not in asked:
        return Ground(clause, clause.purposes)
    consents = tuple(
        one
        for one in sharings
        if one.audience is clause.audience
        and clause.category in one.categories
        and allowed(one, clause.category, at)
        and any(serves(clause, purpose) for purpose in one.purposes)
    )
    purposes = frozenset(purpose for one in consents for purpose in one.purposes if serves(clause, purpose))
    return Ground(clause, purposes, consents) if consents else None


def _decides_first(earlier: Clause, clause: Clause, held: AbstractSet[Condition]) -> bool:
    """Say whether an earlier clause decides wherever a later one could: it asks for no more and speaks of no less."""
    asks_no_more = earlier.conditions - held <= clause.conditions
    covers = earlier.parts is None or (clause.parts is not None and clause.parts <= earlier.parts)
    return asks_no_more and covers and all(serves(earlier, purpose) for purpose in clause.purposes)


def _tells(clause: Clause) -> bool:
    return clause.level in {Level.FULL, Level.SUMMARY}
