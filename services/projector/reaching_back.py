"""A version of the agreement that reaches back has the views folded anew, once; after a death again, harmlessly."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

from infra.postgres.agreements import AgreementReader
from infra.postgres.singleton import AlreadyRunningError
from infra.postgres.view_store import ViewStore
from projections.disclosure.agreements import Agreements
from services.projector.rebuilding import NotRebuildableError

_log = structlog.get_logger()


@dataclass
class ReachingBack:
    """Looks whether a version was adopted that reaches back; `rebuild` folds every view anew, and blocks meanwhile."""

    store: ViewStore
    agreements: AgreementReader[Agreements]
    rebuild: Callable[[], object]
    _done_with: int = field(default=-1, init=False)  # the version that nothing is left to do for until the next start

    async def once(self) -> None:
        """Rebuild if a version reaches back that has not been folded in yet, and note that.

        Raises:
            DatabaseUnreachableError: if the database does not answer.
        """
        history = await self.agreements.current()
        if self._done_with == history.number:
            return
        reached = await self.store.reached_back()
        if reached < history.number:
            if history.reaches_back(reached) and not await self._rebuilt(history.number):
                return
            await self.store.mark_reached_back(history.number)
        self._done_with = history.number

    async def _rebuilt(self, number: int) -> bool:
        try:
            await asyncio.to_thread(self.rebuild)
        except AlreadyRunningError:
            return False  # somebody else's ends; the next call tries again
        except NotRebuildableError:
            self._done_with = number  # the register is damaged, and a person must look
            _log.exception("not_rebuilt", version=number)
            return False
        _log.info("reached_back", version=number)
        return True
