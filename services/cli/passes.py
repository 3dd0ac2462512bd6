"""Development tokens, from the built-in issuer of a data dir."""

from dataclasses import dataclass, field
from pathlib import Path

from events.parties import Agency, Audience, Duty
from events.units import UnknownUnitError, unit
from infra.web.issuer import NoIssuerError, issue_token
from services.cli.data_dir import DataDir
from services.cli.options import trusted_issuer
from services.cli.output import typed
from services.cli.stops import Exit, Stop


@dataclass(frozen=True, slots=True)
class Pass:
    """Whom a token speaks for; no audience: a publisher."""

    agency: Agency
    unit: str
    audience: Audience | None = None
    duties: frozenset[Duty] = field(default_factory=frozenset)


def issue(data_dir: Path, wanted: Pass) -> str:
    """Return a token, valid for 12 hours of real time.

    Raises:
        Stop: if the unit is not the agency's, or the platform has no built-in issuer.
    """
    trusted = trusted_issuer(DataDir(data_dir))
    if trusted is not None:
        raise Stop(
            Exit.USED_WRONGLY,
            f"This platform takes the tokens of {trusted.url} and no others: get one there. "
            "Development tokens are made only by a platform that was started without --issuer.",
        )
    try:
        belongs = unit(wanted.unit).agency is wanted.agency
    except UnknownUnitError:
        belongs = False
    if not belongs:
        raise Stop(Exit.USED_WRONGLY, f"{wanted.unit} is no unit of {wanted.agency}: see events/code_lists/units.toml.")
    try:
        return issue_token(data_dir / "secrets", wanted, person=f"development@{wanted.unit}")
    except NoIssuerError:
        raise Stop(
            Exit.NOT_REACHABLE,
            f"No platform with the built-in issuer was ever in {data_dir}: start it with {typed('up', data_dir)}, "
            "or ask the issuer that your platform trusts.",
        ) from None
