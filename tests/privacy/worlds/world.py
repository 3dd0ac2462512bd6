"""Two worlds that are equal but for what is sealed, in the second alone, from most who took part in it.

That is one case, and one record of a child that others name in both.

In each all services stand, wired as their processes wire them, over databases of their own.
"""

import asyncio
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeAlias
from uuid import UUID

import httpx
from fastapi import FastAPI

from events.envelope import RecordedEvent
from events.parties import Audience, Duty
from events.units import unit
from services.keys.app import open_key_service
from tests.fixtures.databases import DatabasesServer
from tests.fixtures.every_door import UNITS, wired_services
from tests.fixtures.keys import key_settings
from tests.fixtures.views import a_case
from tests.integration.reading.house import House, house_of, write_sealing
from tests.privacy.scenario_streams import FIRST, SECOND, case_streams, sealed_streams
from tests.privacy.worlds.alike import one_child
from tests.privacy.worlds.figures import Moved, Watch, the_watch

Streams: TypeAlias = Mapping[UUID, list[RecordedEvent]]

LEAD = "child_protection_00340"
VISIBLE = replace(FIRST, units=(*FIRST.units, "school_s2"))
HIDDEN = SECOND
IN_SIGHT = (LEAD, "commune_police_00340")  # whom the order names
ENTITLED = frozenset({*IN_SIGHT, "inspectorate_01"})
SHARED_CASES = 2  # so that a page ends somewhere
STEP = 14


@dataclass(frozen=True)
class Visitor:
    """Who asks; no unit: somebody without a token."""

    unit: str | None
    duties: frozenset[Duty] = frozenset()
    publisher: bool = False

    @property
    def audience(self) -> Audience | None:
        return unit(self.unit).audience if self.unit and not self.publisher else None

    @property
    def entitled(self) -> bool:
        return self.unit in ENTITLED


@dataclass(frozen=True)
class Ask:
    """One request; `target` is the path with its query, as it goes over the wire."""

    service: str
    method: str
    target: str
    visitor: Visitor
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


@dataclass(frozen=True)
class Answer:
    """All that can be seen of an answer; `moved`: what the operator's figures say of it."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    moved: Moved

    def json(self) -> Any:
        return httpx.Response(self.status, content=self.body).json()


@dataclass(frozen=True)
class World:
    """All services over one pair of databases."""

    house: House
    apps: Mapping[str, FastAPI]
    runner: asyncio.Runner
    clients: Mapping[str, httpx.AsyncClient]
    passes: dict[Visitor, str] = field(default_factory=dict)
    watch: Watch = field(default_factory=the_watch)

    def answer(self, ask: Ask) -> Answer:
        told = self.runner.run(self._ask(ask))
        headers = tuple((name.decode(), value.decode()) for name, value in told.headers.raw)
        return Answer(told.status_code, headers, told.content, self.watch.moved())

    def seconds(self, ask: Ask) -> float:
        """Return how long the answer takes."""
        begun = time.perf_counter()
        self.runner.run(self._ask(ask))
        return time.perf_counter() - begun

    async def _ask(self, ask: Ask) -> httpx.Response:
        client = self.clients[ask.service]
        url = client.base_url.copy_with(raw_path=ask.target.encode())
        headers = [*ask.headers, *self._token(ask.visitor)]
        return await client.send(client.build_request(ask.method, url, headers=headers, content=ask.body))

    def _token(self, visitor: Visitor) -> Iterable[tuple[str, str]]:
        if visitor.unit is not None:
            yield "Authorization", self.passes[visitor]


@dataclass(frozen=True)
class Worlds:
    """The world without the hidden case, and the world with it, where it stands in the `hidden` streams."""

    without: World
    with_it: World
    hidden: frozenset[UUID]

    @property
    def both(self) -> tuple[World, World]:
        return self.without, self.with_it

    @contextmanager
    def unsealed(self) -> Iterator[None]:
        """Take the order back for the length of the block."""
        databases = self.with_it.house.databases
        write_sealing(databases, self.hidden, None)
        try:
            yield
        finally:
            write_sealing(databases, self.hidden, IN_SIGHT)

    def let_in(self, visitor: Visitor) -> None:
        """Give a visitor the same token in both worlds."""
        if visitor.unit is not None and visitor not in self.without.passes:
            token = self.without.house.pass_of(visitor.unit, duties=visitor.duties, publisher=visitor.publisher)
            for world in self.both:
                world.passes[visitor] = token

    def answers(self, ask: Ask) -> tuple[Answer, Answer]:
        self.let_in(ask.visitor)
        without, with_it = (world.answer(ask) for world in self.both)
        return without, with_it


@contextmanager
def two_worlds(server: DatabasesServer, directory: Path) -> Iterator[Worlds]:
    """Build both until the end of the block; every key and secret is one for both."""
    shared: Streams = {**case_streams(STEP, VISIBLE), **{e[0].subject: e for e in map(a_case, range(SHARED_CASES))}}
    alone, together = one_child(None), one_child(IN_SIGHT)
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        try:
            hidden = {**hidden_streams(shared), **together.sealed}
            told = ({**shared, **alone.told}, {**shared, **together.told, **hidden})
            without, with_it = (runner.run(_world(streams, server, directory, stack, runner)) for streams in told)
            yield Worlds(without, with_it, frozenset(hidden))
        finally:
            runner.run(stack.aclose())


def hidden_streams(shared: Streams) -> Streams:
    """Return the hidden case and its reports, sealed; what has one id in both cases gets another in this one."""
    taken = {event.id for events in shared.values() for event in events}
    hidden = case_streams(STEP, HIDDEN)
    renamed = {stream: [_renamed(e) if e.id in taken else e for e in events] for stream, events in hidden.items()}
    return sealed_streams(renamed, IN_SIGHT)


def _renamed(event: RecordedEvent) -> RecordedEvent:
    return event.model_copy(update={"id": f"{event.id}-of-the-hidden-case"})


async def _world(
    streams: Streams, server: DatabasesServer, directory: Path, stack: AsyncExitStack, runner: asyncio.Runner
) -> World:
    databases = server.copy()
    stack.callback(server.drop, databases)
    house = await house_of(streams, databases, directory, stack)
    served = await wired_services(house, dict.fromkeys(UNITS, 0), stack)
    apps = {name: one.app for name, one in zip(UNITS, served, strict=True)}
    apps["keys"], _ = await open_key_service(key_settings(databases, directory, 0), stack)
    clients = {name: await stack.enter_async_context(_client(name, app)) for name, app in apps.items()}
    return World(house, apps, runner, clients)


def _client(name: str, app: FastAPI) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=f"http://{name}.test")
