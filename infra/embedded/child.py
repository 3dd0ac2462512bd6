"""A server in a process of its own, known by its pid file, so that none is ever left behind."""

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import psutil


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
        self.end_orphan(command[0])
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
        self._pid_file.write_text(str(self._process.pid), encoding="ascii")

    def alive(self) -> bool:
        """Say whether the process runs."""
        return self._process is not None and self._process.poll() is None

    def stop(self, grace_s: float) -> None:
        """Ask the process to end, then end it; nothing happens when it is not running."""
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

    def end_orphan(self, program: str) -> None:
        """End the process that the pid file names, if it still runs the same program."""
        if self._process is not None or not self._pid_file.exists():
            return
        try:
            left = psutil.Process(int(self._pid_file.read_text(encoding="ascii")))
            if left.cmdline()[:1] == [program]:
                left.kill()
                left.wait()
        except psutil.NoSuchProcess:
            pass  # it has ended: that is what is wanted
        self._pid_file.unlink(missing_ok=True)
