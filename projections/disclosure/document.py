"""An agreement's document, `agreement.toml` or a later version of it, read and found whole, or refused.

Every fault is told at once, each with the cell it stands in and with what to do.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, get_args

from events.codes import code_list
from events.consents import Consentable
from events.event import labels_of
from events.labels import Category
from events.parties import Audience
from events.registry import EVENT_CLASSES
from events.texts import VERSION_NAME
from projections.disclosure.agreement import STATUS, Agreement, Clause, Condition, Level
from projections.disclosure.checks import Flaw, cell_faults, place_of

_ROW_KEYS = frozenset({"row", "vi", "en", "basis", "verified", "retention"})
_RETENTION_KEYS = frozenset({"months", "ground", "verified"})
_CLAUSE_KEYS = frozenset(
    ["id", "level", "when", "parts", "values", "purposes", "basis", "verified", "valid_from", "valid_to", "retroactive"]
)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")  # of a clause
_VERSION = re.compile(VERSION_NAME)


class BadAgreementError(ValueError):
    """The document is not a whole agreement; each fault names its cell."""

    def __init__(self, faults: Sequence[Flaw]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Document:
    """A version and the one that it follows; the first one follows none."""

    agreement: Agreement
    follows: str | None


class _WrongError(ValueError):
    """What is wrong with a clause or a row, and what to do."""

    def __init__(self, what: str, mend: str) -> None:
        super().__init__(what)
        self.what, self.mend = what, mend


def parse(text: str) -> Agreement:
    """Read an agreement and check that it is whole.

    Raises:
        BadAgreementError: naming every cell that is missing, unreadable, contradicts itself or leaves a gap.
    """
    return read_document(text).agreement


def read_document(text: str) -> Document:
    """Read an agreement with the name of the version that it follows.

    Raises:
        BadAgreementError: naming every cell that is missing, unreadable, contradicts itself or leaves a gap.
    """
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as problem:  # also a number too long, or lists too deep, to be read
        raise BadAgreementError([Flaw("the file", f"it is not TOML ({problem})", "Mend that line")]) from None
    faults = [*_head_faults(data)]
    if faults:
        raise BadAgreementError(faults)
    purposes = {Audience(name): frozenset(codes) for name, codes in data["purposes"].items()}
    clauses: list[Clause] = []
    for category in Category:
        for audience in Audience:
            cell, wrong = _cell(data[category], category, audience, purposes[audience])
            clauses += cell
            faults += wrong or cell_faults(cell, purposes[audience])
    faults += _twice(clauses)
    if faults:
        raise BadAgreementError(faults)
    return Document(Agreement(data["version"], clauses), data.get("follows"))


def _head_faults(data: Mapping[str, Any]) -> Iterator[Flaw]:
    for name in ("version", "follows"):
        value = data.get(name)
        if (value is not None or name == "version") and not (isinstance(value, str) and _VERSION.fullmatch(value)):
            mend = 'Write at most 32 letters, digits, points and dashes, as in "2026.2"'
            yield Flaw(name, "it is no name of a version", mend)
    purposes = data.get("purposes")
    if not isinstance(purposes, dict):
        yield Flaw("purposes", "it is missing", "Write, for each audience, the purposes for which it may read")
        purposes = {}
    for audience in Audience:
        yield from _purpose_faults(f"purposes.{audience}", purposes.get(audience.value))
    for name in purposes.keys() - set(Audience):
        yield Flaw(f"purposes.{name}", "there is no such audience", f"Name one of {_listed([*Audience])}")
    for name in data.keys() - {"version", "follows", "purposes", *Category}:
        yield Flaw(name, "there is no such category", f"Name one of {_listed([*Category])}")
    for category in Category:
        yield from _row_faults(category, data.get(category))


def _purpose_faults(where: str, told: Any) -> Iterator[Flaw]:
    known = code_list("purpose")
    if not isinstance(told, list) or not told:
        yield Flaw(where, "no purpose is named", f"Name some of {_listed(known)}")
    elif unknown := [one for one in told if not isinstance(one, str) or one not in known]:
        yield Flaw(where, f"there is no purpose {_listed(unknown)}", f"Name some of {_listed(known)}")


def _row_faults(category: Category, row: Any) -> Iterator[Flaw]:
    if not isinstance(row, dict):
        for audience in Audience:
            yield Flaw(f"{category}.{audience}", "the cell is missing", "Write the category, a cell for each audience")
        return
    for name in row.keys() - _ROW_KEYS - set(Audience):
        yield Flaw(f"{category}.{name}", "there is no such audience", f"Name one of {_listed([*Audience])}")
    for name in ("vi", "en", "basis"):
        if not (isinstance(row.get(name), str) and row[name].strip()):
            yield Flaw(category, f"{name} is missing", f"Write {name} as a text")
    if not isinstance(row.get("verified"), bool):
        yield Flaw(category, "verified is missing", "Write true if the basis was read in the law itself, else false")
    kept = row.get("retention")
    if not isinstance(kept, dict) or kept.keys() - _RETENTION_KEYS or not _retention_is_whole(kept):
        yield Flaw(category, "retention is missing or not whole", "Write its ground and verified, and months if known")


def _retention_is_whole(kept: Mapping[str, Any]) -> bool:
    ground, months = kept.get("ground"), kept.get("months", 1)
    whole_months = isinstance(months, int) and not isinstance(months, bool) and months > 0
    return isinstance(ground, str) and bool(ground.strip()) and isinstance(kept.get("verified"), bool) and whole_months


def _cell(
    row: Mapping[str, Any], category: Category, audience: Audience, purposes: frozenset[str]
) -> tuple[list[Clause], list[Flaw]]:
    """Return the clauses of a cell, and what is wrong with those that could not be read."""
    where = f"{category}.{audience}"
    told = row[audience].get("clauses") if isinstance(row.get(audience), dict) else None
    if not isinstance(told, list) or not told:
        return [], [Flaw(where, "the cell is missing", "Write its clauses, `none` if nothing is to be told")]
    cell: list[Clause] = []
    faults: list[Flaw] = []
    for number, one in enumerate(told, start=1):
        try:
            cell.append(_clause(one, category, audience, row, purposes))
        except _WrongError as wrong:
            name = one.get("id") if isinstance(one, dict) else None
            place = name if isinstance(name, str) and name else f"clause {number}"
            faults.append(Flaw(f"{where} {place}", wrong.what, wrong.mend))
    return cell, faults


def _clause(
    told: Any, category: Category, audience: Audience, row: Mapping[str, Any], purposes: frozenset[str]
) -> Clause:
    """Read one clause; what it does not say itself, its row says.

    Raises:
        _WrongError: if it says what no clause can say.
    """
    if not isinstance(told, dict) or not (isinstance(told.get("id"), str) and _NAME.fullmatch(told["id"])):
        raise _WrongError("a clause needs an id", "Write a name of its own, as in D06-police")
    _one_of(told.keys(), _CLAUSE_KEYS, "word")
    _one_of([told.get("level")], [*Level], "level")
    parts = _listed_names(told, "parts", parts_of(category).keys() | {STATUS})
    values = _listed_names(told, "values", _shown_names(category))
    when = _listed_names(told, "when", [*Condition])
    if Condition.CONSENT in (when or ()) and category not in get_args(Consentable):
        raise _WrongError("no consent opens this category", f"Ask for consent only in {_listed(get_args(Consentable))}")
    own_purposes = _listed_names(told, "purposes", code_list("purpose"))
    clause = Clause(
        id=told["id"],
        category=category,
        audience=audience,
        level=Level(told["level"]),
        conditions=frozenset(map(Condition, when or ())),
        parts=parts,
        values=values,
        purposes=purposes if own_purposes is None else own_purposes,
        basis=_typed(told, "basis", str, row["basis"]),
        verified=_typed(told, "verified", bool, row["verified"]),
        valid_from=_day(told, "valid_from"),
        valid_to=_day(told, "valid_to"),
        retroactive=_typed(told, "retroactive", bool, False),
    )
    if clause.valid_from and clause.valid_to and clause.valid_to < clause.valid_from:
        raise _WrongError("valid_to lies before valid_from", "Exchange the two days")
    return clause


def _listed_names(told: Mapping[str, Any], name: str, known: Collection[str]) -> frozenset[str] | None:
    """Return a list of names that a clause says, None where it says none.

    Raises:
        _WrongError: if it is empty or names what there is not.
    """
    if name not in told:
        return None
    found = told[name]
    if not isinstance(found, list) or (not found and name != "when"):
        raise _WrongError(f"{name} is no list of names", f"Name some of {_listed(known)}, or leave it out")
    _one_of(found, known, name)
    return frozenset(found)


def _one_of(found: Collection[Any], known: Collection[str], what: str) -> None:
    """Check that names are known.

    Raises:
        _WrongError: if one is not.
    """
    if unknown := [one for one in found if not isinstance(one, str) or one not in known]:
        raise _WrongError(f"{what}: {_listed(unknown)} is not known", f"Write {_listed(known)}")


def _typed(told: Mapping[str, Any], name: str, kind: type, otherwise: Any) -> Any:
    value = told.get(name, otherwise)
    if not isinstance(value, kind) or not str(value).strip():
        told_as = "a text" if kind is str else "true or false"
        raise _WrongError(f"{name} is not as it should be", f"Write {name} as {told_as}")
    return value


def _day(told: Mapping[str, Any], name: str) -> date | None:
    value = told.get(name)
    if value is not None and (not isinstance(value, date) or isinstance(value, datetime)):
        raise _WrongError(f"{name} is no day", "Write a day without quotes, as in 2026-07-01")
    return value


def _twice(clauses: Sequence[Clause]) -> Iterator[Flaw]:
    counted = Counter(clause.id for clause in clauses)
    for clause in clauses:
        if counted[clause.id] > 1:
            yield Flaw(place_of(clause), "another clause has this id", "Give each clause an id of its own")


@cache
def parts_of(category: Category) -> Mapping[str, frozenset[str]]:
    """Return the parts that some event type seals of a category, each with the names of its fields."""
    parts: dict[str, set[str]] = {}
    for event_class in EVENT_CLASSES.values():
        for name, label in labels_of(event_class).items():
            if label.category is category:
                parts.setdefault(label.part, set()).update({name, label.summary_name or name})
    return {part: frozenset(names) for part, names in parts.items()}


def _shown_names(category: Category) -> frozenset[str]:
    return frozenset(name for names in parts_of(category).values() for name in names)


def _listed(names: Iterable[Any]) -> str:
    """Return names as they are told to a person; what is no text may be too long or too deep to be written out."""
    return ", ".join(sorted(name if isinstance(name, str) else "(no name)" for name in names)) or "nothing"
