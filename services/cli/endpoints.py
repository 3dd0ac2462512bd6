"""Who listens where: `D/endpoints.json`, for people and programs."""

from pathlib import Path
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, ValidationError

from events.parties import Agency
from infra.embedded.databases import keep_passwords
from infra.settings import write_private
from services.cli.output import typed
from services.cli.stops import Exit, Stop

# The agencies that have a door of their own so far.
DOORS = (Agency.POLICE, Agency.HEALTH, Agency.EDUCATION, Agency.SOCIAL_WORK)


class Endpoints(BaseModel):
    """The URLs of a running platform; `postgres` is of a role that only reads health figures."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    agencies: dict[str, str]
    coordination: str
    audit: str
    web: str
    kafka: str
    postgres: str

    def save(self, file: Path) -> None:
        """Write the endpoints; mode 0600, for the operator's password stands in them."""
        write_private(file, self.model_dump_json(indent=1))


def read_endpoints(data_dir: Path) -> Endpoints:
    """Return the endpoints of the platform in a data dir.

    Raises:
        Stop: if none runs there.
    """
    try:
        return Endpoints.model_validate_json((data_dir / "endpoints.json").read_bytes())
    except FileNotFoundError:
        raise Stop(
            Exit.NOT_REACHABLE, f"No platform runs in {data_dir}: start it with {typed('up', data_dir)}."
        ) from None
    except (OSError, ValidationError):
        raise Stop(
            Exit.NOT_REACHABLE,
            f"{data_dir / 'endpoints.json'} cannot be read: "
            f"run {typed('down', data_dir)}, then {typed('up', data_dir)}.",
        ) from None


def dsn_as(data_dir: Path, role: str) -> str:
    """Return the DSN of the register for a role; its password lies in the data dir, for its owner alone.

    Raises:
        Stop: if no platform runs there.
    """
    at, password = urlsplit(read_endpoints(data_dir).postgres), keep_passwords(data_dir.absolute() / "secrets")[role]
    return at._replace(netloc=f"{role}:{password}@{at.hostname}:{at.port}").geturl()
