"""The doors as a process of their own, started as in production."""

import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from infra.settings import SETTINGS_VARIABLE, ServiceSettings
from tests.waiting import eventually

_PATIENCE_S = 60


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
        """Say whether the door listens: it does so when everything behind it is wired."""
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.settings.ports[agency])) == 0

    def wait_until_up(self) -> None:
        eventually(lambda: all(map(self.is_up, self.settings.ports)), within_s=_PATIENCE_S)

    def end(self) -> int:
        """Ask it to end; return its exit code."""
        self.process.terminate()
        return self.process.wait(_PATIENCE_S)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(_PATIENCE_S)


def free_ports(*names: str) -> dict[str, int]:
    sockets = {name: socket.create_server(("127.0.0.1", 0)) for name in names}
    ports = {name: one.getsockname()[1] for name, one in sockets.items()}
    for one in sockets.values():
        one.close()
    return ports
