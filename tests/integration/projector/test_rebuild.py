"""A view that is not what the register makes is found out, and mended while everybody goes on."""

import asyncio
import threading
from collections.abc import Sequence
from uuid import UUID

import psycopg
import pytest

from events.parties import Audience
from infra.embedded.databases import Databases
from infra.postgres.roles import OWNER, PROJECTOR, reader_role
from infra.postgres.singleton import AlreadyRunningError
from infra.postgres.view_rebuild import ViewRebuild
from infra.postgres.view_rows import Changes
from infra.postgres.view_store import ViewStore
from projections.disclosure.packaged import packaged_agreement
from projections.views import VIEWS
from services.projector.projecting import Projecting
from services.projector.rebuild import rebuild
from services.projector.rebuilding import NotRebuildableError, Rebuilding, Rebuilt
from tests.fixtures.views import Register, Views, a_case, arriving

CASES = [a_case(number) for number in range(5)]
VIEW = Audience.CASE_MANAGER
ALL = list(VIEWS)
DAMAGE = {
    "file": "update view_case_manager.case_files set body = jsonb_set(body, '{emergency}', 'false') where stream = %s",
    "listed": "update view_case_manager.case_files set status = 'closed' where stream = %s",
    "no_file": "delete from view_case_manager.case_files where stream = %s",
    "told": 'update view_case_manager.entries set told = told || \'{"rule": "x"}\' where stream = %s and version = 5',
    "not_told": "delete from view_case_manager.entries where stream = %s and version = 5",
    "told_too_much": "insert into view_case_manager.entries (stream, version, event_id, occurred_at, recorded_at, told)"
    " select stream, 99, event_id, occurred_at, recorded_at, told from view_case_manager.entries"
    " where stream = %s and version = 5",
    "no_name": "delete from view_case_manager.case_references where stream = %s",
    "not_joined": "update projector.streams set routing = jsonb_set(routing, '{joined}', '[]') where stream = %s",
    "nobody_projected": "insert into view_case_manager.case_references select 'school_s1', 'TRE-EM-0009-A', %s",
}


@pytest.fixture
async def shown(register: Register, projecting: Projecting) -> list[UUID]:
    register.record(*CASES)
    await projecting.project(arriving(event for case in CASES for event in case))
    return [case[0].subject for case in CASES]


def damage(databases: Databases, statement: str, stream: UUID) -> None:
    with psycopg.connect(databases.main(OWNER)) as connection:
        assert connection.execute(statement.encode(), [stream]).rowcount == 1


async def rebuilt(databases: Databases, *views: Audience, verify: bool = False) -> Rebuilt:
    return await asyncio.to_thread(rebuild, databases.main(PROJECTOR), views, verify=verify)


async def test_views_as_they_should_be_equal_a_fold_from_zero(databases: Databases, shown: Sequence[UUID]) -> None:
    found = await rebuilt(databases, *ALL, verify=True)
    assert (found.first, found.swapped, found.differing) == (None, False, {})
    assert (found.streams, found.events) == (len(shown), sum(map(len, CASES)))


@pytest.mark.parametrize("kind", DAMAGE)
async def test_what_differs_is_found_told_and_mended(
    databases: Databases, shown: Sequence[UUID], views: Views, kind: str
) -> None:
    stream = UUID(int=99) if kind == "nobody_projected" else shown[2]
    damage(databases, DAMAGE[kind], stream)
    for _ in range(2):  # looking changes nothing
        found = await rebuilt(databases, VIEW, verify=True)
        assert found.first is not None
        assert (found.first.audience, found.first.stream) == (VIEW, stream)
    assert sum((await rebuilt(databases, VIEW)).differing.values()) == 1
    assert (await rebuilt(databases, VIEW, verify=True)).first is None
    assert all(map(views.equal_rebuilding, CASES))


