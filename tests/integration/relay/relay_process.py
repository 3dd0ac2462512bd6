"""The relay as a process of its own, started as in production."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from infra.embedded.databases import Databases
from infra.postgres.roles import RELAY
from infra.settings import SETTINGS_VARIABLE, ServiceSettings

_PATIENCE_S = 60


@dataclass
class RelayProcess:
    """One run of the relay on its settings; `log` is read back line by line."""

    settings: Path
    log: Path
    process: subprocess.Popen[bytes]

    @classmethod
    def start(cls, folder: Path, databases: Databases, broker: str, **more: Any) -> "RelayProcess":
        settings, log = folder / "relay.json", folder / "relay.log"
        written = {RELAY: SecretStr(databases.main(RELAY))}
        ServiceSettings(service="relay", data_dir=folder, broker=broker, databases=written, log_file=log, **more).save(
            settings
        )
        environment = {SETTINGS_VARIABLE: str(settings)}
        process = subprocess.Popen([sys.executable, "-m", "services.relay"], env=environment)
        return cls(settings, log, process)

    def end(self) -> int:
        """Ask it to end; return its exit code."""
        self.process.terminate()
        return self.process.wait(_PATIENCE_S)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(_PATIENCE_S)

    def said(self) -> list[str]:
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        return [json.loads(line)["event"] for line in lines]
