"""PostgreSQL from a wheel, in a folder of its own, with walls: a password for every role, loopback only.

Files: `D/postgres/data` (the cluster), `D/postgres/port`, `D/postgres/log`, `D/secrets/postgres.json`.
Source: recipes, "Walls in the embedded PostgreSQL".
"""

import errno
import hashlib
import os
import secrets
import shutil
import signal
import tempfile
import time
from pathlib import Path

from infra.embedded.account import Account, account
from infra.embedded.cluster_files import CONFIGURATION, HBA, IDENT, bootstrap
from infra.embedded.databases import Databases, keep_passwords
from infra.embedded.faults import CannotStartError
from infra.embedded.ports import LOOPBACK, is_free
from infra.embedded.postgres_process import PROGRAMS, Postmaster, forget_dead, run
from infra.postgres.roles import OWNER

_PORTS = range(20000, 32000)  # below what the system hands to outgoing connections, so that a kept port stays free
_NEEDED_BYTES = 250 * 1024 * 1024  # an empty cluster with its first write-ahead log
_SETTLE_S = 10
_POLL_S = 0.05
_SOCKET_PATH_BYTES = 90  # a socket's path may have 107 bytes, the file name takes up to 17


class EmbeddedPostgres:
    """One PostgreSQL server in a data dir; it outlives the process that started it.

    `durable=False` leaves out fsync: for tests, which never lose the machine.
    """

    def __init__(self, data_dir: Path, *, durable: bool = True) -> None:
        self._secrets = data_dir.absolute() / "secrets"
        self._home = data_dir.absolute() / "postgres"
        self._data = self._home / "data"
        self._log = self._home / "log"
        self._durable = durable
        self._postmaster = Postmaster(self._data)

    def start(self) -> Databases:
        """Start the server, or find it running, and return where its databases are.

        Raises:
            CannotStartError: if it cannot; the text is one line and says what to do.
        """
        try:
            return self._start()
        except OSError as problem:
            raise CannotStartError(_explanation(problem, self._home)) from problem

    def stop(self) -> None:
        """Stop the server at once and cleanly: open transactions are rolled back."""
        self._postmaster.end(signal.SIGINT)  # PostgreSQL's fast shutdown

    def alive(self) -> bool:
        """Tell whether the server runs."""
        return self._postmaster.pid() is not None

    def pid(self) -> int | None:
        """Return the process id of the server, None when it does not run."""
        return self._postmaster.pid()

    def administer(self, statements: str) -> None:
        """Run SQL as the superuser, over the socket that only the server's own user may open.

        Raises:
            CannotStartError: if a statement fails.
        """
        arguments = ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-U", "postgres", "-d", "postgres"]
        where = ["-h", str(self._socket_dir(account())), "-p", str(self._port())]
        run(account(), "psql", [*arguments, *where], cwd=self._data, stdin=statements)

    def _start(self) -> Databases:
        user = account()
        self._make_folders(user)
        databases = Databases(LOOPBACK, self._port(), keep_passwords(self._secrets))
        if not (self._data / "PG_VERSION").exists():
            self._initialise(user)
        self._serve(user, bootstrap(databases, OWNER))
        return databases

    def _serve(self, user: Account, statements: str) -> None:
        """Have a server that has run these statements; one found running may just be starting or dying.

        Raises:
            CannotStartError: if the statements fail for 10 s.
        """
        deadline = time.monotonic() + _SETTLE_S
        while True:
            if not self.alive():
                self._launch(user)
            try:
                return self.administer(statements)
            except CannotStartError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(_POLL_S)

    def _make_folders(self, user: Account) -> None:
        self._home.mkdir(parents=True, exist_ok=True)
        self._secrets.mkdir(mode=0o700, exist_ok=True)
        user.let_through(self._home)
        user.let_through(PROGRAMS / "postgres")
        user.give(self._home, 0o700)
        if not self._data.exists() and shutil.disk_usage(self._home).free < _NEEDED_BYTES:
            raise OSError(errno.ENOSPC, "not enough room for a database")

    def _initialise(self, user: Account) -> None:
        """Make the cluster beside its place and move it there, so that a killed attempt leaves nothing."""
        beside = self._data.with_name("data.next")
        shutil.rmtree(beside, ignore_errors=True)
        arguments = ["-D", str(beside), "-U", "postgres", "--encoding=UTF8", "--auth-local=peer"]
        arguments += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--no-instructions"]
        arguments += ["--auth-host=scram-sha-256", *([] if self._durable else ["--no-sync"])]
        run(user, "initdb", arguments, cwd=self._home)
        beside.replace(self._data)

    def _launch(self, user: Account) -> None:
        sockets = self._socket_dir(user)
        forget_dead(self._data, sockets)
        self._refuse_taken_port()
        fsync = "on" if self._durable else "off"
        configuration = CONFIGURATION.format(host=LOOPBACK, port=self._port(), sockets=sockets, fsync=fsync)
        for name, text in (("chungtay.conf", configuration), ("pg_hba.conf", HBA), ("pg_ident.conf", IDENT)):
            (self._data / name).write_text(text.replace("{user}", user.name), encoding="utf-8")
            user.give(self._data / name, 0o600)
        arguments = ["-D", str(self._data), "-w", "-t", "120", "-l", str(self._log), "-o"]
        run(user, "pg_ctl", [*arguments, "-c config_file=chungtay.conf", "start"], cwd=self._data, log=self._log)

    def _refuse_taken_port(self) -> None:
        """Tell of a taken port before PostgreSQL does, with the way out.

        Raises:
            CannotStartError: if another program listens on the port of this data dir.
        """
        if not is_free(self._port()):
            raise CannotStartError(
                f"Port {self._port()} of this data dir's database is in use by another program; "
                f"stop that program, or delete {self._home / 'port'} to have another port chosen."
            )

    def _port(self) -> int:
        kept = self._home / "port"
        if kept.exists():
            return int(kept.read_text(encoding="ascii"))
        port = next(port for port in iter(lambda: secrets.choice(_PORTS), None) if is_free(port))
        kept.write_text(str(port), encoding="ascii")
        return port

    def _socket_dir(self, user: Account) -> Path:
        """Return a folder whose path is short enough for a socket, open to the server's user alone.

        Raises:
            CannotStartError: if somebody else has taken the folder's name.
        """
        if len(os.fsencode(self._home)) <= _SOCKET_PATH_BYTES:
            return self._home
        name = hashlib.sha256(os.fsencode(self._home)).hexdigest()[:16]
        folder = Path(tempfile.gettempdir()) / f"chungtay-{name}"
        if not folder.exists():
            folder.mkdir(mode=0o700)
            user.give(folder, 0o700)
        found = folder.lstat()
        if found.st_uid != user.uid or found.st_mode & 0o077:
            raise CannotStartError(f"{folder} belongs to somebody else; remove it, or choose a shorter data dir.")
        return folder


def _explanation(problem: OSError, home: Path) -> str:
    """Say in one line what the operating system refused and what to do."""
    match problem.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return f"No space left for the database in {home}; free 250 MB or choose another data dir."
        case errno.EACCES | errno.EPERM:
            place = problem.filename or home
            return f"Cannot read or write {place}; run as the user who made this data dir, or choose another."
        case _:
            return f"The database in {home} cannot start: {problem.strerror}."
