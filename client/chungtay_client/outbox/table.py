"""The table `chungtay_outbox`, in SQLite or PostgreSQL. No function here commits unless it says so.

States: `pending` goes out as soon as nothing older of its reference is unsettled; `delivered` has its receipt;
`refused` has the door's problem and holds up its reference until it is mended or set aside; `set_aside` is kept and
never sent.
"""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Protocol, cast

from chungtay_client.answers import Receipt
from chungtay_client.encoding import Event, encode
from chungtay_client.outbox.private import keep_private

_NAMES = ("source", "id", "subject")
_IDENTITY = {True: "integer primary key autoincrement", False: "bigint generated always as identity primary key"}
_TABLE = """
create table if not exists chungtay_outbox (
  number {identity},
  source text not null,
  id text not null,
  subject text not null,
  event text not null,
  added_at text not null,
  state text not null default 'pending' check (state in ('pending', 'delivered', 'refused', 'set_aside')),
  receipt text,
  problem text,
  settled_at text,
  unique (source, id),
  check ((state = 'delivered') = (receipt is not null))
)"""
_INDEX = """
create index if not exists chungtay_outbox_unsettled on chungtay_outbox (source, subject, number)
where state in ('pending', 'refused')"""
_ADD = """
insert into chungtay_outbox (source, id, subject, event, added_at) values (?, ?, ?, ?, ?)
on conflict (source, id) do nothing"""
_MEND = """
update chungtay_outbox set event = ?, subject = ?, state = 'pending', problem = null, settled_at = null
where source = ? and id = ? and state in ('refused', 'set_aside')"""
_NEXT = """
select number, event from chungtay_outbox as one
where state = 'pending' and (? is null or source = ?) and not exists (
  select 1 from chungtay_outbox as older
  where older.source = one.source and older.subject = one.subject and older.number < one.number
    and older.state in ('pending', 'refused'))
order by number limit ?"""
_SETTLE = """
update chungtay_outbox set state = ?, receipt = ?, problem = ?, settled_at = ?
where number = ? and state = 'pending' and event = ?"""
_AGAIN = """
update chungtay_outbox set state = 'pending', problem = null, settled_at = null where state = 'refused'"""
_TALLY = """
select count(case when state = 'pending' then 1 end), count(case when state = 'delivered' then 1 end),
  count(case when state = 'refused' then 1 end), count(case when state = 'set_aside' then 1 end),
  min(case when state in ('pending', 'refused') then added_at end)
from chungtay_outbox"""


class Cursor(Protocol):
    """What every DB-API driver gives."""

    @property
    def rowcount(self) -> int:
        """How many rows were changed."""
        ...

    def execute(self, query: Any, parameters: Any = ..., /) -> Any:
        """Run a statement."""
        ...

    def fetchall(self) -> Any:
        """Return the rows."""
        ...


class Connection(Protocol):
    """An open connection of `sqlite3`, psycopg or another DB-API driver for PostgreSQL."""

    def cursor(self) -> Any:
        """Open a cursor."""
        ...

    def commit(self) -> None:
        """Commit what was done."""
        ...

    def rollback(self) -> None:
        """Undo what was done."""
        ...

    def close(self) -> None:
        """End the connection."""
        ...


class OtherContentHereError(ValueError):
    """The outbox holds another event under this source and id: a new event needs a new id."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An event that may go out now: nothing older of its reference is unsettled."""

    number: int
    event: bytes


