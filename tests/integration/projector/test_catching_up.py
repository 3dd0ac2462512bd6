"""The views reach the register without any broker."""

from collections.abc import AsyncIterator

import pytest

from infra.embedded.databases import Databases
from infra.postgres.event_feed import EventFeed
from infra.postgres.roles import PROJECTOR
from infra.postgres.view_store import ViewStore
from services.projector.catching_up import CatchingUp
from services.projector.projecting import Arrived, Projecting
from tests.fixtures.views import Register, Views, a_case, arriving


class Counting:
    """Counts how often it was told that things move."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> None:
        self.times += 1


@pytest.fixture
def moved() -> Counting:
    return Counting()


@pytest.fixture
async def catching_up(
    databases: Databases, view_store: ViewStore, projecting: Projecting, moved: Counting
) -> AsyncIterator[CatchingUp]:
    feed = EventFeed(databases.main(PROJECTOR))
    yield CatchingUp(view_store, feed, projecting, moved)
    await feed.close()


async def test_the_topic_is_given_until_the_next_look(
    register: Register, catching_up: CatchingUp, views: Views
) -> None:
    case = a_case(1)
    register.record(case)
    await catching_up.once()
    assert views.projected() == 0
    await catching_up.once()
    assert views.equal_rebuilding(case)


async def test_only_what_is_missing_is_brought_in(
    register: Register, catching_up: CatchingUp, projecting: Projecting, views: Views
) -> None:
    cases = [a_case(number) for number in range(60)]
    register.record(*cases)
    await projecting.project(arriving(cases[0][:6] + cases[1] + cases[2][:1]))
    await catching_up.once()
    await catching_up.once()
    assert all(map(views.equal_rebuilding, cases))


async def test_how_far_it_is_done_never_passes_what_is_missing(
    register: Register, catching_up: CatchingUp, projecting: Projecting, view_store: ViewStore
) -> None:
    first, second = a_case(1), a_case(2)
    register.record(first, second)
    await projecting.project(arriving(second))
    await catching_up.once()
    behind = await view_store.progress()
    await projecting.project(arriving(first))
    await catching_up.once()
    done = await view_store.progress()
    assert (behind.done, behind.first_missing) == (0, 1)
    assert (done.done, done.first_missing) == (done.newest, None)


async def test_a_stream_in_quarantine_holds_up_nobody(
    register: Register, catching_up: CatchingUp, projecting: Projecting, views: Views, view_store: ViewStore
) -> None:
    sick, healthy = a_case(1), a_case(2)
    register.record(sick, healthy)
    await projecting.project([Arrived(sick[0].subject, 1, b"{}")])
    for _ in range(3):
        await catching_up.once()
    progress = await view_store.progress()
    assert views.equal_rebuilding(healthy)
    assert (progress.done, progress.first_missing) == (progress.newest, None)
    await catching_up.retry_quarantined()
    assert views.equal_rebuilding(sick)


async def test_it_says_that_things_move_only_when_they_do(
    register: Register, catching_up: CatchingUp, moved: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    await catching_up.once()
    assert moved.times == 1  # nothing to do

    async def stuck(_self: Projecting, _arrived: object) -> None:
        """Bring nothing in, as a projector that hangs would."""

    monkeypatch.setattr(Projecting, "project", stuck)
    register.record(a_case(1))
    for _ in range(4):
        await catching_up.once()
    assert moved.times == 1
