"""Deliver every event several times and in another order; the views end as if each had come once, in its turn.

Run as `python -m tests.endurance.shuffled`. Real PostgreSQL: the case record's intake takes what doors send as the
courier brings it, the projector takes what was recorded twice and in no order. Compared with a run in which
everything comes once and in order: only versions and times of recording may differ.
"""

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psycopg
from rich.console import Console
from rich.table import Table

from events.parties import Audience
from infra.embedded.databases import Databases
from infra.embedded.postgres import EmbeddedPostgres
from infra.postgres.case_store import CaseStore, Position
from infra.postgres.event_feed import EventFeed
from infra.postgres.migrate import migrate
from infra.postgres.roles import CASE_RECORD, OWNER, PROJECTOR
from infra.postgres.view_store import ViewStore
from projections.views import VIEWS
from services.case_record.messages import Message
from services.projector.projecting import Arrived, Projecting
from services.projector.rebuild import rebuild
from tests.controls.office import Office
from tests.endurance.deliveries import TOLD, batches, mixed, stories
from tests.fakes.standing_agreement import StandingAgreement
from tests.fixtures.databases import DatabasesServer

_TIMES = 5  # deliveries of each event
_LONGEST = 200  # messages or events of a batch
_MAY_DIFFER = {"version", "recorded_at", "changed_at"}
_console = Console(stderr=True)


