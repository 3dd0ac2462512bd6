"""Who was shown what, why and under which clauses: written before the answer leaves, never changed.

Promise: when `record` returns, the entry is on disk; when it raises, the answer must not be sent.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Literal, TypeAlias
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from events.parties import Audience
from infra.postgres.faults import reaching
from infra.postgres.pool import Pool
from infra.postgres.roles import AUDIENCES

# What was asked for, and what came of it; a closed list, which the table keeps too.
Kind: TypeAlias = Literal[
    "read",
    "list",
    "search",
    "export",
    "replay",
    "verify",
    "look_up_access",
    "tell_subject",
    "break_glass",
    "review_glass",
]
Outcome: TypeAlias = Literal["answered", "refused"]

_SALT_BYTES = 16

_RECORD = """\
insert into {view}.access_log (at, person, unit, duties, purpose, route, kind, outcome, policies, streams, versions,
  rules, categories, agreement, glass, body_salt, body_digest)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"""

_FOUND = " union all ".join(
    f"(select '{audience}' as audience, id, at, person, unit, duties, purpose, route, kind, outcome, policies,"
    " streams, versions, rules, categories, agreement, glass, body_digest"
    f" from view_{audience}.access_log"
    " where (%(streams)s::uuid[] is null or streams && %(streams)s)"
    " and (%(from_)s::timestamptz is null or at >= %(from_)s) and (%(to)s::timestamptz is null or at < %(to)s)"
    " and (%(after_at)s::timestamptz is null"
    f" or (at, '{audience}', id) > (%(after_at)s, %(after_audience)s, %(after_id)s))"
    f" order by at, id limit %(limit)s)"
    for audience in AUDIENCES
)


@dataclass(frozen=True, slots=True)
class AccessEntry:
    """One answer: who was shown which streams up to which version and by what right, or was refused by which policies.

    Shape: `policies` decided that it may be asked, `rules` of the agreement what was told; a refusal has no streams.
    `glass`: the broken glass that it was asked under, or that it speaks of.
    """

    at: datetime
    person: str
    unit: str
    duties: tuple[str, ...]
    purpose: str
    route: str
    kind: Kind
    outcome: Outcome
    policies: tuple[str, ...]
    streams: Mapping[UUID, int]
    rules: tuple[str, ...]
    categories: tuple[str, ...]
    agreement: str
    glass: UUID | None = None


@dataclass(frozen=True, slots=True)
class FoundEntry:
    """An entry as the auditor reads it, with its place in the log of the audience that read."""

    audience: Audience
    id: int
    entry: AccessEntry
    body_digest: bytes


@dataclass(frozen=True, slots=True)
class AfterEntry:
    """Where a page begins: behind this entry."""

    at: datetime
    audience: Audience
    id: int


async def write_entry(
    connection: AsyncConnection[TupleRow], audience: Audience, entry: AccessEntry, body: bytes
) -> None:
    """Write an entry with a salted digest of the answer's body, in a transaction of the audience's reader role."""
    salt = secrets.token_bytes(_SALT_BYTES)
    values = [
        entry.at,
        entry.person,
        entry.unit,
        list(entry.duties),
        entry.purpose,
        entry.route,
        entry.kind,
        entry.outcome,
        list(entry.policies),
        list(entry.streams),
        list(entry.streams.values()),
        list(entry.rules),
        list(entry.categories),
        entry.agreement,
        entry.glass,
        salt,
        sha256(salt + body).digest(),
    ]
    await connection.execute(_RECORD.replace("{view}", f"view_{audience.value}").encode(), values)


class AccessLog:
    """The log of one audience's view; its reader role may add and nothing else."""

    def __init__(self, pool: Pool, audience: Audience) -> None:
        self._pool = pool
        self._audience = audience

    async def record(self, entry: AccessEntry, body: bytes) -> None:
        """Write an entry by itself.

        Raises:
            DatabaseUnreachableError: if the database does not answer.
        """
        with reaching():
            async with self._pool.connection() as connection:
                await write_entry(connection, self._audience, entry, body)


@dataclass(frozen=True, slots=True)
class AccessWanted:
    """Which entries are asked for; None does not narrow. From `from_` on, before `to`."""

    streams: tuple[UUID, ...] | None = None
    from_: datetime | None = None
    to: datetime | None = None


class AccessLogs:
    """The logs of every audience, as the auditor reads them."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def found(self, wanted: AccessWanted, after: AfterEntry | None, limit: int) -> list[FoundEntry]:
        """Return entries in the order of time.

        Raises:
            DatabaseUnreachableError: if the database does not answer.
        """
        values: dict[str, Any] = {
            "streams": list(wanted.streams) if wanted.streams is not None else None,
            "from_": wanted.from_,
            "to": wanted.to,
            "limit": limit,
            "after_at": after.at if after else None,
            "after_audience": after.audience.value if after else None,
            "after_id": after.id if after else None,
        }
        query = f"select * from ({_FOUND}) as every order by at, audience, id limit %(limit)s"
        with reaching():
            async with self._pool.connection() as connection:
                rows = await (await connection.execute(query.encode(), values)).fetchall()
        return [_found(*row) for row in rows]


def _found(audience: str, id_: int, *told: Any) -> FoundEntry:
    at, person, unit, duties, purpose, route, *what, agreement, glass, digest = told
    kind, outcome, policies, streams, versions, rules, categories = what
    entry = AccessEntry(
        at=at,
        person=person,
        unit=unit,
        duties=tuple(duties),
        purpose=purpose,
        route=route,
        kind=kind,
        outcome=outcome,
        policies=tuple(policies),
        streams=dict(zip(streams, versions, strict=True)),
        rules=tuple(rules),
        categories=tuple(categories),
        agreement=agreement,
        glass=glass,
    )
    return FoundEntry(Audience(audience), id_, entry, digest)
