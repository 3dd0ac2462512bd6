"""Key-encryption keys are renewed while all goes on; whatever dies in between, every data key can be unwrapped."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from pathlib import Path

import psycopg
import pytest

from events.labels import Category, Form
from events.parties import Agency
from infra.crypto.data_keys import DataKey, KeyPlace, KeysUnreachableError
from infra.embedded.databases import Databases
from infra.keys.client import KeyClient
from infra.keys.key_encryption import (
    KEYS_FILE,
    SEALED_CATEGORIES,
    FileKeys,
    NoSuchKeyError,
    Slot,
    Wrapped,
    make_file_keys,
)
from infra.keys.service_keys import OPERATOR_NAME, ServiceKey, make_service_keys
from infra.keys.wire import SlotsAsked, StepDone
from infra.postgres.faults import DatabaseUnreachableError
from infra.postgres.key_versions import KeyVersions
from infra.postgres.pool import open_pool
from infra.postgres.roles import KEY_SERVICE, OWNER
from services.keys.rotating import KeysLostError, Rotation
from tests.fixtures.keys import DOORS, NAMES, running_key_service
from tests.integration.keys.key_service_process import KeyServiceProcess
from tests.waiting import eventually

PLACES = [
    KeyPlace(Agency.POLICE, f"commune_police_00340/R-{number}#child", Category.CHILD_IDENTITY, "main", form)
    for number in range(3)
    for form in Form
]
LATER = KeyPlace(Agency.POLICE, "commune_police_00340/R-9#child", Category.CHILD_IDENTITY, "main", Form.FULL)
OF_THE_POLICE = SlotsAsked(owners=(Agency.POLICE,))


@asynccontextmanager
async def asking(url: str, directory: Path, name: str) -> AsyncIterator[KeyClient]:
    client = KeyClient(url, ServiceKey.read(make_service_keys(directory, NAMES)[name]), patience_s=60)
    yield client
    await client.close()


async def data_keys(url: str, directory: Path, *more: KeyPlace) -> dict[KeyPlace, tuple[str, bytes]]:
    async with asking(url, directory, "door.police") as door:
        given: dict[KeyPlace, DataKey] = await door.data_keys([*PLACES, *more])
    return {place: (key.key_id, key.key) for place, key in given.items()}


async def finished(url: str, directory: Path, most: int = 1_000) -> list[StepDone]:
    """Do what is left of a rotation; return its steps."""
    steps: list[StepDone] = []
    async with asking(url, directory, OPERATOR_NAME) as operator:
        while not steps or steps[-1].versions_left:
            steps.append(await operator.rotation_step(most))
    return steps


def versions(directory: Path) -> dict[str, set[int]]:
    """Return the versions in the file by owner."""
    rows = json.loads((directory / KEYS_FILE).read_bytes())["keys"]
    return {owner: {row["version"] for row in rows if row["owner"] == owner} for owner in ("police", "health")}


async def test_all_is_wrapped_anew_and_the_old_keys_are_given_up(databases: Databases, tmp_path: Path) -> None:
    with running_key_service(databases, tmp_path) as url:
        before = await data_keys(url, tmp_path)
        async with asking(url, tmp_path, OPERATOR_NAME) as operator:
            for drawn in (2 * len(SEALED_CATEGORIES), 0):  # what was begun is not begun anew
                assert (await operator.begin_rotation(OF_THE_POLICE)).drawn == drawn
            after = await data_keys(url, tmp_path, LATER)
            steps = await finished(url, tmp_path, most=4)
            listed = (await operator.key_versions(OF_THE_POLICE)).versions
        assert [step.rewrapped for step in steps] == [4, 2]
        assert {(one.version, one.in_use) for one in listed} == {(2, True)}
        assert sum(one.data_keys for one in listed) == len(PLACES) + 1
    assert versions(tmp_path) == {"police": {2}, "health": {1}}
    assert after == before | {LATER: after[LATER]}
    with running_key_service(databases, tmp_path) as started_again:
        assert await data_keys(started_again, tmp_path, LATER) == after


async def test_what_a_disk_still_holds_of_a_destroyed_key_is_of_no_use_once_keys_are_renewed(
    databases: Databases, tmp_path: Path
) -> None:
    with running_key_service(databases, tmp_path) as url:
        await data_keys(url, tmp_path)
        left = destroyed(databases)
        file = tmp_path / KEYS_FILE
        assert {len(FileKeys.read(file).unwrap(slot, wrapped)) for slot, wrapped in left} == {32}
        async with asking(url, tmp_path, OPERATOR_NAME) as operator:
            await operator.begin_rotation(OF_THE_POLICE)
        await finished(url, tmp_path)
    for slot, wrapped in left:
        with pytest.raises(NoSuchKeyError):
            FileKeys.read(file).unwrap(slot, wrapped)


def destroyed(databases: Databases) -> list[tuple[Slot, Wrapped]]:
    """Destroy every data key as an erasure does; return what a dead row or the log of writes holds of them."""
    with psycopg.connect(databases.keys(OWNER)) as connection:
        rows = connection.execute("select owner, category, form, kek_version, wrapped from keys.data_keys").fetchall()
        connection.execute(
            "update keys.data_keys set wrapped = null, kek_version = null, retired_at = now(), destroyed_at = now()"
        )
    return [
        ((Agency(owner), Category(category), Form(form)), Wrapped(version, wrapped))
        for owner, category, form, version, wrapped in rows
    ]


async def test_what_was_drawn_while_the_database_was_away_wraps_once_it_is_begun_again(
    databases: Databases, tmp_path: Path
) -> None:
    file = FileKeys.read(make_file_keys(tmp_path, DOORS))
    away = await open_pool(databases.keys(KEY_SERVICE))
    await away.close()
    with pytest.raises(DatabaseUnreachableError):
        await Rotation(KeyVersions(away), file).begin(lambda _: True)
    pool = await open_pool(databases.keys(KEY_SERVICE))
    try:
        rotation = Rotation(KeyVersions(pool), file)
        assert await rotation.begin(lambda _: True) == 0
        assert (await rotation.step(10)).versions_left == 0
    finally:
        await pool.close()
    assert set(file.in_use().values()) == {2}
    assert set(file.versions().values()) == {(2,)}


async def test_where_keys_that_are_needed_are_not_there_none_are_drawn_in_their_place(
    databases: Databases, tmp_path: Path
) -> None:
    with running_key_service(databases, tmp_path) as url:
        await data_keys(url, tmp_path)
    file = FileKeys.read(tmp_path / KEYS_FILE)
    needed = (PLACES[0].owner, PLACES[0].category, PLACES[0].form)
    file.give_up([(slot, 1) for slot in file.versions()])  # as when another token is connected
    empty = FileKeys.read(tmp_path / KEYS_FILE)
    with pytest.raises(KeysLostError):
        await begun_with(databases, empty, [needed])
    assert not empty.versions()


async def test_another_platforms_keys_under_the_same_names_stop_the_start(databases: Databases, tmp_path: Path) -> None:
    with running_key_service(databases, tmp_path) as url:
        await data_keys(url, tmp_path)
    with pytest.raises(KeysLostError):
        await begun_with(databases, FileKeys.read(make_file_keys(tmp_path / "another", DOORS)), [])


async def test_a_file_that_cannot_be_written_does_not_stop_it(databases: Databases, tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    file = FileKeys.read(make_file_keys(folder, DOORS))
    shutil.rmtree(folder)
    await begun_with(databases, file, list(file.versions()))
    with pytest.raises(FileNotFoundError):
        file.draw([])  # it would have been written


async def begun_with(databases: Databases, file: FileKeys, slots: Collection[Slot]) -> None:
    pool = await open_pool(databases.keys(KEY_SERVICE))
    try:
        await Rotation(KeyVersions(pool), file).begin_with(slots)
    finally:
        await pool.close()


async def test_nobody_but_the_operator_has_keys_rotated(databases: Databases, tmp_path: Path) -> None:
    with running_key_service(databases, tmp_path) as url:
        for name in ("door.police", "reader.auditor"):
            async with asking(url, tmp_path, name) as other:
                with pytest.raises(KeysUnreachableError):
                    await other.key_versions(OF_THE_POLICE)
                with pytest.raises(KeysUnreachableError):
                    await other.begin_rotation(OF_THE_POLICE)
                with pytest.raises(KeysUnreachableError):
                    await other.rotation_step(1)
    assert versions(tmp_path) == {"police": {1}, "health": {1}}


async def test_it_may_be_killed_at_any_point(databases: Databases, tmp_path: Path) -> None:
    running = KeyServiceProcess.start(tmp_path, databases)
    try:
        before = await data_keys(running.url, tmp_path)
        async with asking(running.url, tmp_path, OPERATOR_NAME) as operator:
            await operator.begin_rotation(SlotsAsked())
            await operator.rotation_step(2)
        await is_killed_in_the_midst_of_a_step(running, databases, tmp_path)
        running.start_again()
        assert await data_keys(running.url, tmp_path) == before
        await finished(running.url, tmp_path)
        running.kill()
        file = FileKeys.read(tmp_path / KEYS_FILE)
        file.draw(list(file.versions()))  # as when it dies after it drew keys and before it noted them
        running.start_again()
        assert await data_keys(running.url, tmp_path) == before
        await finished(running.url, tmp_path)
        assert await data_keys(running.url, tmp_path) == before
        assert versions(tmp_path) == {"police": {3}, "health": {3}}
    finally:
        running.kill()


async def is_killed_in_the_midst_of_a_step(running: KeyServiceProcess, databases: Databases, directory: Path) -> None:
    with psycopg.connect(databases.keys(OWNER)) as other:
        other.execute("select from keys.data_keys for update")
        async with asking(running.url, directory, OPERATOR_NAME) as operator:
            step = asyncio.create_task(operator.rotation_step(1_000))
            await asyncio.to_thread(eventually, lambda: waits(databases))
            running.kill()
            with pytest.raises(KeysUnreachableError):
                await step


def waits(databases: Databases) -> bool:
    """Say whether somebody waits for a lock."""
    with psycopg.connect(databases.keys(OWNER)) as connection:
        return connection.execute("select count(*) from pg_locks where not granted").fetchone() != (0,)
