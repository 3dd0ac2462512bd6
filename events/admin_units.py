"""Administrative units by their days, and which took over from which: names, codes and borders change.

Shape: `events/code_lists/admin_units.toml`. The packaged list is a sample (section C.15 of the domain research).
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

_WHOLE = 1.0


@dataclass(frozen=True, slots=True)
class AdminUnit:
    """A province, a former district or a commune, as it was between two days, both included.

    `code`: of the national catalogue, None where it was not found; `verified`: read in the catalogue itself.
    """

    id: str
    name: str
    type: str
    verified: bool
    code: str | None = None
    parent: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Succession:
    """One unit took over from another on a day; `share` below 1: it got a part only."""

    before: str
    after: str
    share: float
    effective_on: date


@dataclass(frozen=True, slots=True)
class Territory:
    """Every administrative unit there is or was, and every succession."""

    units: dict[str, AdminUnit]
    successions: tuple[Succession, ...]

    def taken_over_by(self, unit_id: str, day: date) -> frozenset[str]:
        """Return a unit and all that came to it whole by a day, through any number of steps.

        What was divided comes to nobody: a person must hand such a case over.
        """
        found = {unit_id}
        while came := {one.before for one in self._whole_by(day) if one.after in found} - found:
            found |= came
        return frozenset(found)

    def _whole_by(self, day: date) -> Iterable[Succession]:
        return (one for one in self.successions if one.share >= _WHOLE and one.effective_on <= day)


@cache
def territory() -> Territory:
    """Return the packaged units and successions."""
    text = files("events").joinpath("code_lists", "admin_units.toml").read_text(encoding="utf-8")
    return read_territory(tomllib.loads(text))


def read_territory(told: dict[str, Any]) -> Territory:
    """Return what a file tells.

    Raises:
        KeyError: if a parent or one end of a succession is not among the units.
    """
    units = {row["id"]: AdminUnit(**row) for row in told["units"]}
    rows = told["successions"]
    successions = tuple(Succession(row["from"], row["to"], row["share"], row["effective_on"]) for row in rows)
    named = {unit.parent for unit in units.values() if unit.parent} | {
        end for one in successions for end in (one.before, one.after)
    }
    if unknown := named - units.keys():
        raise KeyError(f"not among the units: {sorted(unknown)}")
    return Territory(units, successions)
