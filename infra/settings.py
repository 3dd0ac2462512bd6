"""One frozen settings object per process, written by whoever starts it, read once in `app.py`.

Passwords and keys are never in the environment: the settings file has mode 0600 and names only the
roles and keys that this one process may use.
"""

import json
import os
import stat
from pathlib import Path

from pydantic import BaseModel, ConfigDict, PositiveInt, SecretStr

from infra.backlog import Limits
from infra.issuers import TrustedIssuer

SETTINGS_VARIABLE = "CHUNGTAY_SETTINGS"


class KeyToken(BaseModel):
    """A PKCS#11 token that keeps the key-encryption keys: its maker's module, its label, the file of its PIN."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    module: Path
    label: str
    pin_file: Path


class ServiceSettings(BaseModel):
    """What one process may use, and where it is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    service: str
    data_dir: Path
    host: str = "127.0.0.1"
    ports: dict[str, int] = {}  # by agency for the doors, else {"http": port}
    broker: str  # HOST:PORT
    databases: dict[str, SecretStr] = {}  # role -> DSN of the register
    key_databases: dict[str, SecretStr] = {}  # role -> DSN of the key database; the key service's alone
    key_service: str = ""  # URL; whoever seals or opens asks there
    service_keys: dict[str, Path] = {}  # "door.police" or "reader.police" -> file of the key with which it asks
    known_services: Path | None = None  # public halves of those keys; the key service's alone
    key_encryption_keys: Path | None = None  # the key service's alone
    key_token: KeyToken | None = None  # which keeps them instead of that file
    door_secrets: dict[str, Path] = {}  # agency -> file of its door's own keys
    likeness_keys: dict[str, Path] = {}  # recipient -> file of the keys by which it knows a child again
    letter_keys: dict[str, Path] = {}  # agency -> file of the keys with which its door opens letters over Kafka
    letter_senders: Path | None = None  # register of who may write letters; need not exist
    party_keys: Path | None = None  # public keys of who must sign a version of the agreement
    issuer_keys: Path | None = None  # of the built-in issuer: JSON Web Key Set, public; on this machine only
    issuer: TrustedIssuer | None = None  # an OpenID provider, instead of the built-in issuer
    resend_after_s: float = 30.0  # how long a door waits for an outcome before it sends an event again
    own_write_within_s: float = 5.0  # how long a read with X-After waits for what was just published
    ahead_s: float = 300.0  # by which a sender's clock may be ahead of a door's
    head_within_s: float = 10.0  # for a client to send the headers of a request
    body_within_s: float = 30.0  # for it to send the body
    connections: int = 200  # to one port; more are refused
    requests_per_minute: PositiveInt = 12_000  # of one person or system; ten seconds of it at once
    unit_requests_per_minute: PositiveInt = 24_000  # of all of one unit
    stopped_moving_after_s: float = 25.0  # a process that did nothing for so long ends and is started anew
    ready_backlog: int = 10_000  # who has more than this before it is not ready
    ready_age_s: float = 60.0  # nor whose oldest has waited longer
    clock: Path | None = None  # file of the simulated clock; None: real time
    log_file: Path | None = None

    @property
    def limits(self) -> Limits:
        """How far behind this process may be and still be called ready."""
        return Limits(self.ready_backlog, self.ready_age_s)

    def database(self, role: str) -> str:
        """Return the DSN of the register for a role.

        Raises:
            KeyError: if this process may not use the role.
        """
        return self.databases[role].get_secret_value()

    def key_database(self, role: str) -> str:
        """Return the DSN of the key database for a role.

        Raises:
            KeyError: if this process may not use the role.
        """
        return self.key_databases[role].get_secret_value()

    def save(self, file: Path) -> None:
        """Write the settings for a process to read, mode 0600, secrets in the clear."""
        file.parent.mkdir(parents=True, exist_ok=True)
        values = self.model_dump(mode="json")
        values["databases"] = {role: dsn.get_secret_value() for role, dsn in self.databases.items()}
        values["key_databases"] = {role: dsn.get_secret_value() for role, dsn in self.key_databases.items()}
        write_private(file, json.dumps(values, indent=1))


class KeysExposed(Exception):  # noqa: N818 - named for what is so
    """Others than its owner may read a file of keys; take their rights away (chmod 600)."""


def read_private(file: Path) -> bytes:
    """Read a file of keys.

    Raises:
        KeysExposed: if others than its owner may read it.
    """
    if file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise KeysExposed(file.name)
    return file.read_bytes()


def write_private(file: Path, text: str) -> None:
    """Write a file that only its owner may read, whole or not at all; it is on the disk when this returns."""
    beside = file.with_name(file.name + ".next")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    beside.replace(file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def read_settings() -> ServiceSettings:
    """Read the settings file named in CHUNGTAY_SETTINGS.

    Raises:
        KeyError: if the variable is not set.
        pydantic.ValidationError: if the file is not valid.
    """
    return ServiceSettings.model_validate_json(Path(os.environ[SETTINGS_VARIABLE]).read_bytes())
