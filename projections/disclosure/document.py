"""An agreement's document, `agreement.toml` or a later version of it, read and found whole, or refused."""

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from events.labels import Category
from events.parties import Audience
from projections.disclosure.agreement import Agreement, Clause, Condition, Level

_CLAUSE_KEYS = frozenset(
    {
        "id",
        "level",
        "when",
        "parts",
        "values",
        "purposes",
        "basis",
        "verified",
        "valid_from",
        "valid_to",
        "retroactive",
    }
)


class BadAgreementError(ValueError):
    """The agreement is not whole; the text names the cell."""


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
        retroactive=told.get("retroactive", False),
    )
