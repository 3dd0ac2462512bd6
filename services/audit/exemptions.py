"""What may not be told to the child's representative, or the child, of who looked: as data, each with its ground. Pure.

Shape: `exemptions.toml`. Source: peer research section 3, item 10; no ground in it was read in the law itself.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from events.labels import Category
from events.parties import Audience
from events.units import units
from infra.postgres.access_log import FoundEntry


@dataclass(frozen=True, slots=True)
class Exemption:
    """Hides the looks of some audiences and kinds of office, and those at which some categories were shown."""

    id: str
    basis: str
    verified: bool
    audiences: frozenset[Audience]
    categories: frozenset[Category]
    agency_types: frozenset[str]

    def hides(self, found: FoundEntry) -> bool:
        """Say whether an entry is kept back."""
        return (
            found.audience in self.audiences
            or units()[found.entry.unit].agency_type in self.agency_types
            or bool(self.categories.intersection(found.entry.categories))
        )


def exemption_of(found: FoundEntry) -> Exemption | None:
    """Return the exemption by which an entry is kept back, None of one that is told."""
    return next((one for one in exemptions() if one.hides(found)), None)


@cache
def exemptions() -> tuple[Exemption, ...]:
    """Return every exemption, in the order in which they are tried."""
    return tuple(
        Exemption(
            row["id"],
            row["basis"],
            row["verified"],
            frozenset(map(Audience, row.get("audiences", ()))),
            frozenset(map(Category, row.get("categories", ()))),
            frozenset(row.get("agency_types", ())),
        )
        for row in _told()["exemptions"]
    )


def is_carer(relationship: str) -> bool:
    """Say whether somebody of this relationship lives with the child or has charge of it."""
    return relationship in _told()["recipients"]["carers"]


@cache
def _told() -> dict[str, Any]:
    return tomllib.loads(files("services.audit").joinpath("exemptions.toml").read_text(encoding="utf-8"))
