"""Where the two databases are, and the password of each role."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from infra.postgres.roles import KEYS_DATABASE, MAIN_DATABASE


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
