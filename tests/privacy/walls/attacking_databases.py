"""The keys are given to everybody: look for every box in every table as every reader, the database alone resisting."""

import re
from contextlib import suppress

import psycopg
from psycopg.rows import TupleRow
from psycopg.sql import SQL, Identifier

from events.parties import Audience
from events.units import units
from infra.crypto.boxes import OpenedBox
from infra.embedded.databases import Databases
from infra.postgres.roles import AUDIENCES, OWNER, reader_role
from tests.privacy.matrix import Eyes
from tests.privacy.walls.cells import CATEGORIES, Tried, at_most_of, letter_of
from tests.privacy.walls.stand import Sealed, Stand

REGISTER = "case_record"  # its schema; the auditor verifies it without the boxes
_TABLES = """\
select n.nspname, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p', 'v', 'm') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema' order by 1, 2"""
_HEX = re.compile(r"\\x([0-9a-f]+)")


async def attack(stand: Stand) -> list[Tried]:
    """Try every cell: what a role reads in the views, and apart from it what it reads in the register."""
    tried = []
    for audience in Audience:
        for way, texts in _reached(stand, audience).items():
            found = [sealed for sealed in stand.boxes if any(sealed.box.box in text for text in texts)]
            await _assert_keys_resist_nothing(stand, audience, found)
            if (audience, way) == (Audience.AUDITOR, "register"):
                _assert_it_was_read(stand, texts)
            tried += [Tried(row, audience, way, at_most_of(row, audience), _letter(found, row)) for row in CATEGORIES]
    return tried


def told_in_view(databases: Databases, audience: Audience) -> list[str]:
    """Return the entries of an audience's view as its own role reads them."""
    query = SQL("select told::text from {}").format(Identifier(f"view_{audience}", "entries"))
    with _connected(databases, audience) as connection:
        return [told for [told] in connection.execute(query)]


def _letter(found: list[Sealed], row: str) -> str:
    return letter_of(sealed.box.form for sealed in found if sealed.box.category == row)


def _reached(stand: Stand, audience: Audience) -> dict[str, list[str]]:
    """Return every text that the role of an audience can read anywhere; statistics has no role."""
    reached: dict[str, list[str]] = {"views": [], "register": []}
    if audience not in AUDIENCES:
        return reached
    with _connected(stand.databases, audience) as connection:
        for schema, table in _tables(stand.databases):
            query = SQL("select to_jsonb(t)::text from {} t").format(Identifier(schema, table))
            with suppress(psycopg.errors.InsufficientPrivilege):
                texts = [_legible(row) for [row] in connection.execute(query)]
                reached["register" if schema == REGISTER else "views"] += texts
    return reached


def _connected(databases: Databases, audience: Audience) -> psycopg.Connection[TupleRow]:
    """Connect as the role of an audience, which says that it reads for every unit and that nothing is sealed from it.

    Rows are no wall to who lies.
    """
    connection = psycopg.connect(databases.main(reader_role(audience)), autocommit=True)
    for setting in ("chungtay.units", "chungtay.leaders"):
        connection.execute("select set_config(%s, %s, false)", [setting, ",".join(units())])
    connection.execute("select set_config('chungtay.hidden', '{}', false)")
    return connection


def _tables(databases: Databases) -> list[tuple[str, str]]:
    with psycopg.connect(databases.main(OWNER)) as connection:
        return [(schema, table) for schema, table in connection.execute(_TABLES)]


def _legible(row: str) -> str:
    """Return a row with its bytes as text."""
    return _HEX.sub(lambda found: bytes.fromhex(found[1]).decode("utf-8", "replace"), row.replace("\\\\x", "\\x"))


def _assert_it_was_read(stand: Stand, texts: list[str]) -> None:
    """Make sure that the register was read, event by event: of each box what commits to it stands beside it."""
    assert all(any(sealed.box.commitment in text for text in texts) for sealed in stand.boxes)


async def _assert_keys_resist_nothing(stand: Stand, audience: Audience, found: list[Sealed]) -> None:
    """Make sure that the keys are given away: otherwise the attack says nothing of the database."""
    if found:
        items = [sealed.to_open(frozenset()) for sealed in found]
        answers = await stand.opener(audience).open_all(stand.asking(Eyes(audience), "curiosity"), items)
        assert all(isinstance(one, OpenedBox) for one in answers), audience
