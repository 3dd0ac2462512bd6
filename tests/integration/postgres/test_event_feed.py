"""A follower sees every event once, in order, whatever writers do; and soon."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from time import monotonic

import pytest

from infra.embedded.databases import Databases
from infra.postgres.case_store import Batch, CaseStore, Conflict
from infra.postgres.event_feed import EventFeed, FeedItem
from infra.postgres.roles import READERS, RELAY
from tests.fixtures.case_batches import chained, stream_of

WRITERS = 8
ROUNDS = 25
DEADLINE_S = 60
[RECORDED_BEFORE] = chained(stream_of(999), 1)


@pytest.fixture
async def feed(databases: Databases) -> AsyncIterator[EventFeed]:
    opened = EventFeed(databases.main(RELAY))
    yield opened
    await opened.close()


async def test_a_follower_is_woken_within_a_second(feed: EventFeed, store: CaseStore) -> None:
    assert await feed.after(0, 1) == []
    waiting = asyncio.create_task(feed.wait(DEADLINE_S))
    await asyncio.sleep(0)
    began = monotonic()
    await asyncio.to_thread(store.append, Batch(events=chained(stream_of(1), 1)))
    assert await waiting
    assert monotonic() - began < 1.0


async def test_what_is_recorded_between_reading_and_waiting_wakes(feed: EventFeed, store: CaseStore) -> None:
    assert await feed.after(0, 1) == []
    await asyncio.to_thread(store.append, Batch(events=chained(stream_of(1), 1)))
    assert await feed.wait(DEADLINE_S)


async def test_waiting_ends_when_nothing_happens(feed: EventFeed) -> None:
    assert not await feed.wait(0.05)


async def test_a_feed_goes_on_after_its_connection_was_cut(
    feed: EventFeed, store: CaseStore, databases: Databases, cut_connections: Callable[[str], None]
) -> None:
    store.append(Batch(events=chained(stream_of(1), 1)))
    await feed.after(0, 10)
    cut_connections(databases.main_name)
    with pytest.raises(ConnectionError):
        await feed.after(0, 10)
    assert len(await feed.after(0, 10)) == 1


async def test_every_event_is_seen_once_in_order_under_concurrent_writers(feed: EventFeed, store: CaseStore) -> None:
    """Eight writers; each round one batch is recorded and one is refused after it drew positions."""
    store.append(Batch(events=(RECORDED_BEFORE,)))
    before = await feed.high_water()
    written = [threading.Thread(target=_write, args=(store, number), daemon=True) for number in range(1, WRITERS + 1)]
    for thread in written:
        thread.start()
    seen = await asyncio.wait_for(_follow(feed, before, WRITERS * ROUNDS * 2), DEADLINE_S)
    for thread in written:
        thread.join(DEADLINE_S)
    positions = [item.position for item in seen]
    assert positions == sorted(set(positions))
    for number in range(1, WRITERS + 1):
        versions = [item.event.version for item in seen if item.event.stream == stream_of(number)]
        assert versions == list(range(1, ROUNDS * 2 + 1))
    assert await feed.after(positions[-1], 10) == []


def _write(store: CaseStore, number: int) -> None:
    events = chained(stream_of(number), ROUNDS * 2)
    for start in range(0, ROUNDS * 2, 2):
        pair = events[start : start + 2]
        with pytest.raises(Conflict):
            store.append(Batch(events=(*pair, RECORDED_BEFORE)))
        store.append(Batch(events=pair))


async def _follow(feed: EventFeed, position: int, count: int) -> list[FeedItem]:
    seen: list[FeedItem] = []
    while len(seen) < count:
        seen += await feed.after(seen[-1].position if seen else position, 7)
        if len(seen) < count:
            await feed.wait(1.0)
    return seen


@pytest.mark.parametrize("role", [role for role in READERS if role != "reader_auditor"])
async def test_readers_of_views_cannot_follow_the_register(databases: Databases, role: str) -> None:
    other = EventFeed(databases.main(role))
    with pytest.raises(Exception, match="permission denied for schema case_record"):
        await other.after(0, 1)
    await other.close()
