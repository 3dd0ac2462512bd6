"""Ships what lies in the outbox: in order per reference, again and again until each event is settled.

At most one event of a reference is under way at a time, so that a refused one is never overtaken. What if the process
dies here? Before the row is settled the event goes out again, and the door answers with the first receipt.
"""

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

from chungtay_client.answers import Result
from chungtay_client.client import Client
from chungtay_client.encoding import MOST_EVENTS
from chungtay_client.outbox import table
from chungtay_client.outbox.databases import Database
from chungtay_client.outbox.table import Waiting
from chungtay_client.problems import ClientError, DoorProblemError, NotReachableError, UnavailableError
from chungtay_client.retries import Backoff

_POLL_S = 1.0
_log = logging.getLogger(__name__)


@dataclass
class Shipper:
    """Ships one outbox (of one source, where `source` says so) by a client that itself tries only once."""

    database: Database
    client: Client
    source: str | None = None
    backoff: Backoff = field(default_factory=Backoff)
    stop: threading.Event = field(default_factory=threading.Event)

    def run(self, *, until_empty: bool = False) -> None:
        """Ship until told to stop, or until nothing is left that may go out."""
        failures = 0
        while not self.stop.is_set():
            try:
                settled = self._round()
            except (ClientError, self.database.away) as away:
                failures += 1
                self._rest(away, failures)
                continue
            failures = 0
            if settled == 0:
                if until_empty:
                    return
                self.stop.wait(_POLL_S)

    def _round(self) -> int:
        """Ship what may go out now; return how many events were settled.

        Raises:
            UnavailableError: if the door keeps none of them just now.
        """
        with self.database.transaction() as connection:
            waiting = table.next_events(connection, self.source, MOST_EVENTS)
        results: list[Result] = []
        try:
            for result in self.client.publish_many(one.event for one in waiting):
                results.append(result)  # noqa: PERF402 - what came before an error counts
        finally:
            settled = self._settle(waiting, results)
        later = [one.problem for one in results if one.problem is not None and one.problem.is_transient]
        if later and not settled:
            raise UnavailableError(later[0], None)
        return settled

    def _settle(self, waiting: Sequence[Waiting], results: Sequence[Result]) -> int:
        """Note in one transaction what is settled for good; return how many events that are."""
        told = list(zip(waiting, results, strict=False))
        settled = [(one, result) for one, result in told if result.problem is None or not result.problem.is_transient]
        if settled:
            with self.database.transaction() as connection:
                for one, result in settled:
                    problem = None if result.problem is None else dict(result.problem.document)
                    table.settle(connection, one, receipt=result.receipt, problem=problem)
        for one, result in settled:
            if result.problem is not None:
                _log.warning("the event in row %d is refused: %s", one.number, result.problem.code)
        return len(settled)

    def _rest(self, away: Exception, failures: int) -> None:
        retry_after = away.retry_after_s if isinstance(away, UnavailableError | NotReachableError) else None
        pause = self.backoff.pause(failures, retry_after)
        told = away.problem.code if isinstance(away, DoorProblemError) else type(away).__name__
        _log.warning("nothing shipped: %s; again in %.1f s", told, pause)
        self.stop.wait(pause)
