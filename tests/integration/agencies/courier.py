"""What lies in the topics of a real broker, and outcomes as the case record would tell them."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import sha256

from pydantic import JsonValue

from infra.kafka.publisher import Outgoing, Publisher
from infra.kafka.subscriber import Incoming, Subscriber
from infra.kafka.topics import events_topic, outcomes_topic
from infra.tasks import end_all
from services.agencies.app import Door
from tests.waiting import eventually_async


@dataclass
class Arrivals:
    """The messages of one agency's topic, as they come."""

    subscriber: Subscriber
    found: list[Incoming] = field(default_factory=list)

    async def until(self, done: Callable[[list[Incoming]], bool]) -> list[Incoming]:
        async def arrived() -> bool:
            self.found += await self.subscriber.batch(500, 50)
            return done(self.found)

        await eventually_async(arrived, within_s=45)
        return self.found


@asynccontextmanager
async def arriving(
    broker: str, agency: str = "police", topic: Callable[[str], str] = events_topic
) -> AsyncIterator[Arrivals]:
    subscriber = Subscriber(broker, [topic(agency)])
    await subscriber.start()
    try:
        yield Arrivals(subscriber)
    finally:
        await subscriber.stop()


@asynccontextmanager
async def at_work(door: Door) -> AsyncIterator[None]:
    """Let the door's relay and outcomes work in the background, and end them as the process would."""
    tasks = [asyncio.create_task(work()) for work in door.work]
    try:
        yield
        assert [task for task in tasks if task.done()] == []
    finally:
        await end_all(tasks)


async def tell_outcomes(broker: str, *told: dict[str, JsonValue] | bytes, agency: str = "police") -> None:
    publisher = Publisher(broker, "case_record")
    await publisher.start()
    await publisher.send([_outcome(agency, one) for one in told])
    await publisher.stop()


def _outcome(agency: str, told: dict[str, JsonValue] | bytes) -> Outgoing:
    value = told if isinstance(told, bytes) else json.dumps(told).encode()
    key = value if isinstance(told, bytes) else f"{told['source']}|{told['id']}".encode()
    return Outgoing(outcomes_topic(agency), sha256(key).hexdigest().encode(), value)
