"""The sharing agreement: what each audience may see of each category, under which conditions, on what basis.

Shape: `agreement.toml`, one table per category and audience, an ordered list of clauses in each. The first
clause whose conditions hold decides; the last one of every cell has no condition, so something always holds.
Source: section D of the domain research, cell by cell; the cell's own words stand beside its clauses.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol, get_args

from events.consents import Consentable
from events.labels import OPEN_CATEGORIES, Category, Form
from events.parties import Audience


class Level(StrEnum):
    """How much is told: everything, what is coded, that there is such a record and who holds it, nothing."""

    FULL = "full"
    SUMMARY = "summary"
    EXISTS = "exists"
    NONE = "none"

    @property
    def rank(self) -> int:
        """Return 3 for full down to 0 for none."""
        return _RANKS[self]


_RANKS = {Level.NONE: 0, Level.EXISTS: 1, Level.SUMMARY: 2, Level.FULL: 3}


class Condition(StrEnum):
    """The closed list of what a clause may ask for."""

    OWN_RECORD = "own_record"  # a unit of this audience asserted it
    OWN_TASK = "own_task"  # it names this audience, or a unit of it, as the one who must act
    CHAIR = "chair"
    TREATING = "treating"
    OWN_PUPIL = "own_pupil"
    UNTIL_FORWARDED = "until_forwarded"  # the report was neither forwarded nor linked to a case
    ON_REQUEST = "on_request"  # a lawful request was granted; no request can be recorded yet, so it never holds
    CASE_OPEN = "case_open"
    CONSENT = "consent"  # child and representative let this audience be told, for the purpose of the reader


# The part of a category that lies in no box: the open codes of an event that is about the category.
STATUS = "status"

# What an event itself tells; everything else is known only when somebody reads.
OF_THE_EVENT = frozenset({Condition.OWN_RECORD, Condition.OWN_TASK})
# What cannot hold yet: nothing is routed and no key handed out for it.
NEVER_YET = frozenset({Condition.ON_REQUEST})


@dataclass(frozen=True, slots=True)
class Clause:
    """One line of the agreement; `id` is quoted wherever it was applied.

    `parts` None speaks of every part, `values` None shows every value of the form it gives. `retroactive`: what it
    gives is also given of what was recorded before its version was adopted.
    """

    id: str
    category: Category
    audience: Audience
    level: Level
    conditions: frozenset[Condition]
    parts: frozenset[str] | None
    values: frozenset[str] | None
    purposes: frozenset[str]
    basis: str
    verified: bool
    valid_from: date | None = None
    valid_to: date | None = None
    retroactive: bool = False

    def __post_init__(self) -> None:
        """Refuse a consent to what child and representative cannot share.

        Raises:
            ValueError: naming the category.
        """
        if Condition.CONSENT in self.conditions and self.category not in get_args(Consentable):
            raise ValueError(f"no consent opens {self.category}")

    def in_force(self, on: date) -> bool:
        """Say whether the clause is in force on a day."""
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on <= self.valid_to)

    def covers(self, part: str) -> bool:
        """Say whether the clause speaks of a part."""
        return self.parts is None or part in self.parts


@dataclass(frozen=True, slots=True)
class Release:
    """A form of a category that an audience may ever open; `own_only`: only of what it asserted itself."""

    category: Category
    form: Form
    own_only: bool


class Routes(Protocol):
    """Whatever says by which agreement an event is routed: a history of versions, or one that stands alone."""

    def routing(self, recorded_at: datetime) -> "Agreement":
        """Return the agreement by which an event is routed that was recorded at a moment."""
        ...


class Agreement:
    """All clauses of one version, by category and audience, in order.

    `reaching` are clauses of later versions that route what was recorded under this one, whatever their days: when
    somebody reads they decide nothing.
    """

    def __init__(self, version: str, clauses: Iterable[Clause], reaching: Iterable[Clause] = ()) -> None:
        self.version = version
        self._reaching = tuple(dict.fromkeys(reaching))
        self._cells: dict[tuple[Category, Audience], tuple[Clause, ...]] = {}
        for clause in clauses:
            key = (clause.category, clause.audience)
            self._cells[key] = (*self._cells.get(key, ()), clause)
        self._changes = sorted(_changes(self.clauses))
        self._possible: dict[tuple[Category, str, Audience, frozenset[Condition], date], tuple[Clause, ...]] = {}

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """Every clause, cell by cell."""
        return tuple(clause for cell in self._cells.values() for clause in cell)

    def routing(self, _recorded_at: datetime) -> "Agreement":
        """Return this agreement, which by itself routes whatever was recorded."""
        return self

    def reaching_back(self, clauses: Sequence[Clause]) -> "Agreement":
        """Return this version as it routes once these clauses of later versions reach back to its days."""
        return Agreement(self.version, self.clauses, clauses) if clauses else self

    def since(self, on: date) -> date:
        """Return the day on which the clauses in force on a day came into force, all of them at the latest."""
        known = bisect_right(self._changes, on)
        return self._changes[known - 1] if known else date.min

    def clauses_for(self, category: Category, audience: Audience, on: date) -> tuple[Clause, ...]:
        """Return the clauses of a cell that are in force on a day; the first whose conditions hold wins."""
        return tuple(clause for clause in self._cells.get((category, audience), ()) if clause.in_force(on))

    def decide(
        self, category: Category, part: str, audience: Audience, on: date, holds: Callable[[Clause], bool]
    ) -> Clause | None:
        """Return the clause that decides, every condition being known; None when none holds, which tells nothing."""
        for clause in self.clauses_for(category, audience, on):
            if clause.covers(part) and holds(clause):
                return clause
        return None

    def possible(
        self, category: Category, part: str, audience: Audience, own: frozenset[Condition], on: date
    ) -> tuple[Clause, ...]:
        """Return the clauses that could decide when somebody reads, in order.

        What is known only at read counts as possible, but for what cannot hold yet; `own` are the conditions that the
        event itself meets.
        """
        key = (category, part, audience, own, self.since(on))
        if key not in self._possible:
            later = (c for c in self._reaching if (c.category, c.audience) == (category, audience))
            self._possible[key] = (
                *_down_to_the_certain(self.clauses_for(category, audience, on), part, own),
                *(clause for clause in later if _could_decide(clause, part, own)),
            )
        return self._possible[key]

    def releases(self, audience: Audience) -> frozenset[Release]:
        """Return the forms whose keys an audience is handed: what some clause gives and nothing beyond.

        What cannot hold yet hands out nothing.
        """
        owned: dict[tuple[Category, Form], bool] = {}
        for clause in self.clauses:
            if clause.audience is audience and clause.category not in OPEN_CATEGORIES:
                for form in _forms(clause):
                    key = (clause.category, form)
                    owned[key] = owned.get(key, True) and Condition.OWN_RECORD in clause.conditions
        return frozenset(Release(category, form, own_only) for (category, form), own_only in owned.items())

    def purposes(self, audience: Audience) -> frozenset[str]:
        """Return the purposes for which an audience may read anything at all."""
        return frozenset(purpose for c in self.clauses if c.audience is audience for purpose in c.purposes)


def _down_to_the_certain(clauses: Iterable[Clause], part: str, own: frozenset[Condition]) -> Iterator[Clause]:
    """Yield what could decide on a part, down to the first clause that leaves nothing to be known at read."""
    for clause in clauses:
        if _could_decide(clause, part, own):
            yield clause
            if clause.conditions <= OF_THE_EVENT:
                return


def _could_decide(clause: Clause, part: str, own: frozenset[Condition]) -> bool:
    return clause.covers(part) and clause.conditions & OF_THE_EVENT <= own and not clause.conditions & NEVER_YET


def _forms(clause: Clause) -> tuple[Form, ...]:
    if clause.conditions & NEVER_YET or clause.parts == frozenset({STATUS}):
        return ()
    return {Level.FULL: (Form.FULL,), Level.SUMMARY: (Form.SUMMARY,)}.get(clause.level, ())


def _changes(clauses: Iterable[Clause]) -> set[date]:
    """Return the days on which another set of clauses comes into force."""
    found = set()
    for clause in clauses:
        if clause.valid_from:
            found.add(clause.valid_from)
        if clause.valid_to:
            found.add(clause.valid_to + timedelta(days=1))
    return found
