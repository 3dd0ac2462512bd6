"""A case that cannot be projected waits alone, is seen by operators, and is whole after a retry."""

import json
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg.errors import CheckViolation, InsufficientPrivilege

from events.envelope import RecordedEvent
from events.parties import Audience
from infra.embedded.databases import Databases
from infra.postgres.case_store import Batch, CaseStore
from infra.postgres.event_feed import EventFeed
from infra.postgres.faults import DatabaseUnreachableError
from infra.postgres.quarantine import HeldStream, Reason, ask_retry, held_streams, is_retried
from infra.postgres.roles import OPERATOR, PROJECTOR, RETRIER
from infra.postgres.view_store import ViewStore
from infra.settings import write_private
from services.cli import retrying
from services.cli.endpoints import DOORS, Endpoints
from services.cli.stops import Exit, Stop
from services.projector.catching_up import CatchingUp
from services.projector.folding import fold_stream
from services.projector.projecting import Projecting
from tests.fixtures.case_batches import chained, stream_of
from tests.fixtures.views import Register, Views, a_case
from tests.integration.projector.projector_process import ProjectorProcess
from tests.waiting import eventually

SICK, OTHER = 1, 2


@pytest.fixture
async def catching_up(databases: Databases, view_store: ViewStore, projecting: Projecting) -> AsyncIterator[CatchingUp]:
    feed = EventFeed(databases.main(PROJECTOR))
    yield CatchingUp(view_store, feed, projecting, lambda: None)
    await feed.close()


def fail_at(monkeypatch: pytest.MonkeyPatch, sick: UUID, version: int) -> None:
    """Plant a fault of ours: folding breaks at one version of one stream."""
    sound = fold_stream

    def faulty(routed: Any, files: Any, events: Sequence[RecordedEvent], *more: Any) -> Any:
        if any((event.subject, event.sequence) == (sick, version) for event in events):
            raise ZeroDivisionError
        return sound(routed, files, events, *more)

    monkeypatch.setattr("services.projector.projecting.fold_stream", faulty)


async def caught_up(catching_up: CatchingUp) -> None:
    for _ in range(2):
        await catching_up.once()


def held(databases: Databases) -> list[HeldStream]:
    return held_streams(databases.main(OPERATOR))


