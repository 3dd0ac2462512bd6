"""What the key service reads of the register, and what it writes down of each erasure that it carries out."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from types import MappingProxyType
from uuid import UUID

from psycopg.types.json import Jsonb
from pydantic import JsonValue

from events.labels import Category, Form
from events.parties import Agency
from infra.crypto.data_keys import KeyPlace
from infra.postgres.erasure_barrier import pass_alone
from infra.postgres.faults import reaching
from infra.postgres.pool import Pool

_STATED = "select position, stream, recorded from case_record.erasures where position > %s order by position limit %s"
_STANDS = "select exists (select from case_record.erasures where position = %s)"
_SUBJECTS = "select holder, reference from case_record.linked_subjects(%s)"
_STREAM = "select case_record.stream_named(%s, %s)"

_FORGET = "select door_{owner}.forget_likeness(%s, %s, %s)"

_KEYS_OF = """\
select key_id, owner, subject, category, part, form from keys.data_keys
where subject = any(%s) and destroyed_at is null"""
_DESTROYED = "select key_id, owner, subject, category, part, form from keys.data_keys where destroyed_at is not null"
_BEGUN = "select condemned, done_at is not null from keys.erasures where source = %s and id = %s"
_BEGIN = "insert into keys.erasures (source, id, condemned, kept) values (%s, %s, %s, %s)"
_RETIRE = "update keys.data_keys set retired_at = now() where key_id = any(%s) and retired_at is null"
_DESTROY = """\
update keys.data_keys set wrapped = null, kek_version = null, destroyed_at = now()
where key_id = any(%s) and destroyed_at is null"""
_DONE = "update keys.erasures set done_at = now() where source = %s and id = %s and done_at is null"
_TOLD = "select cardinality(condemned), kept, done_at is not null from keys.erasures where source = %s and id = %s"


@dataclass(frozen=True, slots=True)
class Stated:
    """An erasure that was stated: where it stands in the register, and its exact recorded bytes."""

    position: int
    stream: UUID
    recorded: bytes


@dataclass(frozen=True, slots=True)
class CarriedOut:
    """What became of an erasure: how many keys it destroys, what is kept and why, and whether it is done."""

    destroyed: int
    kept: JsonValue
    done: bool


class StatedErasures:
    """The register's side, with rights to these facts and no others."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def after(self, position: int, limit: int) -> list[Stated]:
        """Return the next erasures after a position.

        Raises:
            DatabaseUnreachableError: if the register does not answer.
        """
        with reaching():
            async with self._pool.connection() as connection:
                rows = await (await connection.execute(_STATED, [position, limit])).fetchall()
        return [Stated(*row) for row in rows]

    async def stands_at(self, position: int) -> bool:
        """Say whether the register holds an erasure at a position.

        Raises:
            DatabaseUnreachableError: if the register does not answer.
        """
        with reaching():
            async with self._pool.connection() as connection:
                [[stands]] = await (await connection.execute(_STANDS, [position])).fetchall()
        return bool(stands)

    async def subjects(self, stream: UUID) -> frozenset[str]:
        """Return everybody's names for a report or case and for all that was ever linked with it.

        Shape: `<unit>/<reference>`, as the subject of a key begins.

        Raises:
            DatabaseUnreachableError: if the register does not answer.
        """
        with reaching():
            async with self._pool.connection() as connection:
                rows = await (await connection.execute(_SUBJECTS, [stream])).fetchall()
        return frozenset(f"{holder}/{reference}" for holder, reference in rows)

    async def stream(self, unit: str, reference: str) -> UUID | None:
        """Return the report or case that a unit calls so, or None.

        Raises:
            DatabaseUnreachableError: if the register does not answer.
        """
        with reaching():
            async with self._pool.connection() as connection:
                [[found]] = await (await connection.execute(_STREAM, [unit, reference])).fetchall()
        return found if isinstance(found, UUID) else None

    async def tell_doors(self, nameless: Mapping[str, KeyPlace] = MappingProxyType({})) -> None:
        """Have every door ask anew for the keys it holds, and wait for what was sealed under those it held.

        With it go the marks by which those were found whose names lie under these keys, in every view.

        Shape: `nameless` by the key's id.

        Raises:
            DatabaseUnreachableError: if the register does not answer.
        """
        with reaching():
            async with self._pool.connection() as connection, connection.transaction():
                await pass_alone(connection)
                for owner, said in _by_owner(nameless).items():
                    await connection.cursor().executemany(_FORGET.format(owner=owner), said)


