"""One service process under the supervisor: started, watched, started again when it dies."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from infra.processes import Mark, end, mark
from infra.settings import SETTINGS_VARIABLE
from services.cli.readiness import answers, has_come_up
from services.cli.state import ProcessState

_FIRST_DELAY_S = 0.2
_LONGEST_DELAY_S = 10.0
_SETTLED_S = 30.0  # who lived this long starts again at once
_AGAIN_AND_AGAIN = 3  # deaths, each soon after the start
_STARTING_S = 60.0  # who is just starting need not answer yet
_SILENT_S = 25.0


@dataclass(frozen=True, slots=True)
class Service:
    """What to start: a service, its settings file, its log, and the URL at which it says whether it is ready."""

    name: str
    service: str
    settings: Path
    log: Path
    ready_url: str

    @property
    def health_url(self) -> str:
        """Where it answers as long as it is alive."""
        return self.ready_url.removesuffix("/readyz") + "/healthz"


class Worker:
    """Keeps one service running, with longer pauses the more often it dies at once."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.restarts = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._mark: Mark | None = None
        self._delay_s = _FIRST_DELAY_S
        self._since = 0.0
        self._not_before = 0.0
        self._deaths = 0  # in a row, each soon after the start
        self._answered_at = 0.0

    @property
    def name(self) -> str:
        """The name of the service."""
        return self.service.name

    def start(self) -> None:
        """Start the process; its output goes to its log and to nobody's terminal."""
        with self.service.log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - the command is ours
                [sys.executable, "-P", "-m", f"services.{self.service.service}"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                env={**os.environ, SETTINGS_VARIABLE: str(self.service.settings)},
            )
        self._since = time.monotonic()
        self._mark = mark(self._process.pid)

    def look_after(self) -> bool:
        """Start the process again when it died and its pause is over; tell whether anything changed."""
        if self._process is not None and self._process.poll() is None:
            return self._settle()
        if self._process is not None:
            self._bury()
            return True
        if time.monotonic() < self._not_before:
            return False
        self.restarts += 1
        self.start()
        return True

    def _settle(self) -> bool:
        """Forgive earlier deaths to who lives; tell whether that changed anything."""
        if not self._deaths or time.monotonic() - self._since <= _SETTLED_S:
            return False
        self._deaths = 0
        return True

    def _bury(self) -> None:
        settled = time.monotonic() - self._since > _SETTLED_S
        self._deaths = 1 if settled else self._deaths + 1
        self._delay_s = _FIRST_DELAY_S if settled else min(self._delay_s * 2, _LONGEST_DELAY_S)
        self._not_before = time.monotonic() + self._delay_s
        self._process, self._mark = None, None

    def listen(self) -> bool:
        """End the process if it runs and has not answered for too long, as one that was stopped; tell whether it was.

        Whoever hangs ends by its own watchdog; this is for those that cannot.
        """
        found, now = self._mark, time.monotonic()
        if found is None or answers(self.service.health_url):
            self._answered_at = now
            return False
        if now - max(self._answered_at, self._since + _STARTING_S) <= _SILENT_S:
            return False
        end([found], patience_s=0)
        return True

    @property
    def problem(self) -> str | None:
        """What an operator should know and do; None when there is nothing."""
        if self._deaths < _AGAIN_AND_AGAIN:
            return None
        return f"{self.name} died {self._deaths} times in a row: see {self.service.log}; it is tried again."

    def ready(self) -> bool:
        """Tell whether the process runs and has all that it needs, however much lies before it."""
        return self._mark is not None and has_come_up(self.service.ready_url)

    @property
    def mark(self) -> Mark | None:
        """The running process, None while it waits to be started again."""
        return self._mark

    def state(self) -> ProcessState:
        """Return what `status` shows of it."""
        found = self._mark
        return ProcessState(
            name=self.service.name,
            pid=found.pid if found else None,
            started=found.started if found else 0.0,
            restarts=self.restarts,
            ready=self.service.ready_url,
            problem=self.problem,
        )