async def test_after_the_mend_and_a_retry_all_is_as_if_nothing_had_failed(
    register: Register,
    catching_up: CatchingUp,
    databases: Databases,
    views: Views,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sick, other = a_case(SICK), a_case(OTHER)
    with monkeypatch.context() as broken:
        fail_at(broken, sick[0].subject, 5)
        register.record(sick[:4], other[:4])
        await caught_up(catching_up)
        register.record_more(sick[:4], sick[4:], other[:4], other[4:])
        await caught_up(catching_up)
    [waits] = held(databases)
    assert (waits.stream, waits.version, waits.reason, waits.waiting) == (sick[0].subject, 5, Reason.FAULT, 9)
    assert views.equal_rebuilding(sick[:4])
    assert views.equal_rebuilding(other)

    asked = ask_retry(databases.main(RETRIER), sick[0].subject)
    assert is_retried(databases.main(OPERATOR), asked) is False
    await catching_up.once()
    assert is_retried(databases.main(OPERATOR), asked) is True
    assert held(databases) == []
    assert views.equal_rebuilding(sick)


async def test_a_retry_before_the_mend_leaves_it_where_it_was(
    register: Register,
    catching_up: CatchingUp,
    databases: Databases,
    monkeypatch: pytest.MonkeyPatch,
    views: Views,
) -> None:
    sick = a_case(SICK)
    register.record(sick)
    fail_at(monkeypatch, sick[0].subject, 5)
    await caught_up(catching_up)
    before = held(databases)
    asked = ask_retry(databases.main(RETRIER), None)
    await catching_up.once()
    assert is_retried(databases.main(OPERATOR), asked)
    assert held(databases) == before != []
    assert views.of(Audience.CASE_MANAGER, sick[0].subject).file is None


async def test_a_retry_of_one_leaves_the_others(
    register: Register, catching_up: CatchingUp, databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = [a_case(SICK), a_case(OTHER)]
    register.record(*both)
    with monkeypatch.context() as broken:
        broken.setattr("services.projector.projecting.fold_stream", lambda *_: 1 / 0)
        await caught_up(catching_up)
    ask_retry(databases.main(RETRIER), both[0][0].subject)
    await catching_up.once()
    assert [waits.stream for waits in held(databases)] == [both[1][0].subject]


async def test_who_dies_while_retrying_has_let_nothing_out(
    register: Register,
    catching_up: CatchingUp,
    databases: Databases,
    monkeypatch: pytest.MonkeyPatch,
    views: Views,
) -> None:
    sick = a_case(SICK)
    register.record(sick)
    with monkeypatch.context() as broken:
        broken.setattr("services.projector.projecting.fold_stream", lambda *_: 1 / 0)
        await caught_up(catching_up)
    ask_retry(databases.main(RETRIER), None)
    with monkeypatch.context() as broken:

        async def away(_self: ViewStore, _changes: object) -> None:
            raise DatabaseUnreachableError

        broken.setattr(ViewStore, "save", away)
        with pytest.raises(DatabaseUnreachableError):
            await catching_up.once()
    assert [waits.stream for waits in held(databases)] == [sick[0].subject]
    await catching_up.once()
    assert views.equal_rebuilding(sick)


async def test_what_is_no_event_is_unreadable(store: CaseStore, catching_up: CatchingUp, databases: Databases) -> None:
    store.append(Batch(events=chained(stream_of(9), 2)))
    await caught_up(catching_up)
    [waits] = held(databases)
    assert (waits.version, waits.reason, waits.waiting) == (1, Reason.UNREADABLE, 2)


def test_no_other_word_can_be_a_reason(databases: Databases) -> None:
    words = "insert into projector.quarantine (stream, version, reason) values (gen_random_uuid(), 1, %s)"
    with psycopg.connect(databases.main(PROJECTOR), autocommit=True) as connection:
        for reason in Reason:
            connection.execute(words, [reason.value])
        with pytest.raises(CheckViolation):
            connection.execute(words, ["TRE_EM_01"])


@pytest.mark.parametrize(
    "attempt",
    [
        "select stream from projector.retry_requests",
        "update projector.retry_requests set handled_at = now()",
        "delete from projector.retry_requests",
        "insert into projector.retry_requests (handled_at) values (now())",
        "delete from projector.quarantine",
        "select * from projector.quarantine",
        "select * from health.quarantine",
        "select * from case_record.events",
    ],
)
def test_the_retrier_asks_and_does_nothing_else(databases: Databases, attempt: str) -> None:
    with psycopg.connect(databases.main(RETRIER)) as connection, pytest.raises(InsufficientPrivilege):
        connection.execute(attempt.encode())


def platform_in(folder: Path, databases: Databases) -> Path:
    """Write what the command looks for in a data dir."""
    (folder / "secrets").mkdir()
    write_private(folder / "secrets" / "postgres.json", json.dumps(dict(databases.passwords)))
    nowhere = {"coordination": "", "audit": "", "web": "", "kafka": ""}
    operator = databases.main(OPERATOR)
    Endpoints(agencies=dict.fromkeys(map(str, DOORS), ""), postgres=operator, **nowhere).save(folder / "endpoints.json")
    return folder


def test_the_command_releases_what_is_mended_and_names_what_is_not(
    register: Register,
    databases: Databases,
    tmp_path: Path,
    views: Views,
    capsys: pytest.CaptureFixture[str],
) -> None:
    mended, still = a_case(SICK), chained(stream_of(9), 1)
    place = platform_in(tmp_path, databases)
    running = ProjectorProcess.start(tmp_path, databases, "127.0.0.1:9")
    try:
        register.record(mended[:4])
        eventually(lambda: views.projected() == 4)
        with psycopg.connect(databases.main(PROJECTOR), autocommit=True) as connection:
            connection.execute(
                "insert into projector.quarantine (stream, version, reason) values (%s, 5, 'fault')",
                [mended[0].subject],
            )
        register.record_more(mended[:4], mended[4:])
        register.store.append(Batch(events=still))
        eventually(lambda: len(views.quarantine()) == 2)
        with pytest.raises(Stop) as ended:
            retrying.retry(place, None, every=True, as_json=True)
    finally:
        running.kill()
    assert ended.value.code == Exit.CHECK_FAILED
    told = json.loads(capsys.readouterr().out)
    assert told["released"] == [str(mended[0].subject)]
    assert [(one["stream"], one["reason"]) for one in told["left"]] == [(str(stream_of(9)), "unreadable")]
    assert views.equal_rebuilding(mended)
