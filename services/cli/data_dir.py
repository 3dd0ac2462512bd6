"""Where everything of one platform lies: `D/run`, `D/secrets`, `D/logs`, `D/postgres`, `D/kafka`, `D/clock`."""

import errno
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from services.cli.stops import Exit, Stop

DEFAULT = Path(".chungtay")
_NEEDED_BYTES = 300 * 1024 * 1024  # an empty database, its log, and the broker's first segments


@dataclass(frozen=True, slots=True)
class DataDir:
    """The paths of one platform; nothing outside this folder belongs to it."""

    root: Path

    @property
    def endpoints(self) -> Path:
        """Who listens where, for people and programs."""
        return self.root / "endpoints.json"

    @property
    def secrets(self) -> Path:
        """Passwords and keys, mode 0700."""
        return self.root / "secrets"

    @property
    def run(self) -> Path:
        """The settings of each process, the supervisor's state, the ports."""
        return self.root / "run"

    @property
    def state(self) -> Path:
        """What the supervisor last said of itself and its processes."""
        return self.run / "state.json"

    @property
    def logs(self) -> Path:
        """One log file a process."""
        return self.root / "logs"

    @property
    def clock(self) -> Path:
        """The simulated moment; its existence marks the data as simulated, for good."""
        return self.root / "clock"

    @property
    def holds_data(self) -> bool:
        """Whether a database was ever made here."""
        return (self.root / "postgres").exists()

    def prepare(self) -> None:
        """Make the folders.

        Raises:
            Stop: if the folder cannot be used or the disk is full; it says what to do.
        """
        try:
            for folder in (self.root, self.secrets, self.run, self.logs):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                _try_writing(folder)
            room = shutil.disk_usage(self.root).free
        except OSError as problem:
            raise Stop(Exit.USED_WRONGLY, _explained(problem, self.root)) from problem
        if not self.holds_data and room < _NEEDED_BYTES:
            raise Stop(Exit.USED_WRONGLY, _explained(OSError(errno.ENOSPC, "full"), self.root))

    def wipe(self) -> None:
        """Remove all that a platform wrote here, and nothing else.

        Raises:
            Stop: if something cannot be removed.
        """
        try:
            for name in ("run", "secrets", "logs", "postgres", "kafka"):
                if (self.root / name).exists():
                    shutil.rmtree(self.root / name)
            for file in (self.endpoints, self.clock):
                file.unlink(missing_ok=True)
        except OSError as problem:
            raise Stop(Exit.USED_WRONGLY, _explained(problem, self.root)) from problem


def _try_writing(folder: Path) -> None:
    """Write and remove a file.

    Raises:
        PermissionError: if the folder is not ours to use.
    """
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, "not ours", str(folder))
    probe = folder / ".probe"
    probe.write_bytes(b"")
    probe.unlink()


def _explained(problem: OSError, root: Path) -> str:
    match problem.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return f"No space left in {root}: free 300 MB, or choose another folder with --data-dir."
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return f"Cannot read and write {root}: run as its owner, or choose another folder with --data-dir."
        case errno.ENOTDIR | errno.EEXIST:
            return f"{root} is not a folder: choose another with --data-dir."
        case _:
            return f"Cannot use {root} ({problem.strerror}): choose another folder with --data-dir."