@dataclass(frozen=True, slots=True)
class Refusal:
    """An event that the door refused for good; `problem` is the door's document, which quotes nothing of it."""

    number: int
    added_at: str
    problem: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many events stand where; `oldest` is when the oldest unsettled one was added (RFC 3339, UTC)."""

    pending: int
    delivered: int
    refused: int
    set_aside: int
    oldest: str | None


def create(connection: Connection) -> None:
    """Make the table where there is none yet; an SQLite file that every account could read is closed (mode 0600)."""
    if _is_sqlite(connection):
        for _, name, file in _rows(connection, "pragma database_list"):
            if name == "main" and file:
                keep_private(Path(file))
    _run(connection, _TABLE.format(identity=_IDENTITY[_is_sqlite(connection)]))
    _run(connection, _INDEX)


def add(connection: Connection, event: Event) -> None:
    """Add an event in the caller's own transaction; adding the same again changes nothing.

    Raises:
        ValueError: if it has no `source` or `id`, or no JSON form.
        OtherContentHereError: if another event has the same source and id.
    """
    text = encode(event).decode()
    source, id_, subject = _names(text)
    row = (source, id_, subject, text, _now())
    if _run(connection, _ADD, *row).rowcount == 1:
        return
    query = "select event from chungtay_outbox where source = ? and id = ?"
    ((held,),) = _rows(connection, query, source, id_)
    if held != text:
        raise OtherContentHereError("Another event has this source and id: a new event needs a new id.")


def mend(connection: Connection, event: Event) -> bool:
    """Put a right event in the place of the refused one with its source and id; False: there is none such.

    Raises:
        ValueError: if it has no `source` or `id`, or no JSON form.
    """
    text = encode(event).decode()
    source, id_, subject = _names(text)
    return bool(_run(connection, _MEND, text, subject, source, id_).rowcount)


def receipt_of(connection: Connection, source: str, id: str) -> tuple[Receipt, bytes] | None:  # noqa: A002
    """Return an event's receipt and the bytes it is for; None while it has none."""
    query = "select receipt, event from chungtay_outbox where source = ? and id = ? and state = 'delivered'"
    found = [(cast("Receipt", json.loads(r)), e.encode()) for r, e in _rows(connection, query, source, id)]
    return found[0] if found else None


def next_events(connection: Connection, source: str | None, most: int) -> list[Waiting]:
    """Return what may go out now, oldest first: of every reference its oldest unsettled event, unless refused."""
    query = _NEXT if _is_sqlite(connection) else _NEXT.replace("? is null", "?::text is null")
    return [Waiting(number, text.encode()) for number, text in _rows(connection, query, source, source, most)]


def settle(
    connection: Connection, waiting: Waiting, *, receipt: Receipt | None = None, problem: dict[str, Any] | None = None
) -> None:
    """Note what became of an event, unless it was changed meanwhile: with a receipt delivered, else refused."""
    told = (_json(receipt), _json(problem), _now(), waiting.number, waiting.event.decode())
    _run(connection, _SETTLE, "refused" if receipt is None else "delivered", *told)


def send_again(connection: Connection, numbers: Sequence[int] = ()) -> int:
    """Let refused events (all, or those with these row numbers) go out again; return how many."""
    if not numbers:
        return int(_run(connection, _AGAIN).rowcount)
    return sum(int(_run(connection, f"{_AGAIN} and number = ?", number).rowcount) for number in numbers)


def set_aside(connection: Connection, numbers: Sequence[int]) -> int:
    """Keep refused events without ever sending them, so that later ones of their references go; return how many."""
    query = "update chungtay_outbox set state = 'set_aside' where state = 'refused' and number = ?"
    return sum(int(_run(connection, query, number).rowcount) for number in numbers)


def tally(connection: Connection) -> Tally:
    """Count the events by state."""
    (row,) = _rows(connection, _TALLY)
    return Tally(*row)


def refusals(connection: Connection) -> list[Refusal]:
    """Return the refused events, oldest first."""
    query = "select number, added_at, problem from chungtay_outbox where state = 'refused' order by number"
    return [Refusal(number, added, json.loads(problem)) for number, added, problem in _rows(connection, query)]


def _names(text: str) -> tuple[str, str, str]:
    """Return source, id and subject.

    Raises:
        ValueError: if source or id is missing.
    """
    event = json.loads(text)
    source, id_, subject = (event.get(name) if isinstance(event, dict) else None for name in _NAMES)
    if not (isinstance(source, str) and source and isinstance(id_, str) and id_):
        raise ValueError("The event needs a `source` and an `id`, both texts.")
    return source, id_, str(subject or "")


def _run(connection: Connection, query: str, *values: object) -> Cursor:
    cursor = connection.cursor()
    cursor.execute(query if _is_sqlite(connection) else query.replace("?", "%s"), values)
    return cast("Cursor", cursor)


def _rows(connection: Connection, query: str, *values: object) -> list[Any]:
    return list(_run(connection, query, *values).fetchall())


def _is_sqlite(connection: Connection) -> bool:
    return isinstance(connection, sqlite3.Connection)


def _json(value: object) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False)


def _now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="seconds")  # noqa: TID251 - the agency's own clock
