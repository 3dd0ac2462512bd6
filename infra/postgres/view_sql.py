"""The statements of the view store: one to load, one to save, whatever the number of streams and audiences."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from infra.postgres.roles import AUDIENCES
from infra.postgres.view_rows import Changes, EntryRow, FileRow, NameRow, Quarantined

Row = tuple[Any, ...]

# One statement is one moment: rows and positions that belong together.
LOAD = " union all ".join(
    (
        "select 'stream', stream, version, routing::text from projector.streams where stream = any(%(streams)b)",
        "select 'rebuilds', null::uuid, rebuilds, null from projector.watermark",
        "select 'quarantine', stream, version, null from projector.quarantine where stream = any(%(streams)b)",
        *(
            f"select '{audience}', stream, 0, body::text from view_{audience}.case_files"
            " where stream = any(%(streams)b)"
            for audience in AUDIENCES
        ),
    )
)

PROGRESS = (
    "with done as (select position from projector.watermark),"
    " missing as ("
    "  select e.notification_id as position, e.kept_at from done join case_record.events e"
    "  on e.notification_id > done.position"
    "  left join projector.streams s on s.stream = e.originator_id"
    "  where e.originator_version > coalesce(s.version, 0)"
    "  and not exists (select from projector.quarantine q where q.stream = e.originator_id)"
    "  order by e.notification_id limit 1"
    " )"
    " select done.position, missing.position,"
    " (select coalesce(max(notification_id), 0) from case_record.events),"
    " (select coalesce(max(position), 0) from relay.sent),"
    " extract(epoch from clock_timestamp() - missing.kept_at)::float8"
    " from done left join missing on true"
)

_NEW = (
    "insert into projector.streams (stream, version, routing)"
    " select stream, version, routing::jsonb from unnest(%b::uuid[], %b::bigint[], %b::text[])"
    " as made (stream, version, routing) on conflict do nothing returning stream"
)
_MOVED = (
    "update projector.streams as kept set version = made.version, routing = made.routing::jsonb"
    " from unnest(%b::uuid[], %b::bigint[], %b::bigint[], %b::text[]) as made (stream, before, version, routing)"
    " where kept.stream = made.stream and kept.version = made.before returning kept.stream"
)
_FILES = (
    "insert into view_{audience}.case_files (stream, kind, status, stage, emergency, lead_unit, units, root,"
    " opened_at, changed_at, due_at, sealed_to, body)"
    " select stream, kind, status, stage, emergency, lead_unit, string_to_array(units, ','), root,"
    " opened_at, changed_at, due_at, string_to_array(sealed_to, ','), body::jsonb"
    " from unnest(%b::uuid[], %b::text[], %b::text[], %b::text[], %b::bool[], %b::text[], %b::text[], %b::uuid[],"
    " %b::timestamptz[], %b::timestamptz[], %b::timestamptz[], %b::text[], %b::text[])"
    " as made (stream, kind, status, stage, emergency, lead_unit, units, root, opened_at, changed_at, due_at,"
    " sealed_to, body)"
    " on conflict (stream) do update set kind = excluded.kind, status = excluded.status, stage = excluded.stage,"
    " emergency = excluded.emergency, lead_unit = excluded.lead_unit, units = excluded.units, root = excluded.root,"
    " opened_at = excluded.opened_at, changed_at = excluded.changed_at, due_at = excluded.due_at,"
    " sealed_to = excluded.sealed_to, body = excluded.body"
)
_ENTRIES = (
    "insert into view_{audience}.entries (stream, version, event_id, occurred_at, recorded_at, told)"
    " select stream, version, event_id, occurred_at, recorded_at, told::jsonb"
    " from unnest(%b::uuid[], %b::bigint[], %b::text[], %b::timestamptz[], %b::timestamptz[], %b::text[])"
    " as made (stream, version, event_id, occurred_at, recorded_at, told) on conflict do nothing"
)
_NAMES = (
    "insert into view_{audience}.case_references (holder, reference, stream)"
    " select * from unnest(%b::text[], %b::text[], %b::uuid[]) on conflict do nothing"
)
_QUARANTINE = (
    "insert into projector.quarantine (stream, version, reason)"
    " select * from unnest(%b::uuid[], %b::bigint[], %b::text[]) on conflict (stream) do update"
    " set version = excluded.version, reason = excluded.reason"  # since when it waits stays
)
_RELEASED = "delete from projector.quarantine where stream = any(%b::uuid[])"


@dataclass(frozen=True, slots=True)
class Part:
    """One insert or update of the statement, with its values, one list a column."""

    name: str
    text: str
    values: Sequence[list[Any]]


def save(changes: Changes) -> tuple[bytes, list[Any]]:
    """Return the one statement that writes all changes or nothing, and its values."""
    parts = list(_parts(changes))
    texts = ", ".join(f"{part.name} as ({part.text})" for part in parts)
    written = "(select count(*) from new_streams) + (select count(*) from moved_streams)"
    meant = len(changes.streams)
    values: list[Any] = [column for part in parts for column in part.values]
    if changes.rebuilds is not None:
        # A rebuild keeps us waiting at `projector.streams`; what it has written by then is seen here.
        written += " + (select count(*) from projector.watermark where rebuilds = %s)"
        meant += 1
        values.append(changes.rebuilds)
    return f"with {texts} select projector.all_or_nothing({written}, %s)".encode(), [*values, meant]


def _parts(changes: Changes) -> Iterator[Part]:
    new = [(row.stream, row.version, row.routing) for row in changes.streams if row.before == 0]
    moved = [(row.stream, row.before, row.version, row.routing) for row in changes.streams if row.before > 0]
    yield Part("new_streams", _NEW, _columns(new, 3))
    yield Part("moved_streams", _MOVED, _columns(moved, 4))
    yield from _of_each_audience("files", _FILES, changes.files, _file)
    yield from _of_each_audience("entries", _ENTRIES, changes.entries, _entry)
    yield from _of_each_audience("names", _NAMES, changes.names, _name)
    if changes.quarantined:
        yield Part("waiting", _QUARANTINE, _columns([_waiting(row) for row in changes.quarantined], 3))
    if changes.released:
        yield Part("released", _RELEASED, [list(changes.released)])


def _of_each_audience(name: str, text: str, rows: Iterable[Any], values: Callable[[Any], Row]) -> Iterator[Part]:
    for audience, found in groupby(sorted(rows, key=lambda row: row.audience), key=lambda row: row.audience):
        columns = [list(column) for column in zip(*map(values, found), strict=True)]
        yield Part(f"{name}_{audience}", text.format(audience=audience), columns)


def _columns(rows: Sequence[Row], width: int) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in range(width)]


def _file(row: FileRow) -> Row:
    head = (row.stream, row.kind, row.status, row.stage, row.emergency, row.lead_unit, ",".join(row.units), row.root)
    sealed_to = ",".join(row.sealed_to) if row.sealed_to is not None else None
    return (*head, row.opened_at, row.changed_at, row.due_at, sealed_to, row.body)


def _entry(row: EntryRow) -> Row:
    return (row.stream, row.version, row.event_id, row.occurred_at, row.recorded_at, row.told)


def _name(row: NameRow) -> Row:
    return (row.holder, row.reference, row.stream)


def _waiting(row: Quarantined) -> Row:
    return (row.stream, row.version, row.reason.value)
