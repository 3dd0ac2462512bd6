"""Where the two databases are, and the password of each role."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from infra.postgres.roles import KEYS_DATABASE, MAIN_DATABASE, ROLES
from infra.settings import write_private

_PASSWORD_BYTES = 24


@dataclass(frozen=True, slots=True)
class Databases:
    """The register and the key database on one server; passwords never show in its repr."""

    host: str
    port: int
    passwords: Mapping[str, str] = field(repr=False)
    main_name: str = MAIN_DATABASE
    keys_name: str = KEYS_DATABASE

    def main(self, role: str) -> str:
        """Return the DSN of the register for a role.

        Raises:
            KeyError: if there is no such role.
        """
        return self._dsn(role, self.main_name)

    def keys(self, role: str) -> str:
        """Return the DSN of the key database for a role.

        Raises:
            KeyError: if there is no such role.
        """
        return self._dsn(role, self.keys_name)

    def _dsn(self, role: str, database: str) -> str:
        return f"postgresql://{role}:{self.passwords[role]}@{self.host}:{self.port}/{database}"


def keep_passwords(directory: Path) -> dict[str, str]:
    """Return the password of each role, kept in a file of mode 0600; those of roles that have none are drawn."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = directory / "postgres.json"
    known: dict[str, str] = json.loads(file.read_text(encoding="ascii")) if file.exists() else {}
    missing = {role: secrets.token_hex(_PASSWORD_BYTES) for role in ROLES if role not in known}
    if missing:
        write_private(file, json.dumps(known | missing, indent=1))
    return known | missing
