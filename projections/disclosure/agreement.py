"""The sharing agreement: what each audience may see of each category, under which conditions, on what basis.

Shape: `agreement.toml`, one table per category and audience, an ordered list of clauses in each. The first
clause whose conditions hold decides; the last one of every cell has no condition, so something always holds.
Source: section D of the domain research, cell by cell; the cell's own words stand beside its clauses.
"""

import tomllib
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

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


# The part of a category that lies in no box: the open codes of an event that is about the category.
STATUS = "status"

_CLAUSE_KEYS = {"id", "level", "when", "parts", "values", "purposes", "basis", "verified", "valid_from", "valid_to"}

# What an event itself tells; everything else is known only when somebody reads.
OF_THE_EVENT = frozenset({Condition.OWN_RECORD, Condition.OWN_TASK})
# What cannot hold yet: nothing is routed and no key handed out for it.
NEVER_YET = frozenset({Condition.ON_REQUEST})


@dataclass(frozen=True, slots=True)
class Clause:
    """One line of the agreement; `id` is quoted wherever it was applied.

    `parts` None speaks of every part, `values` None shows every value of the form it gives.
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


class BadAgreementError(ValueError):
    """The agreement is not whole; the text names the cell."""


class Agreement:
    """All clauses in force, by category and audience, in order."""

    def __init__(self, version: str, clauses: Iterable[Clause]) -> None:
        self.version = version
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
            self._possible[key] = tuple(self._could_decide(category, part, audience, own, on))
        return self._possible[key]

    def _could_decide(
        self, category: Category, part: str, audience: Audience, own: frozenset[Condition], on: date
    ) -> Iterable[Clause]:
        for clause in self.clauses_for(category, audience, on):
            if clause.covers(part) and clause.conditions & OF_THE_EVENT <= own and not clause.conditions & NEVER_YET:
                yield clause
                if clause.conditions <= OF_THE_EVENT:
                    return

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


def parse(text: str) -> Agreement:
    """Read an agreement and check that it is whole.

    Raises:
        BadAgreementError: naming the cell that is missing, unreadable or without a last unconditional clause.
    """
    try:
        data = tomllib.loads(text)
        version = str(data.pop("version"))
        purposes = {Audience(name): frozenset(codes) for name, codes in data.pop("purposes").items()}
    except (tomllib.TOMLDecodeError, KeyError, ValueError) as problem:
        raise BadAgreementError(f"version, purposes or TOML: {problem}") from None
    if unknown := data.keys() - set(Category):
        raise BadAgreementError(f"unknown categories: {sorted(unknown)}")
    clauses = [clause for category in Category for clause in _row(category, data, purposes)]
    ids = Counter(clause.id for clause in clauses)
    if twice := [id_ for id_, count in ids.items() if count > 1]:
        raise BadAgreementError(f"ids used twice: {twice}")
    return Agreement(version, clauses)


def _row(category: Category, data: Mapping[str, Any], purposes: Mapping[Audience, frozenset[str]]) -> Iterator[Clause]:
    """Yield the clauses of one category, audience by audience.

    Raises:
        BadAgreementError: if a cell is missing, unreadable or not whole.
    """
    for audience in Audience:
        try:
            row = data[category]
            made = [_clause(one, category, audience, row, purposes[audience]) for one in row[audience]["clauses"]]
        except (KeyError, ValueError, TypeError) as problem:
            raise BadAgreementError(f"{category}.{audience}: {problem}") from None
        if not made or made[-1].conditions or made[-1].parts is not None or made[-1].valid_from or made[-1].valid_to:
            raise BadAgreementError(f"{category}.{audience}: the last clause must hold always")
        yield from made


def _clause(
    told: Mapping[str, Any], category: Category, audience: Audience, row: Mapping[str, Any], purposes: frozenset[str]
) -> Clause:
    """Read one clause; what it does not say itself, its row says.

    Raises:
        KeyError: if it lacks id or level.
        ValueError: if it says what no clause can say.
    """
    if unknown := told.keys() - _CLAUSE_KEYS:
        raise ValueError(f"a clause cannot say {sorted(unknown)}")
    return Clause(
        id=told["id"],
        category=category,
        audience=audience,
        level=Level(told["level"]),
        conditions=frozenset(Condition(name) for name in told.get("when", ())),
        parts=frozenset(told["parts"]) if "parts" in told else None,
        values=frozenset(told["values"]) if "values" in told else None,
        purposes=frozenset(told["purposes"]) if "purposes" in told else purposes,
        basis=told.get("basis", row["basis"]),
        verified=told.get("verified", row["verified"]),
        valid_from=told.get("valid_from"),
        valid_to=told.get("valid_to"),
    )


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
