"""A server in a process of its own, known by its pid file, so that none is ever left behind."""

import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from infra.processes import Mark, end, find, mark


class ChildDied(RuntimeError):  # noqa: N818 - named for what happened
    """The process did not come up; the text has the last line of its log."""


class Child:
    """Starts one process, keeps its pid beside its log, stops it; finds one that an earlier parent left."""

    def __init__(self, home: Path, name: str) -> None:
        self._home = home
        self._pid_file = home / f"{name}.pid"
        self.log = home / f"{name}.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, command: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
        """Start the process in a session of its own; one left from before is ended first."""
        self.end_orphan()
        self._home.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - the command is ours
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                env=None if environment is None else dict(environment),
            )
        found = mark(self._process.pid)
        if found is not None:
            self._pid_file.write_text(json.dumps(asdict(found)), encoding="ascii")

    def alive(self) -> bool:
        """Say whether the process runs."""
        return self._process is not None and self._process.poll() is None

    def pid(self) -> int | None:
        """Return the number of the process, None when it does not run; also of one that an earlier parent left."""
        if self._process is not None:
            return self._process.pid if self.alive() else None
        left = self._left_behind()
        return None if left is None else left.pid

    def stop(self, grace_s: float) -> None:
        """Ask the process to end, then end it; nothing happens when it is not running."""
        self.end_orphan(grace_s)
        process, self._process = self._process, None
        if process is not None:
            process.terminate()
            try:
                process.wait(grace_s)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._pid_file.unlink(missing_ok=True)

    def kill(self) -> None:
        """End the process at once, as a crash would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def last_words(self) -> str:
        """Return the last line of the log, for an error that tells what happened."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines() if self.log.exists() else []
        return lines[-1] if lines else "its log is empty"

    def end_orphan(self, grace_s: float = 0.0) -> None:
        """End the process that an earlier parent left; a stranger with its number is left alone."""
        left = self._left_behind()
        if self._process is None and left is not None:
            end([left], grace_s)
            self._pid_file.unlink(missing_ok=True)

    def _left_behind(self) -> Mark | None:
        if not self._pid_file.exists():
            return None
        left = Mark(**json.loads(self._pid_file.read_text(encoding="ascii")))
        return left if find(left) is not None else None
