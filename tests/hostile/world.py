"""The doors, the coordinator's and the auditor's service as processes on a real PostgreSQL with a case in it."""

import asyncio
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AsyncExitStack, ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from pydantic import SecretStr

from events.parties import Agency, Audience
from infra.clock import SimulatedClock
from infra.crypto.door_secrets import make_door_secrets
from infra.crypto.likeness_keys import make_likeness_keys
from infra.embedded.databases import Databases
from infra.issuers import TrustedIssuer
from infra.keys.service_keys import door_name, make_service_keys, reader_name
from infra.postgres.roles import ACCESS_ASKER, ACCESS_ENDER, OWNER, door_role, reader_role
from infra.settings import SETTINGS_VARIABLE, ServiceSettings
from infra.web.issuer import make_issuer_keys
from tests.controls.bad_input import CLOCK, good
from tests.fixtures.doors import DOORS, NOBODY
from tests.fixtures.keys import NAMES, key_settings
from tests.hostile.glasses import break_before
from tests.hostile.hostile import BATCH, EVENT, Hostile
from tests.hostile.tokens import passes
from tests.hostile.wire import Answer, exchange, request
from tests.integration.agencies.door_process import free_ports
from tests.integration.reading.house import build_house
from tests.waiting import eventually

SERVED = (Agency.POLICE, Agency.HEALTH)
READING = {Agency.POLICE: Audience.POLICE, Agency.HEALTH: Audience.HEALTH}
_STEP = 21  # of scenario 1: a case in full work
_PATIENCE_S = 60
_OWN_WRITE_S = 0.2  # nothing is brought into a view while this walk goes on
_SLOW_S = 3.0  # a slow client is ended after this; others of this walk are faster on any machine

_TABLES = """\
select table_schema || '.' || table_name from information_schema.tables
where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema') order by 1"""


@dataclass
class World:
    """Processes that answer, the tokens of everybody, and what lies in the databases."""

    directory: Path
    databases: Databases
    ports: dict[str, int]
    tokens: dict[str, str]
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    cases: dict[str, str] = field(default_factory=dict)
    counted: Counter[str] = field(default_factory=Counter)
    _connections: list[psycopg.Connection[Any]] = field(default_factory=list)

    def answer(self, hostile: Hostile, language: str = "en") -> Answer:
        """Send an input and return what it is answered."""
        token = self.tokens[hostile.speaker] if hostile.speaker else None
        raw = hostile.bytes_for(token, language).replace(b"<case>", self.cases["hospital_h1"].encode())
        return exchange(self.ports[hostile.door], raw)

    def publish(self, body: bytes, speaker: str = "publisher", door: str = "police") -> Answer:
        """Send an event as it should be."""
        told = (("Authorization", f"Bearer {self.tokens[speaker]}"), ("Accept-Language", "en"), *EVENT)
        return exchange(self.ports[door], request("POST", "/v1/events", told, body))

    def publish_batch(self, body: bytes) -> Answer:
        """Send a batch of the police's unit."""
        told = (("Authorization", f"Bearer {self.tokens['publisher']}"), ("Accept-Language", "en"), *BATCH)
        return exchange(self.ports["police"], request("POST", "/v1/events", told, body))

    def get(self, path: str, *, door: str = "police", headers: Iterable[tuple[str, str]] = ()) -> Answer:
        return exchange(self.ports[door], request("GET", path, headers, b""))

    def rows(self) -> Counter[str]:
        """Count the rows of every table of both databases; `counted` keeps what was found last."""
        self.counted = Counter()
        for connection in self._owners():
            tables = [str(name) for (name,) in connection.execute(_TABLES)]
            counts = " union all ".join(f"select '{table}', count(*) from {table}" for table in tables)
            self.counted.update({str(table): int(count) for table, count in connection.execute(counts)})
        return self.counted

    def _owners(self) -> list[psycopg.Connection[Any]]:
        if not self._connections:
            dsns = (self.databases.main(OWNER), self.databases.keys(OWNER))
            self._connections = [psycopg.connect(dsn, autocommit=True) for dsn in dsns]
        return self._connections

    def start(self, service: str) -> None:
        """Start a process and wait until it listens."""
        file = self.directory / f"{service}.json"
        command = [sys.executable, "-m", f"services.{service}"]
        self.processes[service] = subprocess.Popen(command, env={SETTINGS_VARIABLE: str(file)})
        names = [agency.value for agency in SERVED] if service == "agencies" else [service]
        eventually(lambda: all(self._listens(name) for name in names), within_s=_PATIENCE_S)

    def kill(self, service: str) -> None:
        self.processes[service].kill()
        self.processes.pop(service).wait(_PATIENCE_S)

    def end(self) -> None:
        for service in list(self.processes):
            self.kill(service)
        for connection in self._connections:
            connection.close()

    def logs(self) -> str:
        return "".join(file.read_text(encoding="utf-8") for file in self.directory.glob("*.log"))

    def _listens(self, name: str) -> bool:
        try:
            return exchange(self.ports[name], request("GET", "/healthz", (), b"")).status == 200
        except ConnectionError:
            return False


