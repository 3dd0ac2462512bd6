"""Compare the views with the register every second, and project what the topic did not bring."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

from infra.backlog import Backlog
from infra.postgres.event_feed import EventFeed
from infra.postgres.faults import DatabaseUnreachableError
from infra.postgres.view_rows import Progress
from infra.postgres.view_store import ViewStore
from infra.standing import Standing
from services.projector.hearing import Hearing
from services.projector.projecting import Arrived, Projecting
from services.projector.reaching_back import ReachingBack

EVERY_S = 1.0
_BATCH = 500  # events

_log = structlog.get_logger()


@dataclass
class CatchingUp:
    """Gives the topic one second for each event, then reads it from the register.

    `feed` is its own: a follower's feed is not shared. `moved` is called when there is nothing to do.
    """

    store: ViewStore
    feed: EventFeed
    projecting: Projecting
    moved: Callable[[], None]
    standing: Standing | None = None
    hearing: Hearing = field(default_factory=Hearing)
    reaching_back: ReachingBack | None = None
    _newest_before: int = field(default=0, init=False)
    _relayed_before: int = field(default=0, init=False)

    async def run(self) -> None:
        """Catch up for ever; wait while the database is away.

        Raises:
            DeafError: if the topic has not been heard for too long.
        """
        while True:
            try:
                await self.once()
            except DatabaseUnreachableError as problem:
                self.moved()  # it says what it waits for
                if self.standing:
                    self.standing.check("database", "away")
                _log.warning("database_away", error=type(problem).__name__)
            await asyncio.sleep(EVERY_S)

    async def once(self) -> None:
        """Note how far the views are; bring in what was there a call ago and is still missing.

        Raises:
            DatabaseUnreachableError: if the register or the views do not answer.
            DeafError: if the topic has not been heard for too long.
        """
        progress = await self.store.progress()
        self._tell(progress)
        await self._retry_asked()
        if self.reaching_back:
            await self.reaching_back.once()
        first, newest = progress.first_missing, progress.newest
        done = newest if first is None else first - 1
        if done > progress.done:
            await self.store.mark_done(done)
        if first is None:
            self.moved()
        if first is not None and first <= self._newest_before:
            if first <= self._relayed_before:
                self.hearing.missed()
            await self._bring_in(first - 1, self._newest_before)
        self._newest_before, self._relayed_before = newest, progress.relayed

    async def retry_quarantined(self) -> None:
        """Try every stream in quarantine again: the reason may be gone.

        Raises:
            DatabaseUnreachableError: if the register or the views do not answer.
        """
        for stream in await self.store.quarantined():
            await self.projecting.retry(stream)

    def _tell(self, progress: Progress) -> None:
        """Say how the views stand; what lies between two positions is counted as if there were no gaps."""
        if self.standing is None:
            return
        first = progress.first_missing
        count = 0 if first is None else progress.newest - first + 1
        self.standing.check("database", "ok")
        self.standing.behind("views", Backlog(count, progress.age_s))

    async def _retry_asked(self) -> None:
        """Do what operators asked for; a stream that is in no quarantine has nothing to be tried."""
        for request in await self.store.retries_asked():
            for stream in await self.store.quarantined():
                if request.stream in {None, stream}:
                    await self.projecting.retry(stream)
            await self.store.mark_retried(request)

    async def _bring_in(self, position: int, until: int) -> None:
        _log.info("catching_up", position=position, lag=until - position)
        while position < until:
            items = await self.feed.after(position, _BATCH)
            if not items:
                return
            await self.projecting.project(
                Arrived(item.event.stream, item.event.version, item.event.recorded) for item in items
            )
            position = items[-1].position
