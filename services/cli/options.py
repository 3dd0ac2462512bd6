"""What `chungtay up` was asked for, handed to the supervisor in a file of mode 0600."""

import json
from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict, SecretStr

from infra.issuers import TrustedIssuer
from infra.settings import KeyToken, write_private
from services.cli.data_dir import DataDir

EMBEDDED = "embedded"
KAFKA = "kafka"


class Options(BaseModel):
    """How one platform is to run."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    data_dir: Path
    broker: str = EMBEDDED  # embedded, kafka, or HOST:PORT of one that runs already
    database_url: SecretStr | None = None  # of a superuser; None: the embedded one
    ephemeral: bool = False
    separate: bool = False  # one process for each agency's door
    issuer: TrustedIssuer | None = None  # an OpenID provider; None: the built-in issuer
    key_token: KeyToken | None = None  # which keeps the key-encryption keys; None: a file in the data dir
    simulated_from: AwareDatetime | None = None  # where the simulated clock starts; None: real time

    @property
    def place(self) -> DataDir:
        """The folder all of it lies in."""
        return DataDir(self.data_dir)

    def save(self) -> Path:
        """Write the options for the supervisor and return the file."""
        values = self.model_dump(mode="json")
        if self.database_url is not None:
            values["database_url"] = self.database_url.get_secret_value()
        write_private(file_of(self.place), json.dumps(values, indent=1))
        return file_of(self.place)


def trusted_issuer(place: DataDir) -> TrustedIssuer | None:
    """Return the issuer with which the platform of a data dir was started last; None: the built-in one, or never."""
    try:
        return Options.model_validate_json(file_of(place).read_bytes()).issuer
    except FileNotFoundError:
        return None


def file_of(place: DataDir) -> Path:
    """Return where the options of a data dir lie."""
    return place.run / "options.json"