class ErasureBook:
    """The key database's side."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def position(self) -> int:
        """Return up to where the register's erasures are carried out.

        Raises:
            DatabaseUnreachableError: if the key database does not answer.
        """
        with reaching():
            async with self._pool.connection() as connection:
                [[position]] = await (await connection.execute("select position from keys.followed")).fetchall()
        return int(position)

    async def keys_of(self, subjects: Collection[str]) -> list[tuple[str, KeyPlace]]:
        """Return the ids and places of the keys of these subjects that are not destroyed.

        Raises:
            DatabaseUnreachableError: if the key database does not answer.
        """
        with reaching():
            async with self._pool.connection() as connection:
                rows = await (await connection.execute(_KEYS_OF, [list(subjects)])).fetchall()
        return [(key_id, _place(*place)) for key_id, *place in rows]

    async def destroyed(self) -> dict[str, KeyPlace]:
        """Return the places of the keys that are destroyed, by the key's id.

        Raises:
            DatabaseUnreachableError: if the key database does not answer.
        """
        with reaching():
            async with self._pool.connection() as connection:
                rows = await (await connection.execute(_DESTROYED)).fetchall()
        return {key_id: _place(*place) for key_id, *place in rows}

    async def begin(self, source: str, id_: str, condemned: Sequence[str], kept: JsonValue) -> tuple[str, ...]:
        """Write down what an erasure will destroy, retire it, and return it; once begun, it is what it was.

        Raises:
            DatabaseUnreachableError: if the key database does not answer.
        """
        with reaching():
            async with self._pool.connection() as connection, connection.transaction():
                begun = await (await connection.execute(_BEGUN, [source, id_])).fetchone()
                if begun is not None:
                    return tuple(begun[0])
                await connection.execute(_BEGIN, [source, id_, list(condemned), Jsonb(kept)])
                await connection.execute(_RETIRE, [list(condemned)])
        return tuple(condemned)

    async def destroy(self, source: str, id_: str, condemned: Sequence[str], position: int) -> None:
        """Destroy the keys, and write down that it is done and how far the register is followed: all or nothing.

        Raises:
            DatabaseUnreachableError: if the key database does not answer.
        """
        with reaching():
            async with self._pool.connection() as connection, connection.transaction():
                await connection.execute(_DESTROY, [list(condemned)])
                await connection.execute(_DONE, [source, id_])
                await connection.execute("update keys.followed set position = %s", [position])

    async def skip_to(self, position: int) -> None:
        """Write down how far the register is followed.

        Raises:
            DatabaseUnreachableError: if the key database does not answer.
        """
        with reaching():
            async with self._pool.connection() as connection:
                await connection.execute("update keys.followed set position = %s", [position])

    async def told(self, source: str, id_: str) -> CarriedOut | None:
        """Return what became of an erasure; None while it has not begun.

        Raises:
            DatabaseUnreachableError: if the key database does not answer.
        """
        with reaching():
            async with self._pool.connection() as connection:
                row = await (await connection.execute(_TOLD, [source, id_])).fetchone()
        return None if row is None else CarriedOut(*row)


def _place(owner: str, subject: str, category: str, part: str, form: str) -> KeyPlace:
    return KeyPlace(Agency(owner), subject, Category(category), part, Form(form))


def _by_owner(places: Mapping[str, KeyPlace]) -> dict[str, list[tuple[str, str, list[str]]]]:
    """Return by door which units spoke of somebody, by which references of their own, and under which keys."""
    spoken_of: dict[str, dict[tuple[str, str], list[str]]] = {}
    for key_id, place in sorted(places.items(), key=itemgetter(1)):
        unit, _, reference = place.subject.rpartition("#")[0].partition("/")
        spoken_of.setdefault(place.owner.value, {}).setdefault((unit, reference), []).append(key_id)
    return {owner: [(*about, keys) for about, keys in said.items()] for owner, said in spoken_of.items()}