async def test_what_was_as_it_should_be_is_not_touched(
    databases: Databases, shown: Sequence[UUID], views: Views
) -> None:
    since = "select stream, version, shown_at from view_case_manager.entries where version <> 5 order by 1, 2"
    before = views.rows(VIEW, since)
    damage(databases, DAMAGE["told"], shown[0])
    await rebuilt(databases, VIEW)
    assert views.rows(VIEW, since) == before


async def test_another_view_stays_as_it_was(databases: Databases, shown: Sequence[UUID]) -> None:
    damage(databases, DAMAGE["file"], shown[0])
    await rebuilt(databases, Audience.POLICE)
    assert (await rebuilt(databases, VIEW, verify=True)).first is not None


async def test_a_whole_view_is_made_again_and_readers_see_all_of_it_or_none(
    databases: Databases, shown: Sequence[UUID], views: Views
) -> None:
    with psycopg.connect(databases.main(OWNER)) as connection:
        for table in ("case_files", "entries", "case_references"):
            connection.execute(f"delete from view_case_manager.{table}".encode())
    counts: set[tuple[int, ...]] = set()
    done = threading.Event()

    def read() -> None:
        query = (
            "select (select count(*) from view_case_manager.case_files),"
            " (select count(distinct stream) from view_case_manager.entries)"
        )
        with psycopg.connect(databases.main(reader_role(VIEW)), autocommit=True) as reader:
            while not done.is_set():
                counts.update(reader.execute(query.encode()).fetchall())

    reading = threading.Thread(target=read)
    reading.start()
    await rebuilt(databases, VIEW)
    done.set()
    reading.join()
    assert counts <= {(0, 0), (len(shown), len(shown))}
    assert all(map(views.equal_rebuilding, CASES))


async def test_whoever_folded_on_the_file_before_folds_again(
    databases: Databases, register: Register, projecting: Projecting, views: Views, monkeypatch: pytest.MonkeyPatch
) -> None:
    register.record(CASES[0])
    await projecting.project(arriving(CASES[0][:6]))
    damage(databases, DAMAGE["file"], CASES[0][0].subject)
    save, saved = ViewStore.save, []

    async def rebuild_first(store: ViewStore, changes: Changes) -> None:
        saved.append(changes)
        if len(saved) == 1:
            await rebuilt(databases, *ALL)
        await save(store, changes)

    monkeypatch.setattr(ViewStore, "save", rebuild_first)
    await projecting.project(arriving(CASES[0]))
    assert len(saved) == 2
    assert views.equal_rebuilding(CASES[0])


async def test_what_moves_while_it_is_rebuilt_is_compared_again(
    databases: Databases, shown: Sequence[UUID], register: Register, projecting: Projecting, views: Views
) -> None:
    damage(databases, DAMAGE["file"], shown[0])
    late = [a_case(number) for number in range(10, 13)]
    register.record(*late)
    moving = asyncio.get_running_loop()

    def move(_done: int, _of: int) -> None:
        batch = arriving(event for case in late for event in case)
        asyncio.run_coroutine_threadsafe(projecting.project(batch), moving).result()

    store = ViewRebuild(databases.main(PROJECTOR), ALL)
    found = await asyncio.to_thread(Rebuilding(store, ALL, packaged_agreement, move).swap)
    store.close()
    assert (found.swapped, found.differing) == (True, {"file": 1})
    assert all(map(views.equal_rebuilding, [*CASES, *late]))


async def test_nothing_is_changed_when_the_register_lacks_an_event(
    databases: Databases, shown: Sequence[UUID], views: Views
) -> None:
    damage(databases, DAMAGE["file"], shown[0])
    damage(databases, "delete from case_record.events where originator_version = 13 and originator_id = %s", shown[4])
    with pytest.raises(NotRebuildableError, match=str(shown[4])):
        await rebuilt(databases, VIEW)
    assert not views.equal_rebuilding(CASES[0])


async def test_only_one_rebuilds_at_a_time(databases: Databases) -> None:
    first = ViewRebuild(databases.main(PROJECTOR), ALL)
    with pytest.raises(AlreadyRunningError):
        await rebuilt(databases, VIEW)
    first.close()
