"""A load through the agencies' HTTP doors: every client asks again, with the same bytes, until it is answered."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from services.cli.passes import Pass, issue
from tests.endurance.sayings import AGENCY_OF, Follower, Saying, Speaker, followers
from tests.walk.platforms import Platform

_AGAIN = frozenset({429, 500, 502, 503, 504})
_PROMISED = frozenset({429, 503})  # what a door that cannot answer says; anything else is a fault of its own
_PATIENCE_S = 180.0
_PAUSE_S = 0.2
_LOOK_EVERY_S = 0.5
_REPEATED = 0.1  # of what was answered is sent once more
Key = tuple[str, str]


class NotAnsweredError(Exception):
    """A door gave no answer for minutes, or refused a valid event."""


@dataclass
class Load:
    """What was sent and answered; `tellers` begin stories at once, each a story about every `pace_s` seconds."""

    platform: Platform
    speaker: Speaker
    tellers: int = 4
    pace_s: float = 0.4
    sent: dict[Key, Saying] = field(default_factory=dict)
    receipts: dict[Key, dict[str, Any]] = field(default_factory=dict)
    counted: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    _publishers: dict[str, httpx.AsyncClient] = field(default_factory=dict)
    _readers: dict[str, httpx.AsyncClient] = field(default_factory=dict)
    _stop: asyncio.Event = field(default_factory=asyncio.Event)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Tell stories inside the block; at its end every story that was begun is told to its end."""
        async with AsyncExitStack() as stack:
            await self._open(stack)
            async with asyncio.TaskGroup() as group:
                told = [group.create_task(self._tell()) for _ in range(self.tellers)]
                followed = [group.create_task(self._follow(one)) for one in followers()]
                try:
                    yield
                except BaseException:
                    for task in (*told, *followed):
                        task.cancel()
                    raise
                self._stop.set()

    async def _open(self, stack: AsyncExitStack) -> None:
        urls = self.platform.endpoints()["agencies"]
        for unit, agency in AGENCY_OF.items():
            client = _client(urls[agency.value], issue(self.platform.data_dir, Pass(agency, unit)))
            self._publishers[unit] = await stack.enter_async_context(client)
        for one in followers():
            token = issue(self.platform.data_dir, Pass(AGENCY_OF[one.unit], one.unit, one.audience))
            reader = _client(urls[AGENCY_OF[one.unit].value], token, {"X-Purpose": "case_work"})
            self._readers[one.unit] = await stack.enter_async_context(reader)

    async def _tell(self) -> None:
        while not self._stop.is_set():
            await self._state_all(self.speaker.story())
            await self._pause(self.speaker.drawn.expovariate(1 / self.pace_s))

    async def _follow(self, follower: Follower) -> None:
        known: set[str] = set()
        while not self._stop.is_set():
            answer = await self._ask(self._readers[follower.unit], "GET", "/v1/cases")
            rows = [row["case"] for row in answer.json()["cases"] if row["kind"] == follower.kind]
            for name in [row for row in rows if row not in known][:5]:
                known.add(name)
                await self._state_all(follower.chain(self.speaker, name))
            await self._pause(_LOOK_EVERY_S)

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stop.wait()
        except TimeoutError:
            return

    async def _state_all(self, sayings: Iterable[Saying]) -> None:
        """State one after another; some once more, as a system does that forgot that it was answered."""
        for saying in sayings:
            self.sent[saying.key] = saying
            self.receipts[saying.key] = await self._state(saying)
            if self.speaker.drawn.random() < _REPEATED:
                self.counted["repeated"] += 1
                if await self._state(saying) != self.receipts[saying.key]:
                    self.wrong.append(f"another receipt for {saying.key}")

    async def _state(self, saying: Saying) -> dict[str, Any]:
        headers = {"Content-Type": "application/cloudevents+json"}
        client = self._publishers[saying.unit]
        answer = await self._ask(client, "POST", "/v1/events", content=saying.body, headers=headers)
        self.counted[f"answered {answer.status_code}"] += 1
        receipt: dict[str, Any] = answer.json()
        return receipt

    async def _ask(self, client: httpx.AsyncClient, method: str, path: str, **request: Any) -> httpx.Response:
        """Ask until there is an answer.

        Raises:
            NotAnsweredError: if there is none for minutes, or it is a refusal.
        """
        deadline = asyncio.get_running_loop().time() + _PATIENCE_S
        while asyncio.get_running_loop().time() < deadline:
            try:
                answer = await client.request(method, path, **request)
            except httpx.TransportError:
                self.counted["connection lost"] += 1
            else:
                if answer.is_success:
                    return answer
                if answer.status_code not in _AGAIN:
                    raise NotAnsweredError(f"{client.base_url}{path}: {answer.status_code} {answer.text}")
                self.counted[f"answered {answer.status_code}"] += 1
                if answer.status_code not in _PROMISED:
                    self.wrong.append(f"{method} {client.base_url.port}{path} was answered {answer.status_code}")
            await asyncio.sleep(_PAUSE_S)
        raise NotAnsweredError(f"{client.base_url}{path} does not answer")


def _client(url: str, token: str, headers: dict[str, str] | None = None) -> httpx.AsyncClient:
    told = {"Authorization": f"Bearer {token}", "Accept-Language": "en", **(headers or {})}
    return httpx.AsyncClient(base_url=url, headers=told, timeout=15, trust_env=False)
