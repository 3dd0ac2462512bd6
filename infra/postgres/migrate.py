"""Bring both databases to the newest schema: each SQL file once, in order, its text never changed afterwards.

Files: `schema/NN_name.sql` (register) and `keys_schema/NN_name.sql` (key database).
`NN_name.each_agency.sql` and `NN_name.each_audience.sql` run once for each, with `{agency}` and `{audience}`
replaced. `NN_name.always.sql` runs every time: it holds what belongs to a database and not to its contents.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import psycopg
from psycopg.sql import SQL, Identifier, Literal

from infra.postgres.faults import reaching
from infra.postgres.locks import AdvisoryLock
from infra.postgres.roles import AGENCIES, AUDIENCES, SERVICE_ROLES

Connection = psycopg.Connection[Any]
_LOOK_WITHIN_S = 5

_LEDGER = """\
create schema if not exists migration;
create table if not exists migration.applied (
  file text primary key,
  sha256 text not null,
  applied_at timestamptz not null default now()
)"""


class AppliedFileChangedError(Exception):
    """A file that was applied has another text now; write a new file instead."""


class RoleMissingError(Exception):
    """A role does not exist and no password was handed in to make it."""


@dataclass(frozen=True, slots=True)
class Script:
    """One SQL file, or one copy of it for an agency or audience."""

    name: str
    text: str
    always: bool

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the text in hex."""
        return sha256(self.text.encode()).hexdigest()


def migrate(owner_dsn: str, keys_owner_dsn: str, passwords: Mapping[str, str]) -> None:
    """Make the missing roles, set the passwords handed in, apply what is new to both databases.

    Promise: doing it again changes nothing; two at once wait for each other.

    Raises:
        AppliedFileChangedError: if the text of an applied file was changed.
        RoleMissingError: if a role is missing and has no password in `passwords`.
        DatabaseUnreachableError: if a database does not answer.
    """
    with reaching():
        with psycopg.connect(owner_dsn, autocommit=True) as connection:
            _wait_for_others(connection)
            _make_roles(connection, passwords)
            apply(connection, scripts("schema"))
        with psycopg.connect(keys_owner_dsn, autocommit=True) as connection:
            _wait_for_others(connection)
            apply(connection, scripts("keys_schema"))


def apply(connection: Connection, wanted: list[Script]) -> None:
    """Apply what is not applied yet, each file in a transaction of its own, to a connection in autocommit.

    Raises:
        AppliedFileChangedError: if the text of an applied file was changed.
    """
    if connection.execute("select to_regclass('migration.applied')").fetchone() == (None,):
        connection.execute(_LEDGER)
    applied = dict(connection.execute("select file, sha256 from migration.applied").fetchall())
    for script in wanted:
        if not script.always and applied.get(script.name, script.digest) != script.digest:
            raise AppliedFileChangedError(f"{script.name} was applied with another text; put the change in a new file.")
    for script in wanted:
        if script.always:
            connection.execute(script.text.encode())
        elif script.name not in applied:
            with connection.transaction():
                connection.execute(script.text.encode())
                connection.execute(
                    "insert into migration.applied (file, sha256) values (%s, %s)", [script.name, script.digest]
                )


def drift(owner_dsn: str, folder: str = "schema") -> list[str]:
    """Return the files that a database lacks, and those that were applied to it with another text; only looks.

    Raises:
        DatabaseUnreachableError: if the database does not answer.
    """
    with reaching(), psycopg.connect(owner_dsn, autocommit=True, connect_timeout=_LOOK_WITHIN_S) as connection:
        if connection.execute("select to_regclass('migration.applied')").fetchone() == (None,):
            return [script.name for script in scripts(folder) if not script.always]
        applied: dict[str, str] = dict(connection.execute("select file, sha256 from migration.applied").fetchall())
    known = {script.name: script.digest for script in scripts(folder) if not script.always}
    return sorted(name for name in known.keys() | applied.keys() if known.get(name) != applied.get(name))


def server_clock(dsn: str) -> tuple[int, datetime]:
    """Return a server's major version and what time it has.

    Raises:
        DatabaseUnreachableError: if the server does not answer.
    """
    with reaching(), psycopg.connect(dsn, autocommit=True, connect_timeout=_LOOK_WITHIN_S) as connection:
        row = connection.execute("select current_setting('server_version_num')::int / 10000, clock_timestamp()")
        [(version, now)] = row.fetchall()
    return int(version), now


def scripts(folder: str) -> list[Script]:
    """Return the scripts of a schema folder in the order in which they are applied."""
    found = sorted(
        (file for file in files("infra.postgres").joinpath(folder).iterdir() if file.name.endswith(".sql")),
        key=lambda file: file.name,
    )
    return [script for file in found for script in _copies(file)]


def _copies(file: Traversable) -> Iterator[Script]:
    text = file.read_text(encoding="utf-8")
    kinds = {"each_agency": ("{agency}", AGENCIES), "each_audience": ("{audience}", AUDIENCES)}
    kind = file.name.split(".")[-2]
    if kind not in kinds:
        yield Script(file.name, text, always=kind == "always")
        return
    placeholder, values = kinds[kind]
    for value in values:
        yield Script(f"{file.name}[{value}]", text.replace(placeholder, value), always=False)


def _wait_for_others(connection: Connection) -> None:
    connection.execute("select pg_advisory_lock(%s)", [AdvisoryLock.MIGRATION.value])


def _make_roles(connection: Connection, passwords: Mapping[str, str]) -> None:
    """Make what is missing; the server gets verifiers, never a password.

    Raises:
        RoleMissingError: if a role is missing and has no password.
    """
    there = {row[0] for row in connection.execute("select rolname from pg_roles")}
    for role in SERVICE_ROLES:
        if role not in there and role not in passwords:
            raise RoleMissingError(f"Role {role} is missing and no password was given to make it.")
        if role not in there:
            connection.execute(SQL("create role {} login noinherit").format(Identifier(role)))
        if role in passwords:
            verifier = connection.pgconn.encrypt_password(
                passwords[role].encode(), role.encode(), b"scram-sha-256"
            ).decode()
            connection.execute(SQL("alter role {} password {}").format(Identifier(role), Literal(verifier)))
