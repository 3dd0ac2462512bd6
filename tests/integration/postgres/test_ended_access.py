"""Endings are added by one role, asked for by another, and taken back by none; the operator does it by a command."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from infra.clock import SystemClock
from infra.embedded.databases import Databases
from infra.postgres.ended_access import AccessEnder, EndedAccess, end_access, latest_endings
from infra.postgres.faults import DatabaseUnreachableError
from infra.postgres.pool import held_pool
from infra.postgres.roles import ACCESS_ASKER, ACCESS_ENDER, OPERATOR
from infra.web.tokens import SKEW
from services.cli import ending
from services.cli.stops import Exit, Stop
from tests.fixtures.databases import DatabasesServer
from tests.integration.projector.test_quarantine import platform_in
from tests.integration.reading.house import endings_of

PERSON = "0b7ee6c4-5f2c-4d0e-9d0f-3a3e1f6f6c11"
SECOND = timedelta(seconds=1)


@pytest.fixture
async def endings(databases: Databases) -> AsyncIterator[EndedAccess]:
    async with AsyncExitStack() as stack:
        yield await endings_of(databases, stack)


def now() -> datetime:
    return SystemClock().now()


async def test_it_is_known_once_it_is_done_of_that_subject_and_of_no_other(
    databases: Databases, endings: EndedAccess
) -> None:
    assert await endings.until_of(PERSON) is None
    before = now()
    until = await asyncio.to_thread(end_access, databases.main(ACCESS_ENDER), PERSON, SKEW)
    assert await endings.until_of(PERSON) == until
    assert before + SKEW - SECOND <= until <= now() + SKEW  # every token that exists, by a clock that is ahead
    assert await endings.until_of(PERSON.upper()) is None


async def test_the_latest_ending_counts(databases: Databases, endings: EndedAccess) -> None:
    dsn = databases.main(ACCESS_ENDER)
    latest = await asyncio.to_thread(end_access, dsn, PERSON, SKEW)
    await asyncio.to_thread(end_access, dsn, PERSON, timedelta(days=-1))
    assert await endings.until_of(PERSON) == latest


async def test_the_issuers_word_counts_once_and_an_old_one_changes_nothing(
    databases: Databases, endings: EndedAccess
) -> None:
    at = now().replace(microsecond=0)
    async with AsyncExitStack() as stack:
        ender = AccessEnder(await held_pool(databases.main(ACCESS_ENDER), stack, autocommit=True))
        for subject, until, id_ in ((PERSON, at, "1"), (PERSON, at, "1"), (PERSON, at - SECOND, "0"), ("b", at, "1")):
            await ender.end(subject, until, id_)
    assert [await endings.until_of(subject) for subject in (PERSON, "b")] == [at, at]
    listed = [(one.subject, one.asked_by) for one in latest_endings(databases.main(OPERATOR), 9)]
    assert listed == [("b", "issuer"), (PERSON, "issuer"), (PERSON, "issuer")]


@pytest.mark.parametrize(
    "change",
    [
        "update ended_access.endings set until = 'epoch'",
        "delete from ended_access.endings",
        "truncate ended_access.endings",
        "select subject from ended_access.endings",
    ],
)
@pytest.mark.parametrize("role", [ACCESS_ENDER, ACCESS_ASKER, OPERATOR])
def test_nobody_takes_an_ending_back_or_reads_whose_they_are(databases: Databases, role: str, change: str) -> None:
    with psycopg.connect(databases.main(role)) as connection, pytest.raises(InsufficientPrivilege):
        connection.execute(change.encode())


async def test_a_database_that_does_not_answer_says_nothing(
    databases_server: DatabasesServer, databases: Databases, endings: EndedAccess
) -> None:
    await endings.until_of(PERSON)
    databases_server.server.administer(f"alter database {databases.main_name} allow_connections false")
    databases_server.server.administer(
        f"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{databases.main_name}'"
    )
    with pytest.raises(DatabaseUnreachableError):
        await endings.until_of(PERSON)


def test_the_command_ends_it_and_tells_what_is_left_to_do(
    databases: Databases, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = platform_in(tmp_path, databases)
    ending.end(place, PERSON, as_json=False)
    told = " ".join(capsys.readouterr().out.split())
    assert f"Ended, in force now (0 s): every token of {PERSON}" in told
    assert "one made a minute from now is taken again" in told
    ending.end(place, PERSON, as_json=True)
    done = json.loads(capsys.readouterr().out)
    assert (done["subject"], done["acts_in_s"], done["issuer"]) == (PERSON, 0, None)
    ending.list_endings(place, 20, as_json=False)
    assert "…" not in capsys.readouterr().out  # nothing is cut short
    ending.list_endings(place, 20, as_json=True)
    listed = json.loads(capsys.readouterr().out)
    assert [(one["subject"], one["asked_by"]) for one in listed] == [(PERSON, "operator")] * 2
    assert listed[0]["until"] == done["until"]
    assert [one.subject for one in latest_endings(databases.main(OPERATOR), 1)] == [PERSON]


@pytest.mark.parametrize("subject", ["", "x" * 257, "a\nb", "a\udcff"])  # the last: bytes that are no text
def test_what_no_token_says_is_refused(tmp_path: Path, databases: Databases, subject: str) -> None:
    with pytest.raises(Stop) as stopped:
        ending.end(platform_in(tmp_path, databases), subject, as_json=False)
    assert stopped.value.code == Exit.USED_WRONGLY
