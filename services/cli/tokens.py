"""The command `token`: a development token, for a publisher or a reader."""

import sys
from dataclasses import dataclass
from pathlib import Path

from events.parties import Agency, Audience, Duty
from events.units import units
from services.cli.output import say_json
from services.cli.passes import Pass, issue
from services.cli.stops import Exit, Stop


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whom a token is for; no audience: a publisher."""

    agency: Agency
    unit: str | None
    audience: Audience | None
    duties: frozenset[Duty]


def token(data_dir: Path, wanted: Wanted, *, publisher: bool, as_json: bool) -> None:
    """Print a token of the built-in issuer.

    Raises:
        Stop: if it is neither a publisher's nor an audience's, or the unit is not the agency's.
    """
    if publisher == (wanted.audience is not None):
        raise Stop(Exit.USED_WRONGLY, "Say either --publisher or --audience X.")
    unit = wanted.unit or _first_unit(wanted.agency, wanted.audience)
    made = issue(data_dir, Pass(wanted.agency, unit, wanted.audience, wanted.duties))
    if as_json:
        say_json({"token": made, "agency": wanted.agency.value, "unit": unit})
    else:
        sys.stdout.write(made + "\n")


def _first_unit(agency: Agency, audience: Audience | None) -> str:
    found = [unit.id for unit in units().values() if unit.agency is agency and audience in {None, unit.audience}]
    if not found:
        raise Stop(Exit.USED_WRONGLY, f"No unit of {agency} reads as {audience}.")
    return found[0]
