"""What the databases hold and tell: rows as each role reads them, activity, statistics, notices, log, files."""

import subprocess
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg
from psycopg.sql import SQL, Composed, Identifier, Literal

from events.units import units
from infra.embedded.account import account
from infra.embedded.postgres_process import PROGRAMS
from infra.postgres.roles import KEY_SERVICE, KEYS_DATABASE, MAIN_DATABASE, OWNER, READERS, ROLES
from tests.privacy.canaries.scene import CHANNEL, Piece, Scene

Plant = Callable[[Scene, bytes], None]

# Some roles may read some columns of a table and no others.
_TABLES = """
select n.nspname, c.relname, array_agg(a.attname::text order by a.attnum)
from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
where c.relkind in ('r', 'p', 'v', 'm') and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
  and a.attnum > 0 and not a.attisdropped
  and has_schema_privilege(n.oid, 'usage') and has_column_privilege(c.oid, a.attnum, 'select')
group by 1, 2 order by 1, 2
"""
# A reader is given the rows of whom it says it reads for, and not of what it says is sealed from them.
_EVERY_UNIT = ",".join(units())
_READING_FOR = {"chungtay.units": _EVERY_UNIT, "chungtay.leaders": _EVERY_UNIT, "chungtay.hidden": "{}"}

_CATALOGUE = (
    "select c::text from pg_class c",
    "select a.attname from pg_attribute a",
    "select d.description from pg_description d",
    "select r::text from pg_roles r",
    "select p.prosrc from pg_proc p",
)


def rows_of_the_owner(scene: Scene) -> Iterator[Piece]:
    """Yield every row of every table, as whoever owns them all."""
    yield from rows_of(scene, OWNER)


def rows_of_each_role(scene: Scene) -> Iterator[Piece]:
    """Yield every row that each role of a service may read, a reader's as if it read for every unit there is."""
    for role in ROLES:
        if role != OWNER:
            pieces = list(rows_of(scene, role))
            given = any(piece.where.endswith(".entries") and piece.raw for piece in pieces)
            assert given or role not in READERS, f"{role} is given no row of its view"
            yield from pieces


def rows_of_the_keys(scene: Scene) -> Iterator[Piece]:
    """Yield every row of the database of keys, as its owner and as the service of keys."""
    for role in (OWNER, KEY_SERVICE):
        yield from rows_of(scene, role, KEYS_DATABASE)


def activity(scene: Scene) -> Iterator[Piece]:
    """Yield who is connected and what was asked last, and the statements remembered where such a thing is loaded."""
    for database in (MAIN_DATABASE, KEYS_DATABASE):
        yield Piece("pg_stat_activity", superuser(scene, database, "select a::text from pg_stat_activity a"))
        loaded = superuser(scene, database, "select extname from pg_extension")
        yield Piece("extensions", loaded)
        if b"pg_stat_statements" in loaded:
            yield Piece("pg_stat_statements", superuser(scene, database, "select s::text from pg_stat_statements s"))


def statistics(scene: Scene) -> Iterator[Piece]:
    """Yield what the planner remembers of the values in every column, after it looked at all of them."""
    for database in (MAIN_DATABASE, KEYS_DATABASE):
        superuser(scene, database, "analyze")
        yield Piece(f"{database} pg_stats", superuser(scene, database, "select s::text from pg_stats s"))


def catalogue(scene: Scene) -> Iterator[Piece]:
    """Yield the names of everything, comments, roles with their settings, and the text of functions."""
    for database in (MAIN_DATABASE, KEYS_DATABASE):
        for query in _CATALOGUE:
            yield Piece(f"{database} {query}", superuser(scene, database, query))


def notices(scene: Scene) -> Iterator[Piece]:
    """Yield what was told on a channel since before anything was said, and which functions could tell one."""
    yield Piece("heard", b"\n".join([b"heard:", *(one.payload.encode() for one in scene.listener.notifies(timeout=1))]))
    for database in (MAIN_DATABASE, KEYS_DATABASE):
        told = superuser(scene, database, "select proname, prosrc from pg_proc where prosrc ~* '\\mnotify\\M'")
        assert b"view" not in told, "a function tells a channel: listen to it in scene.py"
        yield Piece("functions", b"-" + told)


def server_log(scene: Scene) -> Iterator[Piece]:
    yield Piece("log", (scene.platform.data_dir / "postgres" / "log").read_bytes())


def backup(scene: Scene) -> Iterator[Piece]:
    """Yield a dump of the database, as a backup keeps it; the database of keys is never among the backups."""
    yield Piece("pg_dump", dump(scene))


def files_on_disk(scene: Scene) -> Iterator[Piece]:
    """Yield every file of the cluster, its log of writes among them, after a checkpoint."""
    superuser(scene, MAIN_DATABASE, "checkpoint")
    for path in sorted((_home(scene) / "data").rglob("*")):
        if path.is_file() and path.stat().st_size:
            yield Piece("/".join(path.parts[-3:]), path.read_bytes())


