"""The key service as a process of its own, started as in production."""

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from infra.embedded.databases import Databases
from infra.embedded.ports import LOOPBACK, free_port
from infra.settings import SETTINGS_VARIABLE, KeyToken
from services.cli.readiness import answers
from tests.fixtures.keys import key_settings
from tests.fixtures.tokens import environment_of
from tests.waiting import eventually


@dataclass
class KeyServiceProcess:
    """One run of the key service; a killed one is started again where it listened before."""

    settings: Path
    url: str
    process: subprocess.Popen[bytes]
    environment: Mapping[str, str]

    @classmethod
    def start(cls, directory: Path, databases: Databases, key_token: KeyToken | None = None) -> "KeyServiceProcess":
        port, settings = free_port(), directory / "keys.json"
        made = key_settings(databases, directory, port, log_file=directory / "keys.log")
        if key_token is not None:
            made = made.model_copy(update={"key_token": key_token, "key_encryption_keys": None})
        made.save(settings)
        environment = environment_of(key_token) if key_token else {}
        process = _started(settings, environment)
        return cls(settings, f"http://{LOOPBACK}:{port}", process, environment).ready()

    def ready(self) -> "KeyServiceProcess":
        eventually(lambda: answers(f"{self.url}/readyz"), within_s=60)
        return self

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(60)

    def start_again(self) -> None:
        self.process = _started(self.settings, self.environment)
        self.ready()


def _started(settings: Path, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    told = {**environment, SETTINGS_VARIABLE: str(settings)}
    return subprocess.Popen([sys.executable, "-m", "services.keys"], env=told)