@contextmanager
def hostile_world(
    databases: Databases,
    directory: Path,
    issuer: TrustedIssuer | None = None,
    at: Mapping[str, int] | None = None,
) -> Iterator[World]:
    """Fill the databases, start the processes, accept one event; end everything afterwards.

    With an issuer outside, the tokens of this world open nothing, and none is accepted. `at`: ports that are chosen.
    """
    asyncio.run(_fill(databases, directory))
    break_before(databases)
    SimulatedClock(directory / "clock").set(datetime.fromisoformat(CLOCK))
    ports = free_ports(*map(str, SERVED), "keys", "coordination", "audit") | dict(at or {})
    world = World(directory, databases, ports, passes(directory))
    for service, settings in _all_settings(world):
        (settings if issuer is None else trusting(settings, issuer)).save(directory / f"{service}.json")
    world.cases |= _cases(databases)
    with ExitStack() as stack:
        stack.callback(world.end)
        for service in ("keys", "agencies", "coordination", "audit"):
            world.start(service)
        assert world.publish(good()).status == (202 if issuer is None else 401)
        yield world


def trusting(settings: ServiceSettings, issuer: TrustedIssuer) -> ServiceSettings:
    """Return settings with an issuer outside."""
    return settings.model_copy(update={"issuer": issuer, "issuer_keys": None})


async def _fill(databases: Databases, directory: Path) -> None:
    async with AsyncExitStack() as stack:
        await build_house(databases, directory, stack, step=_STEP)


def _cases(databases: Databases) -> dict[str, str]:
    """Return each unit's own reference of a case."""
    with psycopg.connect(databases.main(OWNER)) as connection:
        found = connection.execute(
            "select holder, reference from view_health.case_references"
            " union all select holder, reference from view_police.case_references"
        )
        return {str(holder): str(reference) for holder, reference in found}


def _all_settings(world: World) -> Iterator[tuple[str, ServiceSettings]]:
    audiences = [READING[agency] for agency in SERVED]
    names = [*map(door_name, SERVED), *map(reader_name, audiences)]
    roles = [*map(door_role, SERVED), *map(reader_role, audiences)]
    ports = {agency.value: world.ports[agency.value] for agency in SERVED}
    yield (
        "keys",
        key_settings(world.databases, world.directory, world.ports["keys"], log_file=world.directory / "keys.log"),
    )
    yield "agencies", _settings(world, "agencies", roles, names, ports)
    for service, audience, *more in (("coordination", Audience.COORDINATOR), ("audit", Audience.AUDITOR, ACCESS_ENDER)):
        own = {"http": world.ports[service]}
        yield service, _settings(world, service, [reader_role(audience), *more], [reader_name(audience)], own)


def _settings(
    world: World, service: str, roles: Iterable[str], names: Iterable[str], ports: Mapping[str, int]
) -> ServiceSettings:
    files = make_service_keys(world.directory, NAMES)
    used = [*roles, ACCESS_ASKER]
    return ServiceSettings(
        service=service,
        data_dir=world.directory,
        ports=dict(ports),
        broker=NOBODY,
        databases={role: SecretStr(world.databases.main(role)) for role in used},
        likeness_keys=make_likeness_keys(world.directory, READING.values()),
        key_service=f"http://127.0.0.1:{world.ports['keys']}",
        service_keys={name: files[name] for name in names},
        door_secrets={agency.value: file for agency, file in make_door_secrets(world.directory, DOORS).items()},
        issuer_keys=make_issuer_keys(world.directory),
        own_write_within_s=_OWN_WRITE_S,
        head_within_s=_SLOW_S,
        body_within_s=_SLOW_S,
        clock=world.directory / "clock",
        log_file=world.directory / f"{service}.log",
    )
