"""For whose cases a unit is competent on a day: its own, those it took over, and those of its territory.

A case lies in the commune of the unit that leads it. Only offices of the kinds in `territorial_competence.toml` are
competent by territory; a hospital or a school is not, wherever it stands.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta, timezone

from events.admin_units import Territory, territory
from events.codes import code_list
from events.units import Unit, units

VIET_NAM = timezone(timedelta(hours=7))  # no daylight saving time since 1976


@dataclass(frozen=True, slots=True)
class Competence:
    """By whose taking part a unit reads (`units`), and whose leading makes a case one of its territory (`leaders`)."""

    units: frozenset[str] = frozenset()
    leaders: frozenset[str] = frozenset()


def competence_of(
    unit_id: str, day: date, known: Mapping[str, Unit] | None = None, land: Territory | None = None
) -> Competence:
    """Return the competence of a unit on a day, local time; none of a unit that is unknown or not in being that day.

    Shape: `known` and `land` stand for the packaged units and territory when given.
    """
    known = units() if known is None else known
    unit = known.get(unit_id)
    if unit is None or not unit.in_being_on(day):
        return Competence()
    if unit.agency_type not in code_list("territorial_competence") or not unit.commune:
        return Competence(frozenset({unit_id}))
    communes = (land or territory()).taken_over_by(unit.commune, day)
    here = [one for one in known.values() if one.commune in communes]
    return Competence(
        frozenset({unit_id, *(one.id for one in here if _took_over(unit, one, day))}),
        frozenset(one.id for one in here),
    )


def _took_over(unit: Unit, other: Unit, day: date) -> bool:
    """Say whether a unit does what another did until that ended: the same office, before the succession."""
    same = (unit.agency, unit.audience, unit.agency_type) == (other.agency, other.audience, other.agency_type)
    return same and not other.in_being_on(day)
