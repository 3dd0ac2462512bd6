"""Break glasses and read under them at a door whose process is killed at random moments; then look for what is missing.

A real police door in a process of its own, over one real PostgreSQL and a key service that lives on. The process is
forked from one that has imported what a door imports: only that is saved when it is started again.
"""

import asyncio
import os
import random
import sys
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import httpx
from pydantic import SecretStr

from events.parties import Agency, Audience
from infra.crypto.door_secrets import make_door_secrets
from infra.embedded.databases import Databases
from infra.embedded.ports import LOOPBACK, free_port
from infra.keys.service_keys import door_name, make_service_keys, reader_name
from infra.postgres.roles import ACCESS_ASKER, door_role, reader_role
from infra.settings import SETTINGS_VARIABLE, ServiceSettings
from infra.web.issuer import make_issuer_keys
from services.agencies.app import main
from services.cli.readiness import answers
from tests.fixtures.doors import DOORS, NOBODY
from tests.fixtures.glass_houses import ASKED, LEAD, OTHER_POLICE, GlassHouse, glass_house
from tests.fixtures.keys import NAMES
from tests.waiting import eventually

_AT_ONCE = 4  # who break and read at the same time
_LATEST_KILL_S = 0.05  # after a use has begun
_PATIENCE_S = 120.0
_MANY = 1_000_000
_FORKING = get_context("forkserver")
_FORKING.set_forkserver_preload([__name__])


@dataclass
class Seen:
    """What somebody was answered, byte for byte: by person."""

    broken: dict[str, bytes] = field(default_factory=dict)
    read: dict[str, bytes] = field(default_factory=dict)
    cut_off: int = 0
    kills: int = 0


@dataclass(frozen=True)
class Found:
    """The figures of a run; `unlogged` and `untold` must be nought."""

    uses: int
    kills: int
    cut_off: int
    broken: int
    read: int
    unlogged: int
    untold: int


@dataclass
class Door:
    """The process, and how it is started anew."""

    settings: Path
    client: httpx.AsyncClient
    process: BaseProcess | None = None

    async def start(self) -> None:
        """Start the process and return once it answers."""
        self.process = _FORKING.Process(target=_be_a_door, args=(self.settings,))
        self.process.start()
        healthz = str(self.client.base_url.join("/healthz"))
        await asyncio.to_thread(eventually, lambda: answers(healthz), within_s=_PATIENCE_S)

    def kill(self) -> None:
        """End the process as a power cut would."""
        if self.process is not None:
            self.process.kill()
            self.process.join()


@dataclass
class Run:
    """A run under way: who uses, and who kills."""

    house: GlassHouse
    door: Door
    drawn: random.Random
    seen: Seen = field(default_factory=Seen)
    up: asyncio.Event = field(default_factory=asyncio.Event)

    async def use(self, number: int) -> None:
        """Break a glass and read under it, as somebody who has done neither yet; what is cut off is not tried again."""
        person = f"NGUOI-{number}"
        headers = {"Authorization": f"Bearer {self.house.token(OTHER_POLICE, person)}", "X-Purpose": "emergency"}
        await self.up.wait()
        try:
            broken = await self.door.client.post("/v1/break-glass", json=ASKED, headers=headers)
            if broken.status_code == 200:
                self.seen.broken[person] = broken.content
                read = await self.door.client.get(f"/v1/break-glass/{broken.json()['glass']}", headers=headers)
                if read.status_code == 200:
                    self.seen.read[person] = read.content
        except httpx.TransportError:
            self.seen.cut_off += 1

    async def kill(self) -> None:
        """End the door at some moment of the uses that have begun, and start it anew."""
        await asyncio.sleep(self.drawn.uniform(0, _LATEST_KILL_S))
        self.up.clear()
        self.door.kill()
        self.seen.kills += 1
        await self.door.start()
        self.up.set()


