"""The projector's process: wired from its settings, ended by SIGTERM, started anew by whoever supervises it."""

import asyncio
from contextlib import AsyncExitStack
from functools import partial

import faust
import structlog

from infra.kafka.cluster import BrokerUnreachable, TopicRefused
from infra.kafka.topics import ensure_topics
from infra.postgres.agreements import AgreementReader
from infra.postgres.event_feed import EventFeed
from infra.postgres.pool import open_pool
from infra.postgres.roles import PROJECTOR
from infra.postgres.view_store import ViewStore
from infra.running import run_process
from infra.settings import ServiceSettings
from infra.standing import Standing
from infra.tasks import end_all
from infra.watchdog import Watchdog
from infra.web.face import standing_of
from projections.disclosure.agreements import read_agreements
from projections.views import VIEWS
from services.projector.agents import faust_app
from services.projector.catching_up import CatchingUp
from services.projector.hearing import Hearing
from services.projector.projecting import Projecting
from services.projector.reaching_back import ReachingBack
from services.projector.rebuild import rebuild

_RETRY_S = 0.5

_log = structlog.get_logger()


class FaustStoppedError(Exception):
    """Faust ended by itself; only a new process brings it back."""


def main() -> int:
    """Run until SIGTERM; return 0 then, and 1 when the projector cannot go on."""
    return run_process(work)


async def work(settings: ServiceSettings, stack: AsyncExitStack, stop: asyncio.Event) -> None:
    """Project until told to stop."""
    standing = standing_of(settings, stack)
    catching_up, app = await _wired(settings, standing, stack)
    await _until(stop, catching_up, app, standing, settings.broker)


async def _wired(settings: ServiceSettings, standing: Standing, stack: AsyncExitStack) -> tuple[CatchingUp, faust.App]:
    dsn = settings.database(PROJECTOR)
    pool = await open_pool(dsn, max_size=1, autocommit=True)
    stack.push_async_callback(pool.close)
    store = ViewStore(dsn)
    stack.push_async_callback(store.close)
    streams, history = EventFeed(dsn), EventFeed(dsn)
    stack.push_async_callback(streams.close)
    stack.push_async_callback(history.close)
    watchdog = Watchdog(settings.stopped_moving_after_s)
    moved, hearing = watchdog.part("views"), Hearing()
    watchdog.start()
    stack.callback(watchdog.stop)
    agreements = AgreementReader(pool, read_agreements)
    projecting = Projecting(store, streams, agreements, moved)
    every_view = partial(rebuild, dsn, sorted(VIEWS), verify=False, tell=lambda *_: moved())
    back = ReachingBack(store, agreements, every_view)
    catching_up = CatchingUp(store, history, projecting, moved, standing, hearing, back)
    return catching_up, faust_app(settings.broker, settings.data_dir / "run" / "faust", projecting, hearing)


async def _until(stop: asyncio.Event, catching_up: CatchingUp, app: faust.App, standing: Standing, broker: str) -> None:
    """Work until `stop` is set; raise what ended the work before."""
    await catching_up.retry_quarantined()
    stopping = asyncio.create_task(stop.wait())
    tasks = [stopping, asyncio.create_task(catching_up.run()), asyncio.create_task(_consume(broker, app, standing))]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        await end_all(tasks)
        await app.stop()


async def _consume(broker: str, app: faust.App, standing: Standing) -> None:
    """Let Faust consume as soon as there is a broker; until then the catching up does all the work.

    Raises:
        FaustStoppedError: if Faust ended though nobody told it to.
    """
    while True:
        try:
            await ensure_topics(broker)
            break
        except (BrokerUnreachable, TopicRefused) as problem:
            _log.warning("broker_away", error=type(problem).__name__)
            await asyncio.sleep(_RETRY_S)
    app.finalize()
    await app.start()
    standing.check("broker", "ok")
    _log.info("consuming")
    await app.wait_until_stopped()
    raise FaustStoppedError
