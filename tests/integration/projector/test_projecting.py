"""Whatever way events come, the rows are those of a rebuild from nothing."""

import asyncio

import pytest

from events.envelope import RecordedEvent
from events.parties import Audience
from infra.embedded.databases import Databases
from infra.postgres.event_feed import EventFeed
from infra.postgres.faults import DatabaseUnreachableError
from infra.postgres.roles import PROJECTOR
from infra.postgres.view_store import ViewStore
from projections.views import VIEWS
from services.projector.projecting import Arrived, Projecting
from tests.fakes.standing_agreement import StandingAgreement
from tests.fixtures.databases import DatabasesServer
from tests.fixtures.views import Register, Views, a_case, arriving, shuffled_twice


async def test_rows_equal_a_rebuild(register: Register, projecting: Projecting, views: Views) -> None:
    case = a_case(1)
    register.record(case)
    await projecting.project(arriving(case))
    assert views.equal_rebuilding(case)
    assert views.of(Audience.POLICE, case[0].subject).file is not None


async def test_rows_equal_a_rebuild_after_every_single_event(
    register: Register, projecting: Projecting, views: Views
) -> None:
    case = a_case(1)
    register.record(case)
    for version, event in enumerate(case, 1):
        await projecting.project(arriving([event]))
        assert views.equal_rebuilding(case[:version])


@pytest.mark.parametrize("seed", range(8))
async def test_duplicates_and_disorder_change_nothing(
    register: Register, projecting: Projecting, views: Views, seed: int
) -> None:
    cases = [a_case(number) for number in range(3)]
    register.record(*cases)
    for batch in shuffled_twice([event for case in cases for event in case], seed):
        await projecting.project(arriving(batch))
    assert all(map(views.equal_rebuilding, cases))
    assert views.quarantine() == []


async def test_an_entry_shows_since_when_it_could_be_read_and_keeps_it(
    register: Register, projecting: Projecting, views: Views
) -> None:
    case = a_case(1)
    register.record(case)
    shown = "select version, shown_at from view_case_manager.entries order by version"
    await projecting.project(arriving(case[:5]))
    first = views.rows(Audience.CASE_MANAGER, shown)
    await projecting.project(arriving(case))
    assert views.rows(Audience.CASE_MANAGER, shown)[: len(first)] == first


async def test_a_gap_is_filled_from_the_register(register: Register, projecting: Projecting, views: Views) -> None:
    case = a_case(1)
    register.record(case)
    await projecting.project(arriving(case[:3]))
    await projecting.project(arriving(case[9:10]))
    assert views.equal_rebuilding(case)


async def test_who_joins_is_told_everything_from_the_first_event(
    register: Register, projecting: Projecting, views: Views
) -> None:
    case = a_case(1)
    register.record(case)
    await projecting.project(arriving(case[:7]))
    assert views.of(Audience.POLICE, case[0].subject).entries == ()
    await projecting.project(arriving(case[7:8]))
    told = views.of(Audience.POLICE, case[0].subject).entries
    assert {entry.version for entry in told} >= {1, 5, 8}


async def test_a_name_goes_to_its_own_audience_alone(register: Register, projecting: Projecting, views: Views) -> None:
    case = a_case(1)
    register.record(case)
    await projecting.project(arriving(case))
    stream = case[0].subject
    assert views.names(Audience.POLICE) == {("commune_police_00340", "TRE-EM-0001-C"): stream}
    assert views.names(Audience.COORDINATOR) == {("coordinator", "TRE-EM-0001-B"): stream}
    assert views.names(Audience.EDUCATION) == {}


async def test_listing_columns_follow_the_file(register: Register, projecting: Projecting, views: Views) -> None:
    case = a_case(1)
    register.record(case)
    await projecting.project(arriving(case))
    columns = "kind, status, emergency, units, changed_at, body ->> 'kind'"
    [row] = views.rows(Audience.CASE_MANAGER, f"select {columns} from view_case_manager.case_files")
    assert row[:3] == ("case", "open", True)
    assert set(row[3]) >= {"child_protection_00340", "commune_police_00340", "hospital_h1"}
    assert row[5] == "case"


def broken(event: RecordedEvent) -> Arrived:
    return Arrived(event.subject, event.sequence, b'{"no": "event"}')


async def test_a_broken_event_stops_its_stream_and_no_other(
    register: Register, projecting: Projecting, views: Views
) -> None:
    sick, healthy = a_case(1), a_case(2)
    register.record(sick, healthy)
    await projecting.project([*arriving(sick[:4]), broken(sick[4]), *arriving(healthy)])
    await projecting.project(arriving(sick[5:]))
    assert views.equal_rebuilding(healthy)
    assert views.quarantine() == [(sick[0].subject, 1, "unreadable")]
    assert all(views.of(audience, sick[0].subject).file is None for audience in VIEWS)


async def test_a_stream_in_quarantine_keeps_what_it_had_and_is_whole_after_a_retry(
    register: Register, projecting: Projecting, views: Views
) -> None:
    case = a_case(1)
    register.record(case)
    await projecting.project(arriving(case[:4]))
    await projecting.project([broken(case[4])])
    assert views.equal_rebuilding(case[:4])
    assert views.quarantine() == [(case[0].subject, 5, "unreadable")]
    await projecting.retry(case[0].subject)
    assert views.quarantine() == []
    assert views.equal_rebuilding(case)


async def test_what_the_database_refuses_stops_its_stream_and_no_other(
    register: Register, projecting: Projecting, views: Views
) -> None:
    healthy, sick = a_case(1), a_case(2)
    open_values = {**sick[4].data.open, "safety_instruction": "\x00"}
    sick[4] = sick[4].model_copy(update={"data": sick[4].data.model_copy(update={"open": open_values})})
    register.record(healthy, sick)
    await projecting.project([*arriving(sick), *arriving(healthy)])
    assert views.equal_rebuilding(healthy)
    assert views.quarantine() == [(sick[0].subject, 1, "rows_refused")]


async def test_what_the_register_does_not_know_is_not_shown(projecting: Projecting, views: Views) -> None:
    await projecting.project(arriving(a_case(1)[3:]))
    assert views.projected() == 0
    assert views.quarantine() == []


async def test_two_projectors_at_once_write_everything_once(
    register: Register, projecting: Projecting, databases: Databases, views: Views
) -> None:
    cases = [a_case(number) for number in range(6)]
    register.record(*cases)
    store, feed = ViewStore(databases.main(PROJECTOR)), EventFeed(databases.main(PROJECTOR))
    other = Projecting(store, feed, StandingAgreement())
    batches = shuffled_twice([event for case in cases for event in case], seed=1)

    async def play(projector: Projecting) -> None:
        for batch in batches:
            await projector.project(arriving(batch))

    await asyncio.gather(play(projecting), play(other))
    await feed.close()
    await store.close()
    assert all(map(views.equal_rebuilding, cases))
    assert views.quarantine() == []


async def test_a_database_that_is_away_is_no_reason_for_quarantine(
    register: Register, projecting: Projecting, databases: Databases, databases_server: DatabasesServer, views: Views
) -> None:
    case = a_case(1)
    register.record(case)
    forbid = f"alter database {databases.main_name} with allow_connections"
    cut = f"select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = '{databases.main_name}'"
    databases_server.server.administer(f"{forbid} false; {cut}")
    with pytest.raises(DatabaseUnreachableError):
        async with asyncio.timeout(60):
            await projecting.project(arriving(case))
    databases_server.server.administer(f"{forbid} true")
    await projecting.project(arriving(case))
    assert views.quarantine() == []
    assert views.equal_rebuilding(case)
