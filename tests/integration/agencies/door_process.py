"""The doors as a process of their own, started as in production."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import httpx

from infra.settings import SETTINGS_VARIABLE, ServiceSettings
from tests.waiting import eventually

_PATIENCE_S = 20


@dataclass
class DoorProcess:
    """One run of the doors on their settings."""

    settings: ServiceSettings
    process: subprocess.Popen[bytes]

    @classmethod
    def start(cls, file: Path, settings: ServiceSettings) -> "DoorProcess":
        settings.save(file)
        process = subprocess.Popen([sys.executable, "-m", "services.agencies"], env={SETTINGS_VARIABLE: str(file)})
        return cls(settings, process)

    def url(self, agency: str) -> str:
        return f"http://127.0.0.1:{self.settings.ports[agency]}"

    def is_up(self, agency: str) -> bool:
        try:
            return httpx.get(self.url(agency) + "/healthz", trust_env=False).status_code == httpx.codes.OK
        except httpx.TransportError:
            return False

    def wait_until_up(self) -> None:
        eventually(lambda: all(map(self.is_up, self.settings.ports)), within_s=_PATIENCE_S)

    def end(self) -> int:
        """Ask it to end; return its exit code."""
        self.process.terminate()
        return self.process.wait(5)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(_PATIENCE_S)
