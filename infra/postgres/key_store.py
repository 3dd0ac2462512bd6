"""Wrapped data keys in a database of their own, never in the backups of what they seal; the key service's alone."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from psycopg.errors import ForeignKeyViolation

from events.labels import Category, Form
from events.parties import Agency
from infra.crypto.data_keys import KeyPlace
from infra.keys.key_encryption import Wrapped
from infra.postgres.faults import reaching
from infra.postgres.pool import Pool

_PATIENCE_S = 2.0  # less than whoever asks the key service waits

_COLUMNS = "key_id, owner, subject, category, part, form, wrapped, kek_version"
_AT = f"""\
select {_COLUMNS}
from keys.data_keys
join unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[])
  as wanted (owner, subject, category, part, form) using (owner, subject, category, part, form)
where retired_at is null"""

_KEEP = f"""\
insert into keys.data_keys ({_COLUMNS})
select * from unnest(
  %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %b::bytea[], %s::int[])
on conflict (owner, subject, category, part, form) where retired_at is null do nothing
returning key_id"""

_BY_ID = f"select {_COLUMNS}, retired_at is null from keys.data_keys where key_id = any(%s)"


@dataclass(frozen=True, slots=True)
class LivingKey:
    """A data key that seals and opens."""

    key_id: str
    place: KeyPlace
    wrapped: Wrapped


@dataclass(frozen=True, slots=True)
class KeptKey:
    """A data key that there was; `wrapped` None once it is destroyed, or about to be."""

    place: KeyPlace
    wrapped: Wrapped | None


class WrappedTooLate(Exception):  # noqa: N818 - an outcome: wrap anew, with the version that is the newest now
    """The version that wrapped a key was given up meanwhile; nothing was kept."""


class KeyStore:
    """Keeps and finds data keys."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def at(self, places: Collection[KeyPlace]) -> dict[KeyPlace, LivingKey]:
        """Return the living key of each place that has one.

        Raises:
            DatabaseUnreachableError: if the key database does not answer.
        """
        with reaching():
            async with self._pool.connection(_PATIENCE_S) as connection:
                rows = await (await connection.execute(_AT, _columns(places))).fetchall()
        living = [LivingKey(key_id, _place(*place), Wrapped(version, data)) for key_id, *place, data, version in rows]
        return {key.place: key for key in living}

    async def keep(self, keys: Sequence[tuple[str, KeyPlace, Wrapped]]) -> dict[KeyPlace, LivingKey]:
        """Keep new keys, each by its id, and return the living key of each place: the first one kept wins.

        Raises:
            WrappedTooLate: if what wrapped one of them is no version any more.
            DatabaseUnreachableError: if the key database does not answer.
        """
        ordered = sorted(keys, key=lambda key: key[1])  # two that keep the same keys wait, and do not lock up
        places = [place for _, place, _ in ordered]
        values = [[key_id for key_id, _, _ in ordered], *_columns(places)]
        values += [[wrapped.data for _, _, wrapped in ordered], [wrapped.version for _, _, wrapped in ordered]]
        with reaching():
            async with self._pool.connection(_PATIENCE_S) as connection:
                try:
                    written = {key_id for [key_id] in await (await connection.execute(_KEEP, values)).fetchall()}
                except ForeignKeyViolation:
                    raise WrappedTooLate from None
        kept = {place: LivingKey(key_id, place, wrapped) for key_id, place, wrapped in ordered if key_id in written}
        others = [place for place in places if place not in kept]
        return kept | (await self.at(others) if others else {})

    async def by_id(self, key_ids: Collection[str]) -> dict[str, KeptKey]:
        """Return the keys of these ids, destroyed ones too; unknown ids are left out.

        Raises:
            DatabaseUnreachableError: if the key database does not answer.
        """
        with reaching():
            async with self._pool.connection(_PATIENCE_S) as connection:
                rows = await (await connection.execute(_BY_ID, [list(key_ids)])).fetchall()
        return {
            key_id: KeptKey(_place(*place), Wrapped(version, data) if is_living else None)
            for key_id, *place, data, version, is_living in rows
        }

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


def _place(owner: str, subject: str, category: str, part: str, form: str) -> KeyPlace:
    return KeyPlace(Agency(owner), subject, Category(category), part, Form(form))
