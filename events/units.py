"""Units as data: which agency and audience each belongs to, where, and since when.

Shape: `events/code_lists/units.toml`, one table a unit. The packaged list is a development sample.
"""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from events.parties import Agency, Audience


@dataclass(frozen=True, slots=True)
class Unit:
    """An office, ward, station or school; `audience` is None for one that publishes and reads nothing."""

    id: str
    agency: Agency
    audience: Audience | None
    agency_type: str
    vi: str
    en: str
    commune: str
    valid_from: date | None = None
    valid_to: date | None = None

    def in_being_on(self, day: date) -> bool:
        """Say whether the unit existed on a day, local time."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


class UnknownUnitError(LookupError):
    """No unit has this id."""


@cache
def units() -> dict[str, Unit]:
    """Return every unit by id."""
    text = files("events").joinpath("code_lists", "units.toml").read_text(encoding="utf-8")
    return {row["id"]: _unit(row) for row in tomllib.loads(text)["units"]}


def unit(unit_id: str) -> Unit:
    """Return a unit.

    Raises:
        UnknownUnitError: if there is none.
    """
    try:
        return units()[unit_id]
    except KeyError:
        raise UnknownUnitError(unit_id) from None


def audience_of(unit_id: str) -> Audience | None:
    """Return whose view a unit reads; None for units without one and for the case record itself."""
    found = units().get(unit_id)
    return found.audience if found else None


def _unit(row: dict[str, str]) -> Unit:
    audience = row.get("audience")
    return Unit(
        id=row["id"],
        agency=Agency(row["agency"]),
        audience=Audience(audience) if audience else None,
        agency_type=row["agency_type"],
        vi=row["vi"],
        en=row["en"],
        commune=row.get("commune", ""),
        valid_from=date.fromisoformat(row["valid_from"]) if "valid_from" in row else None,
        valid_to=date.fromisoformat(row["valid_to"]) if "valid_to" in row else None,
    )