@dataclass(frozen=True)
class Outcome:
    """What was delivered and what came of it; `differing` names views that are not as in the other run."""

    events: int
    deliveries: int
    waited: int
    recorded: int
    rejected: int
    brought_to_views: int
    differing: tuple[str, ...]
    not_rebuilt: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether every event was recorded once and all views are the same."""
        once = self.recorded == self.events and self.rejected == 0
        return once and not self.differing and not self.not_rebuilt


async def compare(calm: Databases, shuffled: Databases, told: Sequence[Sequence[Message]], seed: int) -> Outcome:
    """Play the same cases calmly and shuffled, each in its own databases, and compare the views."""
    drawn = random.Random(seed)  # noqa: S311 - a seed that can be told and used again
    in_order = [message for one in told for message in one]
    deliveries = mixed(told, _TIMES, drawn)
    await asyncio.to_thread(_record, calm, batches(in_order, _LONGEST, drawn))
    waited = await asyncio.to_thread(_record, shuffled, batches(deliveries, _LONGEST, drawn))
    await _project(calm, drawn, times=1)
    brought = await _project(shuffled, drawn, times=2)
    differing = [name for name, equal in _same_views(calm, shuffled) if not equal]
    made = await asyncio.to_thread(rebuild, shuffled.main(PROJECTOR), list(VIEWS), verify=True)
    with closing(psycopg.connect(shuffled.main(OWNER))) as connection:
        rows = connection.execute("select status, count(*) from case_record.inbox group by status").fetchall()
        found: dict[str, int] = dict(rows)
    return Outcome(
        events=len(in_order),
        deliveries=len(deliveries),
        waited=waited,
        recorded=found.get("recorded", 0),
        rejected=found.get("rejected", 0),
        brought_to_views=brought,
        differing=tuple(differing),
        not_rebuilt=(f"{made.first.audience} {made.first.part}",) if made.first else (),
    )


def _record(databases: Databases, several: Sequence[Sequence[Message]]) -> int:
    """Let the case record take batches in; return how many messages were put aside at first."""
    waited = 0
    with closing(CaseStore(databases.main(CASE_RECORD), simulated=False)) as store:
        office = Office(store)
        for number, batch in enumerate(several, start=1):
            position = Position("all.events.v1", 0, number, "one-cluster")
            waited += sum(outcome.status == "waiting" for outcome in office.handle(batch, [position]))
            _progress(f"batch {number} of {len(several)}")
        if left := store.all_waiting_keys():
            raise AssertionError(f"{len(left)} references are still waited for")
    return waited


def _progress(said: str) -> None:
    if _console.is_terminal:
        _console.print(f"{said}   ", end="\r", style="dim")


@asynccontextmanager
async def _projecting(databases: Databases) -> AsyncIterator[tuple[Projecting, EventFeed]]:
    store = ViewStore(databases.main(PROJECTOR))
    streams, history = EventFeed(databases.main(PROJECTOR)), EventFeed(databases.main(PROJECTOR))
    yield Projecting(store, streams, StandingAgreement()), history
    await history.close()
    await streams.close()
    await store.close()


async def _project(databases: Databases, drawn: random.Random, times: int) -> int:
    """Bring what was recorded into the views, once in order, or several times in no order; return how many came."""
    async with _projecting(databases) as (projecting, feed):
        items = await feed.after(0, await feed.high_water())
        arriving = [Arrived(item.event.stream, item.event.version, item.event.recorded) for item in items] * times
        if times > 1:
            drawn.shuffle(arriving)
        while arriving:
            size = drawn.randint(1, _LONGEST)
            await projecting.project(arriving[:size])
            del arriving[:size]
            _progress(f"{len(arriving)} events to bring into the views")
    return len(items) * times


def _same_views(calm: Databases, shuffled: Databases) -> Iterator[tuple[str, bool]]:
    with closing(psycopg.connect(calm.main(OWNER))) as one, closing(psycopg.connect(shuffled.main(OWNER))) as other:
        for audience in VIEWS:
            for part, query in _parts(audience):
                yield f"{audience} {part}", _rows(one, query) == _rows(other, query)


def _parts(audience: Audience) -> Iterator[tuple[str, str]]:
    view = f"view_{audience}"
    yield "names", f"select to_jsonb(r) from {view}.case_references r"
    yield "files", f"select to_jsonb(f) from {view}.case_files f"
    yield "entries", f"select to_jsonb(e) - 'shown_at' from {view}.entries e"


def _rows(connection: "psycopg.Connection[Any]", query: str) -> list[str]:
    return sorted(json.dumps(_timeless(row), sort_keys=True) for [row] in connection.execute(query.encode()))


def _timeless(value: Any) -> Any:
    """Return a value without versions and times of recording; a list says what it holds, not in which order."""
    match value:
        case dict():
            return {name: _timeless(found) for name, found in value.items() if name not in _MAY_DIFFER}
        case list():
            return sorted((_timeless(found) for found in value), key=lambda found: json.dumps(found, sort_keys=True))
        case _:
            return value


@contextmanager
def _two_databases() -> Iterator[tuple[Databases, Databases]]:
    with tempfile.TemporaryDirectory(prefix="ct-shuffled-", ignore_cleanup_errors=True) as folder:
        server = EmbeddedPostgres(Path(folder) / "data", durable=False)
        try:
            template = server.start()
            migrate(template.main(OWNER), template.keys(OWNER), template.passwords)
            pair = DatabasesServer(server, template)
            yield pair.copy(), pair.copy()
        finally:
            server.stop()


def main(arguments: Sequence[str]) -> int:
    """Run on a database server of its own; return 0 when the views are the same."""
    parser = argparse.ArgumentParser(prog="python -m tests.endurance.shuffled", description=__doc__)
    parser.add_argument("--cases", type=int, default=122, help=f"cases of {len(TOLD)} events each (122)")
    parser.add_argument("--seed", type=int, default=1, help="draws the orders (1)")
    parser.add_argument("--json", action="store_true", help="print figures as JSON instead of a table")
    asked = parser.parse_args(arguments)
    began = time.monotonic()
    told = stories(asked.cases)
    with _two_databases() as (calm, shuffled):
        outcome = asyncio.run(compare(calm, shuffled, told, asked.seed))
    figures = asdict(outcome) | {"seconds": round(time.monotonic() - began)}
    if asked.json:
        sys.stdout.write(json.dumps(figures) + "\n")
    else:
        table = Table("shuffled", "")
        for name, value in figures.items():
            table.add_row(name.replace("_", " "), str(value))
        Console().print(table, "The same views." if outcome.holds else "The views DIFFER.")
    return 0 if outcome.holds else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
