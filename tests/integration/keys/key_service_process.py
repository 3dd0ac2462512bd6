"""The key service as a process of its own, started as in production."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from infra.embedded.databases import Databases
from infra.embedded.ports import LOOPBACK, free_port
from infra.settings import SETTINGS_VARIABLE
from services.cli.readiness import answers
from tests.fixtures.keys import key_settings
from tests.waiting import eventually


@dataclass
class KeyServiceProcess:
    """One run of the key service; a killed one is started again where it listened before."""

    settings: Path
    url: str
    process: subprocess.Popen[bytes]

    @classmethod
    def start(cls, directory: Path, databases: Databases) -> "KeyServiceProcess":
        port, settings = free_port(), directory / "keys.json"
        key_settings(databases, directory, port, log_file=directory / "keys.log").save(settings)
        return cls(settings, f"http://{LOOPBACK}:{port}", _started(settings)).ready()

    def ready(self) -> "KeyServiceProcess":
        eventually(lambda: answers(f"{self.url}/readyz"), within_s=60)
        return self

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(60)

    def start_again(self) -> None:
        self.process = _started(self.settings)
        self.ready()


def _started(settings: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "services.keys"], env={SETTINGS_VARIABLE: str(settings)})
