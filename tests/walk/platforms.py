"""A platform of the test's own, driven by the command `chungtay` in a process of its own, as a person would."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

from events.units import unit
from services.cli.demo.player import Desks
from services.cli.desk import Desk
from services.cli.passes import Pass, issue

_WITHIN_S = 300.0
_PURPOSES = {"coordination_01": "coordination"}


@dataclass(frozen=True)
class Platform:
    """The platform of one data dir."""

    data_dir: Path
    environment: "dict[str, str] | None" = None  # of its commands; None: our own
    works_in: Path | None = None  # the folder of its commands; None: our own

    def start(self, command: str, *arguments: str) -> "subprocess.Popen[str]":
        """Start a command without waiting for its end."""
        return subprocess.Popen(
            self._line(command, *arguments),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=self.environment,
            cwd=self.works_in,
        )

    def run(self, command: str, *arguments: str, said: str | None = None) -> "subprocess.CompletedProcess[str]":
        """Run a command to its end, whatever that is."""
        return subprocess.run(
            self._line(command, *arguments),
            input=said,
            capture_output=True,
            text=True,
            check=False,
            timeout=_WITHIN_S,
            env=self.environment,
            cwd=self.works_in,
        )

    def told(self, command: str, *arguments: str) -> Any:
        """Run a command that must succeed and return its JSON."""
        done = self.run(command, *arguments, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def processes(self) -> dict[str, dict[str, Any]]:
        """Return what the supervisor last said of each process, by name."""
        state = json.loads((self.data_dir / "run" / "state.json").read_bytes())
        return {row["name"]: row for row in state["processes"]}

    def endpoints(self) -> Any:
        return json.loads((self.data_dir / "endpoints.json").read_bytes())

    def connect(self, database: str = "chungtay") -> "psycopg.Connection[Any]":
        """Open a database as its owner: as somebody who can read and change everything by hand."""
        passwords = json.loads((self.data_dir / "secrets" / "postgres.json").read_bytes())
        where = urlsplit(self.endpoints()["postgres"])
        return psycopg.connect(
            host=where.hostname,
            port=where.port,
            dbname=database,
            user="chungtay_owner",
            password=passwords["chungtay_owner"],
            autocommit=True,
        )

    def _line(self, command: str, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "services.cli", command, *arguments, "--data-dir", str(self.data_dir)]


def desks_of(platform: Platform) -> Desks:
    """Return the desks at which units publish and read, each with a token of its own."""
    doors = platform.endpoints()

    def desk(unit_id: str, *, reads: bool) -> Desk:
        found = unit(unit_id)
        url = doors["agencies"].get(found.agency.value, doors["coordination"])
        token = issue(platform.data_dir, Pass(found.agency, unit_id, found.audience if reads else None))
        return Desk(url, token, purpose=_PURPOSES.get(unit_id, "case_work") if reads else None)

    return Desks(lambda one: desk(one, reads=False), lambda one: desk(one, reads=True))