def dump(scene: Scene, *options: str) -> bytes:
    """Return what `pg_dump` writes of the database, or of the parts of it that its options name."""
    return _as_superuser(scene, "pg_dump", MAIN_DATABASE, *options)


def superuser(scene: Scene, database: str, query: str) -> bytes:
    """Ask a database as its superuser."""
    return _as_superuser(scene, "psql", database, "-XAtq", "-v", "ON_ERROR_STOP=1", said=query)


def keep_row(schema: str, database: str = MAIN_DATABASE) -> Plant:
    """Return how to put a row where the roles of services may read it."""

    def plant(scene: Scene, said: bytes) -> None:
        with scene.connect(OWNER, database) as connection:
            table = Identifier(schema, "leaked")
            connection.execute(SQL("create table if not exists {} (said bytea)").format(table))
            connection.execute(SQL("grant select on {} to public").format(table))
            connection.execute(SQL("insert into {} values (%s)").format(table), [said])

    return plant


def keep_text(scene: Scene, said: bytes) -> None:
    """Put a text where a backup finds it."""
    with scene.connect(OWNER) as connection:
        table = Identifier("view_committee", f"leaked_{sha256(said).hexdigest()[:8]}")
        connection.execute(SQL("create table {} (said text)").format(table))
        connection.execute(SQL("insert into {} values (%s)").format(table), [said.decode()])


def keep_common_value(scene: Scene, said: bytes) -> None:
    """Make a value so common in a column that the planner remembers it."""
    with scene.connect(OWNER) as connection:
        table = Identifier("view_police", f"common_{sha256(said).hexdigest()[:8]}")
        connection.execute(SQL("create table {} (said text)").format(table))
        connection.execute(SQL("insert into {} select %s from generate_series(1, 20)").format(table), [said.decode()])


def comment(scene: Scene, said: bytes) -> None:
    """Write a comment on a column of its own."""
    with scene.connect(OWNER) as connection:
        table = Identifier("view_police", f"commented_{sha256(said).hexdigest()[:8]}")
        connection.execute(SQL("create table {} (said text)").format(table))
        connection.execute(SQL("comment on table {} is {}").format(table, Literal(said.decode())))


def ask_aloud(scene: Scene, said: bytes) -> None:
    """Ask for something that stays visible while the connection idles."""
    connection = scene.connect(OWNER)
    scene.left_open.append(connection)
    connection.execute(SQL("select {}").format(Literal(said.decode())), prepare=False)


def warn(scene: Scene, said: bytes) -> None:
    """Let the server write a warning into its log."""
    with scene.connect(OWNER) as connection:
        connection.execute(SQL("do {}").format(Literal(f"begin raise warning '%', {_quoted(said)}; end")))


def notify(scene: Scene, said: bytes) -> None:
    """Tell a channel."""
    with scene.connect(OWNER) as connection:
        connection.execute("select pg_notify(%s, %s)", [CHANNEL, said.decode()])


def _quoted(said: bytes) -> str:
    return "'" + said.decode().replace("'", "''") + "'"


def rows_of(scene: Scene, role: str, database: str = MAIN_DATABASE) -> Iterator[Piece]:
    """Yield every row that a role may read of a database."""
    with scene.connect(role, database) as connection:
        for setting in _READING_FOR.items():
            connection.execute("select set_config(%s, %s, false)", setting)
        for schema, name, columns in connection.execute(_TABLES).fetchall():
            listed = SQL(", ").join(map(Identifier, columns))
            told = SQL("select {} from {}").format(listed, Identifier(schema, name))
            lines = [row[0] for row in connection.execute(SQL("select t::text from ({}) t").format(told))]
            yield Piece(f"{role} {schema}.{name}", "\n".join(lines).encode())
            yield from (Piece(f"{role} {schema}.{name}", raw) for raw in _contents(connection, told))


def _contents(connection: "psycopg.Connection[Any]", told: Composed) -> Iterator[bytes]:
    """Yield every bytea as what it holds, not as hexadecimal."""
    for row in connection.execute(told):
        yield from (bytes(value) for value in row if isinstance(value, bytes | memoryview))


def _as_superuser(scene: Scene, program: str, database: str, *options: str, said: str = "") -> bytes:
    """Run a program of PostgreSQL as its superuser, whom only the cluster's own account may be."""
    who = account()
    as_other: dict[str, Any] = {"user": who.uid, "group": who.gid, "extra_groups": []} if who.is_other else {}
    who.let_through(_home(scene))  # another run of pytest may have shut the folder of them all again
    sockets = (_home(scene) / "data" / "postmaster.pid").read_text().splitlines()[4]
    port = (_home(scene) / "port").read_text().strip()
    where = ("-h", sockets, "-p", port, "-U", "postgres", "-d", database)
    told = subprocess.run(
        [str(PROGRAMS / program), *options, *where],
        input=said.encode(),
        capture_output=True,
        check=False,
        cwd="/",
        **as_other,
    )
    assert told.returncode == 0, told.stderr.decode()
    return bytes(told.stdout)


def _home(scene: Scene) -> Path:
    return scene.platform.data_dir / "postgres"
