"""By which version of its key-encryption key each data key is wrapped, and its wrapping anew; no key is seen here."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from psycopg.errors import ForeignKeyViolation

from events.labels import Category, Form
from events.parties import Agency
from infra.keys.key_encryption import Slot, Wrapped
from infra.postgres.faults import reaching
from infra.postgres.pool import Pool

_SLOTS = "unnest(%s::text[], %s::text[], %s::text[], %s::int[])"
_NOTE = f"""\
insert into keys.key_versions (owner, category, form, version)
select * from {_SLOTS} on conflict do nothing"""
_NEEDED = """\
select v.owner, v.category, v.form, v.version, one.wrapped from keys.key_versions as v
cross join lateral (
  select d.wrapped from keys.data_keys as d
  where (d.owner, d.category, d.form, d.kek_version) = (v.owner, v.category, v.form, v.version)
  limit 1
) as one"""
_COUNT = """\
select v.owner, v.category, v.form, v.version, count(d.kek_version)
from keys.key_versions as v
left join keys.data_keys as d
  on (d.owner, d.category, d.form, d.kek_version) = (v.owner, v.category, v.form, v.version)
group by v.owner, v.category, v.form, v.version"""
_OLDER = f"""\
select older.key_id, newest.owner, newest.category, newest.form, older.kek_version, older.wrapped
from {_SLOTS} as newest (owner, category, form, version)
cross join lateral ( -- by the index, slot by slot: of many data keys no more are looked at than are returned
  select d.key_id, d.kek_version, d.wrapped from keys.data_keys as d
  where (d.owner, d.category, d.form) = (newest.owner, newest.category, newest.form) and d.kek_version < newest.version
  limit %s
) as older
limit %s"""
_REWRAP = """\
update keys.data_keys as d set wrapped = anew.wrapped, kek_version = anew.version
from unnest(%s::text[], %s::int[], %s::int[], %b::bytea[]) as anew (key_id, before, version, wrapped)
where d.key_id = anew.key_id and d.kek_version = anew.before"""
_GIVE_UP = f"""\
delete from keys.key_versions as v using {_SLOTS} as empty (owner, category, form, version)
where (v.owner, v.category, v.form, v.version) = (empty.owner, empty.category, empty.form, empty.version)"""


@dataclass(frozen=True, slots=True)
class Outdated:
    """A data key that an earlier version wraps."""

    key_id: str
    slot: Slot
    wrapped: Wrapped


class KeyVersions:
    """Knows the versions that are in use, and puts newer wrappings in the place of older ones."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def note(self, versions: Mapping[Slot, Collection[int]]) -> None:
        """Note that there are these versions: only what is noted may wrap.

        Raises:
            DatabaseUnreachableError: if the key database does not answer.
        """
        rows = [(slot, version) for slot, several in versions.items() for version in several]
        with reaching():
            async with self._pool.connection() as connection:
                await connection.execute(_NOTE, _columns(rows))

    async def needed(self) -> list[tuple[Slot, Wrapped]]:
        """Return, of each version that wraps any data key, one data key as it wrapped it.

        Raises:
            DatabaseUnreachableError: if the key database does not answer.
        """
        with reaching():
            async with self._pool.connection() as connection:
                rows = await (await connection.execute(_NEEDED)).fetchall()
        return [(_slot(owner, category, form), Wrapped(version, data)) for owner, category, form, version, data in rows]

    async def counted(self) -> dict[tuple[Slot, int], int]:
        """Return how many data keys each version wraps.

        Raises:
            DatabaseUnreachableError: if the key database does not answer.
        """
        with reaching():
            async with self._pool.connection() as connection:
                rows = await (await connection.execute(_COUNT)).fetchall()
        return {(_slot(owner, category, form), version): count for owner, category, form, version, count in rows}

    async def outdated(self, newest: Mapping[Slot, int], most: int) -> list[Outdated]:
        """Return data keys that a version before the newest wraps, as many as there may be.

        Raises:
            DatabaseUnreachableError: if the key database does not answer.
        """
        with reaching():
            async with self._pool.connection() as connection:
                rows = await (await connection.execute(_OLDER, [*_columns(newest.items()), most, most])).fetchall()
        return [
            Outdated(key_id, _slot(owner, category, form), Wrapped(version, data))
            for key_id, owner, category, form, version, data in rows
        ]

    async def rewrap(self, anew: Sequence[tuple[Outdated, Wrapped]]) -> None:
        """Put new wrappings in the place of those that were read, all or none; what was destroyed since stays so.

        Raises:
            DatabaseUnreachableError: if the key database does not answer.
        """
        values = [
            [old.key_id for old, _ in anew],
            [old.wrapped.version for old, _ in anew],
            [new.version for _, new in anew],
            [new.data for _, new in anew],
        ]
        with reaching():
            async with self._pool.connection() as connection:
                await connection.execute(_REWRAP, values)

    async def give_up(self, versions: Collection[tuple[Slot, int]]) -> bool:
        """Give versions up, all or none; say whether that was done: it is not while one of them wraps anything.

        Raises:
            DatabaseUnreachableError: if the key database does not answer.
        """
        with reaching():
            async with self._pool.connection() as connection:
                try:
                    await connection.execute(_GIVE_UP, _columns(versions))
                except ForeignKeyViolation:
                    return False
        return True


def _slot(owner: str, category: str, form: str) -> Slot:
    return Agency(owner), Category(category), Form(form)


def _columns(rows: Collection[tuple[Slot, int]]) -> list[list[Any]]:
    return [
        [owner.value for (owner, _, _), _ in rows],
        [category.value for (_, category, _), _ in rows],
        [form.value for (_, _, form), _ in rows],
        [version for _, version in rows],
    ]
