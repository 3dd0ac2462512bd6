"""The case record as a process of its own, started as in production."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from infra.embedded.databases import Databases
from infra.postgres.roles import CASE_RECORD
from infra.settings import SETTINGS_VARIABLE, ServiceSettings

_PATIENCE_S = 60


@dataclass
class CaseRecordProcess:
    """One run of the case record on its settings; `log` is read back line by line."""

    settings: Path
    log: Path
    process: subprocess.Popen[bytes]

    @classmethod
    def start(cls, folder: Path, databases: Databases, broker: str, **more: Any) -> "CaseRecordProcess":
        settings, log = folder / "case_record.json", folder / "case_record.log"
        dsns = {CASE_RECORD: SecretStr(databases.main(CASE_RECORD))}
        ServiceSettings(
            service="case_record", data_dir=folder, broker=broker, databases=dsns, log_file=log, **more
        ).save(settings)
        environment = {SETTINGS_VARIABLE: str(settings)}
        return cls(settings, log, subprocess.Popen([sys.executable, "-m", "services.case_record"], env=environment))

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
