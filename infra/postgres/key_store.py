"""Wrapped data keys in a database of their own, never in the backups of what they seal."""

from collections.abc import Collection, Sequence
from typing import Any

from psycopg.rows import TupleRow

from events.labels import Category, Form
from events.parties import Agency
from infra.crypto.data_keys import KeyPlace, WrappedKey
from infra.postgres.faults import reaching
from infra.postgres.pool import Pool

_PATIENCE_S = 3.0  # somebody waits for an answer

_AT = """\
select key_id, owner, subject, category, part, form, wrapped
from keys.data_keys
join unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[])
  as wanted (owner, subject, category, part, form) using (owner, subject, category, part, form)
where destroyed_at is null"""

_KEEP = """\
insert into keys.data_keys (key_id, owner, subject, category, part, form, wrapped)
select * from unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %b::bytea[])
on conflict (owner, subject, category, part, form) where destroyed_at is null do nothing
returning key_id"""

_BY_ID = "select key_id, wrapped from keys.data_keys where key_id = any(%s)"


class KeyStore:
    """Keeps and finds data keys, with the rights of the role the pool connects as."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def at(self, places: Collection[KeyPlace]) -> dict[KeyPlace, WrappedKey]:
        """Return the living key of each place that has one.

        Raises:
            DatabaseUnreachableError: if the key database does not answer.
        """
        with reaching():
            async with self._pool.connection(_PATIENCE_S) as connection:
                rows = await (await connection.execute(_AT, _columns(places))).fetchall()
        return {key.place: key for key in map(_wrapped_key, rows)}

    async def keep(self, keys: Sequence[WrappedKey]) -> dict[KeyPlace, WrappedKey]:
        """Keep new keys and return the living key of each place: the first one kept wins.

        Raises:
            DatabaseUnreachableError: if the key database does not answer.
        """
        ordered = sorted(keys, key=lambda key: key.place)  # two that keep the same keys wait, and do not lock up
        values = [[key.key_id for key in ordered], *_columns([key.place for key in ordered])]
        with reaching():
            async with self._pool.connection(_PATIENCE_S) as connection:
                cursor = await connection.execute(_KEEP, [*values, [key.wrapped for key in ordered]])
                written = {key_id for [key_id] in await cursor.fetchall()}
        kept = {key.place: key for key in ordered if key.key_id in written}
        others = [key.place for key in ordered if key.place not in kept]
        return kept | (await self.at(others) if others else {})

    async def by_id(self, key_ids: Collection[str]) -> dict[str, bytes | None]:
        """Return the wrapped keys of these ids, None for destroyed ones; unknown ids are left out.

        Raises:
            DatabaseUnreachableError: if the key database does not answer.
        """
        with reaching():
            async with self._pool.connection(_PATIENCE_S) as connection:
                rows = await (await connection.execute(_BY_ID, [list(key_ids)])).fetchall()
        return dict(rows)

    async def answers(self) -> None:
        """Return when the key database answers.

        Raises:
            DatabaseUnreachableError: if it does not.
        """
        await self.by_id([])


def _columns(places: Collection[KeyPlace]) -> list[list[Any]]:
    return [
        [place.owner.value for place in places],
        [place.subject for place in places],
        [place.category.value for place in places],
        [place.part for place in places],
        [place.form.value for place in places],
    ]


def _wrapped_key(row: TupleRow) -> WrappedKey:
    key_id, owner, subject, category, part, form, wrapped = row
    return WrappedKey(key_id, KeyPlace(Agency(owner), subject, Category(category), part, Form(form)), wrapped)
