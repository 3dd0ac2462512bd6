"""A PostgreSQL server that somebody else runs, taken into use by a superuser's URL."""

import os
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import unquote, urlsplit

from infra.embedded.cluster_files import bootstrap
from infra.embedded.databases import Databases, keep_passwords
from infra.embedded.faults import CannotStartError
from infra.embedded.postgres_process import PROGRAMS
from infra.postgres.roles import OWNER

_PORT = 5432
_WITHIN_S = 30


class GivenPostgres:
    """Makes our owner and our two databases there if they are missing; leaves everything else alone."""

    def __init__(self, url: str, data_dir: Path) -> None:
        self._url = urlsplit(url)
        self._secrets = data_dir.absolute() / "secrets"

    def start(self) -> Databases:
        """Say where the databases are, once they are there.

        Raises:
            CannotStartError: if the server does not answer or will not have them.
        """
        host, port = self._url.hostname or "127.0.0.1", self._url.port or _PORT
        databases = Databases(host, port, keep_passwords(self._secrets))
        self._run(host, port, bootstrap(databases, OWNER))
        return databases

    def stop(self) -> None:
        """Leave it running: it is not ours."""

    def alive(self) -> bool:
        """Trust whoever runs it."""
        return True

    def pid(self) -> int | None:
        """Return None: its process is not ours."""
        return None

    def _run(self, host: str, port: int, statements: str) -> None:
        """Run SQL as the superuser; the password goes by the environment, where no other user can read it.

        Raises:
            CannotStartError: if it fails.
        """
        user = {"PGUSER": unquote(self._url.username or "postgres"), "PGPASSWORD": unquote(self._url.password or "")}
        where = {"PGHOST": host, "PGPORT": str(port), "PGDATABASE": self._url.path.lstrip("/") or "postgres"}
        with tempfile.TemporaryFile() as given:
            given.write(statements.encode())
            given.seek(0)
            done = subprocess.run(  # noqa: S603 - the command is ours
                [str(PROGRAMS / "psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1"],
                stdin=given,
                capture_output=True,
                check=False,
                timeout=_WITHIN_S,
                env={"PATH": os.defpath, "PGCONNECT_TIMEOUT": "10", **user, **where},
            )
        if done.returncode != 0:
            last = (done.stderr.decode(errors="replace").strip().splitlines() or ["it said nothing"])[-1]
            raise CannotStartError(f"The database at {host}:{port} cannot be used: {last}")
