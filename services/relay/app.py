"""The relay's process: wired from its settings, alone on its register, ended by SIGTERM."""

import asyncio
from contextlib import AsyncExitStack

from infra.kafka.cluster import Cluster
from infra.kafka.publisher import Publisher
from infra.postgres.event_feed import EventFeed
from infra.postgres.locks import AdvisoryLock
from infra.postgres.relay_position import RelayPosition
from infra.postgres.roles import RELAY
from infra.postgres.singleton import Singleton
from infra.running import run_process
from infra.settings import ServiceSettings
from infra.tasks import end_all
from infra.watchdog import Watchdog
from infra.web.face import standing_of
from services.relay.relaying import Relay

_CHECK_S = 1.0
_TAKE_OVER_S = 3.0  # a killed relay's lock is free as soon as PostgreSQL sees its connection closed


def main() -> int:
    """Run until SIGTERM; return 0 then, and 1 when the relay cannot go on."""
    return run_process(work)


async def work(settings: ServiceSettings, stack: AsyncExitStack, stop: asyncio.Event) -> None:
    """Relay until told to stop."""
    singleton, relay = await _wired(settings, stack)
    await _until(stop, relay, singleton)


async def _wired(settings: ServiceSettings, stack: AsyncExitStack) -> tuple[Singleton, Relay]:
    dsn = settings.database(RELAY)
    singleton = stack.enter_context(await asyncio.to_thread(Singleton, dsn, AdvisoryLock.RELAY, wait_s=_TAKE_OVER_S))
    feed, cluster = EventFeed(dsn), Cluster(settings.broker)
    publisher = Publisher(settings.broker, settings.service)
    stack.push_async_callback(feed.close)
    stack.push_async_callback(cluster.close)
    stack.push_async_callback(publisher.stop)
    positions = await RelayPosition.open(dsn)
    stack.push_async_callback(positions.close)
    watchdog = Watchdog(settings.stopped_moving_after_s)
    watchdog.start()
    stack.callback(watchdog.stop)
    return singleton, Relay(feed, publisher, cluster, positions, watchdog.part("relay"), standing_of(settings, stack))


async def _until(stop: asyncio.Event, relay: Relay, singleton: Singleton) -> None:
    """Work until `stop` is set; raise what ended the work before."""
    stopping = asyncio.create_task(stop.wait())
    tasks = [stopping, *(asyncio.create_task(work) for work in (relay.run(), _stay_alone(singleton)))]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        await end_all(tasks)


async def _stay_alone(singleton: Singleton) -> None:
    while True:
        await asyncio.sleep(_CHECK_S)
        await asyncio.to_thread(singleton.check)
