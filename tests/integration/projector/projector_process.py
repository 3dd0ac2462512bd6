"""The projector as a process of its own, started as in production."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from infra.embedded.databases import Databases
from infra.postgres.roles import PROJECTOR
from infra.settings import SETTINGS_VARIABLE, ServiceSettings

_PATIENCE_S = 60


@dataclass
class ProjectorProcess:
    """One run of the projector on its settings; `log` is read back line by line."""

    log: Path
    process: subprocess.Popen[bytes]

    @classmethod
    def start(cls, folder: Path, databases: Databases, broker: str) -> "ProjectorProcess":
        settings, log = folder / "projector.json", folder / "projector.log"
        written = {PROJECTOR: SecretStr(databases.main(PROJECTOR))}
        ServiceSettings(service="projector", data_dir=folder, broker=broker, databases=written, log_file=log).save(
            settings
        )
        environment = {SETTINGS_VARIABLE: str(settings)}
        process = subprocess.Popen([sys.executable, "-m", "services.projector"], env=environment)
        return cls(log, process)

    def end(self) -> int:
        """Ask it to end; return its exit code."""
        self.process.terminate()
        return self.process.wait(_PATIENCE_S)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(_PATIENCE_S)

    def said(self, event: str) -> int:
        """Return how often it said something."""
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        return sum(json.loads(line)["event"] == event for line in lines)