@asynccontextmanager
async def running(databases: Databases, folder: Path, seed: int) -> AsyncIterator[Run]:
    """Build the house and start the door until the end of the block."""
    async with AsyncExitStack() as stack:
        house = await glass_house(databases, folder, stack)
        port = free_port()
        settings = folder / "agencies.json"
        _settings(house, folder, port).save(settings)
        client = httpx.AsyncClient(base_url=f"http://{LOOPBACK}:{port}", trust_env=False, timeout=30)
        door = Door(settings, await stack.enter_async_context(client))
        stack.callback(door.kill)
        run = Run(house, door, random.Random(seed))  # noqa: S311 - a seed that can be told and used again
        await door.start()
        run.up.set()
        yield run


async def break_and_kill(run: Run, uses: int, kills: int) -> Found:
    """Use glasses as often as asked, with the door killed that often meanwhile; return what was found afterwards."""
    alone = asyncio.Semaphore(_AT_ONCE)
    at = set(run.drawn.sample(range(uses), kills))

    async def one(number: int) -> None:
        async with alone:
            killing = asyncio.create_task(run.kill()) if number in at and run.up.is_set() else None
            await run.use(number)
            if killing:
                await killing

    await asyncio.gather(*map(one, range(uses)))
    return await found(run, uses)


async def found(run: Run, uses: int) -> Found:
    """Look for each answer that somebody got in the access log, and for each broken glass wherever it is to be told."""
    entries = run.house.rows(
        "select person, glass::text, body_salt, body_digest from view_police.access_log"
        " where kind = 'break_glass' and outcome = 'answered'"
    )
    kept: defaultdict[str, list[tuple[bytes, bytes]]] = defaultdict(list)
    for person, _, salt, digest in entries:
        kept[person].append((salt, digest))
    answers = [*run.seen.broken.items(), *run.seen.read.items()]
    unlogged = sum(
        all(sha256(salt + body).digest() != digest for salt, digest in kept[person]) for person, body in answers
    )
    broken = {str(glass) for [glass] in run.house.rows("select id from glass.attempts where answer = 'broken'")}
    unlogged += len(broken ^ {str(glass) for _, glass, *_ in entries})
    run.house.record()
    untold = await _untold(run, broken)
    return Found(uses, run.seen.kills, run.seen.cut_off, len(broken), len(run.seen.read), unlogged, untold)


async def _untold(run: Run, broken: set[str]) -> int:
    """Count the broken glasses that the lead unit's desk or the history of the case does not tell of."""
    on_desk: set[str] = set()
    after = ""
    while True:
        answer = (await run.house.ask(LEAD, "GET", f"/v1/break-glass?limit=200{after}")).json()
        on_desk |= {str(one["glass"]) for one in answer["glasses"]}
        if not answer["has_more"]:
            break
        after = f"&after={answer['after']}"
    history: list[tuple[Any, ...]] = run.house.rows(
        "select convert_from(state, 'UTF8')::jsonb #>> '{data,open,breaking}' from case_record.events"
        " where topic = 'privacy.glass_broken.v1'"
    )
    times = Counter(str(glass) for [glass] in history)
    streams = len(run.house.house.streams)
    return len(broken - on_desk) + sum(times[glass] != streams for glass in broken) + len(times.keys() - broken)


def _be_a_door(settings: Path) -> None:
    """Do what `python -m services.agencies` does."""
    os.environ[SETTINGS_VARIABLE] = str(settings)  # noqa: TID251 - the settings of a process of its own
    sys.exit(main())


def _settings(house: GlassHouse, folder: Path, port: int) -> ServiceSettings:
    service_keys = make_service_keys(folder, NAMES)
    names = (door_name(Agency.POLICE), reader_name(Audience.POLICE))
    roles = (door_role(Agency.POLICE), reader_role(Audience.POLICE), ACCESS_ASKER)
    return ServiceSettings(
        service="agencies",
        data_dir=folder,
        ports={Agency.POLICE.value: port},
        broker=NOBODY,
        databases={role: SecretStr(house.house.databases.main(role)) for role in roles},
        key_service=house.house.keys,
        service_keys={name: service_keys[name] for name in names},
        door_secrets={Agency.POLICE.value: make_door_secrets(folder, DOORS)[Agency.POLICE]},
        issuer_keys=make_issuer_keys(folder),
        requests_per_minute=_MANY,
        unit_requests_per_minute=_MANY,
        log_file=folder / "agencies.log",
    )
