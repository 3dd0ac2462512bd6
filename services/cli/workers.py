"""One service process under the supervisor: started, watched, started again when it dies."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from infra.processes import Mark, mark
from infra.settings import SETTINGS_VARIABLE
from services.cli.readiness import has_come_up
from services.cli.state import ProcessState

_FIRST_DELAY_S = 0.2
_LONGEST_DELAY_S = 10.0
_SETTLED_S = 30.0  # who lived this long starts again at once


@dataclass(frozen=True, slots=True)
class Service:
    """What to start: a service, its settings file, its log, and the URL at which it says whether it is ready."""

    name: str
    service: str
    settings: Path
    log: Path
    ready_url: str


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
        if self._process is not None:
            if self._process.poll() is None:
                return False
            lived = time.monotonic() - self._since
            self._delay_s = _FIRST_DELAY_S if lived > _SETTLED_S else min(self._delay_s * 2, _LONGEST_DELAY_S)
            self._not_before = time.monotonic() + self._delay_s
            self._process, self._mark = None, None
            return True
        if time.monotonic() < self._not_before:
            return False
        self.restarts += 1
        self.start()
        return True

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
        )
