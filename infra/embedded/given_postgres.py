"""A PostgreSQL server that somebody else runs, taken into use by a superuser's URL."""

import os
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from infra.embedded.cluster_files import bootstrap
from infra.embedded.databases import Databases, keep_passwords
from infra.embedded.faults import CannotStartError
from infra.embedded.postgres_process import PROGRAMS
from infra.postgres.roles import OWNER

_PORT = 5432
_WITHIN_S = 30


# What psql says, and what to do about it; the first that is found.
_MENDS = {
    "password authentication failed": "Check the user and the password in the URL (special signs percent-encoded).",
    "could not translate host name": "Check the host in the URL.",
    "refused": "Start the server, or check host and port in the URL.",
    "timeout": "Check host and port in the URL, and that a firewall lets this machine through.",
    "does not exist": "End the URL with a database that exists, such as /postgres.",
    "no pg_hba.conf entry": "Let this machine in by the server's pg_hba.conf.",
    "permission denied": "Use the URL of a superuser: roles and databases have to be made.",
    "must be superuser": "Use the URL of a superuser: roles and databases have to be made.",
    "PostgreSQL 15": "Use a newer server.",
}
_OLD_ENOUGH = """\
do $$ begin
  if current_setting('server_version_num')::int < 150000 then
    raise exception 'it is older than PostgreSQL 15';
  end if;
end $$;
"""


def checked_url(url: str) -> SplitResult:
    """Return the parts of a database's URL.

    Raises:
        CannotStartError: if it is none; the URL itself is not quoted, for it holds a password.
    """
    wanted = "write it as postgresql://USER:PASSWORD@HOST:PORT/DATABASE"
    try:
        parts = urlsplit(url)
        known = parts.port is None or parts.port > 0
    except ValueError:
        raise CannotStartError(f"The database URL has a host or port that is none: {wanted}.") from None
    if parts.scheme not in {"postgresql", "postgres"}:
        raise CannotStartError(f"The database URL does not begin with postgresql://: {wanted}.")
    if not parts.hostname or not known:
        raise CannotStartError(f"The database URL names no host or no port: {wanted}.")
    return parts


class GivenPostgres:
    """Makes our owner and our two databases there if they are missing; leaves everything else alone."""

    def __init__(self, url: str, data_dir: Path) -> None:
        self._given = url
        self._secrets = data_dir.absolute() / "secrets"

    def start(self) -> Databases:
        """Say where the databases are, once they are there.

        Raises:
                CannotStartError: if the URL is none, the server does not answer, is too old or will not have them.
        """
        url = checked_url(self._given)
        host, port = str(url.hostname), url.port or _PORT
        databases = Databases(host, port, keep_passwords(self._secrets))
        self._run(url, _OLD_ENOUGH + bootstrap(databases, OWNER))
        return databases

    def stop(self) -> None:
        """Leave it running: it is not ours."""

    def alive(self) -> bool:
        """Trust whoever runs it."""
        return True

    def pid(self) -> int | None:
        """Return None: its process is not ours."""
        return None

    def _run(self, url: SplitResult, statements: str) -> None:
        """Run SQL as the superuser; the password goes by the environment, where no other user can read it.

        Raises:
            CannotStartError: if it fails.
        """
        host, port = str(url.hostname), url.port or _PORT
        user = {"PGUSER": unquote(url.username or "postgres"), "PGPASSWORD": unquote(url.password or "")}
        where = {"PGHOST": host, "PGPORT": str(port), "PGDATABASE": url.path.lstrip("/") or "postgres"}
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
            mend = next((mend for said, mend in _MENDS.items() if said in last), "See the server's own log.")
            raise CannotStartError(f"The database at {host}:{port} cannot be used: {last.rstrip('.')}. {mend}")
