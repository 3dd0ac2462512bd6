"""What keeps a door from keeping: each begun on the real database, and ended again."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from psycopg import sql

from infra.postgres.roles import KEY_SERVICE, OWNER
from tests.hostile.world import World

Outage = Callable[[World], Iterator[None]]
DOOR = "door_police"

_FULL = """\
create function {schema}.full() returns trigger language plpgsql as
$$begin raise exception 'no space left' using errcode = '{code}'; end$$;
create trigger full_disk {when} on {schema}.{table} for each statement execute function {schema}.full();"""
_EMPTY = "drop function {schema}.full cascade;"
_CUT = """\
select pg_terminate_backend(pid) from pg_stat_activity
where datname = %s and usename = %s and pid <> pg_backend_pid()"""


@dataclass(frozen=True)
class Trouble:
    """Something that goes wrong, by name."""

    name: str
    begin: Outage


def troubles() -> list[Trouble]:
    return [
        Trouble("the register takes no connections", lambda world: _away(world, world.databases.main_name, DOOR)),
        Trouble(
            "the key database takes no connections",
            lambda world: _away(world, world.databases.keys_name, KEY_SERVICE),
        ),
        Trouble("the key service is gone", _without_keys),
        Trouble("the disk is full at the first row", lambda world: _full(world, "53100", "before insert", "journal")),
        Trouble(
            "the disk is full at the last row", lambda world: _full(world, "53100", "after update", "receipt_heads")
        ),
        Trouble("the server is out of memory", lambda world: _full(world, "53200", "before insert", "sequences")),
        Trouble("the server only reads", lambda world: _full(world, "25006", "before insert", "deliveries")),
        Trouble("the commit is cancelled", lambda world: _full(world, "57014", "after insert", "journal")),
        Trouble("every connection waits for a lock", _locked),
    ]


@contextmanager
def during(world: World, trouble: Trouble) -> Iterator[None]:
    yield from trouble.begin(world)


def _away(world: World, database: str, role: str) -> Iterator[None]:
    """Take a role's right to connect away, and end the connections it has, which it may do itself."""
    names = (sql.Identifier(database), sql.Identifier(role))
    with (
        psycopg.connect(world.databases.main(OWNER), autocommit=True) as owner,
        psycopg.connect(world.databases.main(role), autocommit=True) as itself,
    ):
        owner.execute(sql.SQL("revoke connect on database {} from {}").format(*names))
        itself.execute(_CUT, [database, role])
        try:
            yield
        finally:
            owner.execute(sql.SQL("grant connect on database {} to {}").format(*names))


def _without_keys(world: World) -> Iterator[None]:
    world.kill("keys")
    try:
        yield
    finally:
        world.start("keys")


def _full(world: World, code: str, when: str, table: str) -> Iterator[None]:
    with psycopg.connect(world.databases.main(OWNER), autocommit=True) as connection:
        connection.execute(_FULL.format(schema=DOOR, code=code, when=when, table=table).encode())
        try:
            yield
        finally:
            connection.execute(_EMPTY.format(schema=DOOR).encode())


def _locked(world: World) -> Iterator[None]:
    with psycopg.connect(world.databases.main(OWNER)) as connection:
        connection.execute(f"lock table {DOOR}.receipt_heads in access exclusive mode")
        yield
        connection.rollback()
