"""The eventsourcing library's recorder, told to write a whole batch at once under an advisory lock.

Differences from the library, each for a reason: an advisory lock instead of `LOCK TABLE`, so that the role
needs INSERT and SELECT only; no retry of an insert, because a commit whose reply was lost may have taken place.
"""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from eventsourcing.persistence import StoredEvent as LibraryEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from psycopg import Cursor
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import DictRow

from infra.postgres.case_batch import Batch
from infra.postgres.faults import OrderedMeanwhile
from infra.postgres.locks import AdvisoryLock

SCHEMA = "case_record"
CHANNEL = "case_record_events"

_INSERTS = {
    "inbox": (
        "insert into case_record.inbox"
        " (source, id, agency, reference, sequence, status, reason, stream, version, recorded_at)"
        " select * from unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::bigint[],"
        " %s::text[], %s::text[], %s::uuid[], %s::bigint[], %s::timestamptz[])"
    ),
    "references": (
        "insert into case_record.reference_index (holder, reference, stream, kind)"
        " select * from unnest(%s::text[], %s::text[], %s::uuid[], %s::text[])"
    ),
    # A message that is delivered again while it waits goes on waiting, once.
    "waiting": (
        "insert into case_record.waiting (source, id, agency, reference, sequence, message, since, reason)"
        " select * from unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::bigint[],"
        " %s::bytea[], %s::timestamptz[], %s::text[]) on conflict (source, id) do nothing"
    ),
    "positions": (
        "insert into case_record.positions (topic, partition, next_offset, cluster_id)"
        " select * from unnest(%s::text[], %s::integer[], %s::bigint[], %s::text[])"
        " on conflict (topic, partition) do update"
        " set next_offset = excluded.next_offset, cluster_id = excluded.cluster_id"
    ),
    "adopted": (
        "insert into agreement.versions (number, version, adopted_at, document, signatures)"
        " select * from unnest(%s::integer[], %s::text[], %s::timestamptz[], %s::bytea[], %s::text[])"
    ),
    "adoptions_decided": (
        "insert into agreement.decisions (request, number, refusal)"
        " select * from unnest(%s::bigint[], %s::integer[], %s::text[])"
    ),
    "to_compare": (
        "insert into case_record.to_compare (stream, kind) select * from unnest(%s::uuid[], %s::text[])"
        " on conflict do nothing"
    ),
    "held_back": (
        "insert into case_record.held_back (order_source, order_id, stream, kind)"
        " select * from unnest(%s::text[], %s::text[], %s::uuid[], %s::text[]) on conflict do nothing"
    ),
    "glasses": "insert into glass.recorded (notice) select * from unnest(%s::uuid[])",
}
_COMPARED = "delete from case_record.to_compare where stream = any(%s)"
_LINKS = (
    "insert into case_record.links (stream, version, digest, way)"
    " select * from unnest(%s::uuid[], %s::bigint[], %s::bytea[], %s::smallint[])"
)
# What was ordered at a door hides until this: from here on the history says who keeps sight.
_DECIDED = (
    "update sealing.orders as o set decided_at = d.at"
    " from unnest(%s::text[], %s::text[], %s::timestamptz[]) as d (source, id, at)"
    " where o.source = d.source and o.id = d.id and o.decided_at is null"
)
# What was compared while that was undecided is compared again.
_LET_GO = (
    "with free as (delete from case_record.held_back h using unnest(%s::text[], %s::text[]) as d (source, id)"
    " where h.order_source = d.source and h.order_id = d.id returning h.stream, h.kind)"
    " insert into case_record.to_compare (stream, kind) select distinct stream, kind from free on conflict do nothing"
)
_ORDERED_MEANWHILE = (
    "select exists (select from sealing.orders as o where o.decided_at is null and not exists ("
    "select from unnest(%s::text[], %s::text[]) as seen (source, id) where seen.source = o.source and seen.id = o.id"
    ")) as so"
)
_RELEASE = (
    "delete from case_record.waiting w using unnest(%s::text[], %s::text[]) as r (source, id)"
    " where w.source = r.source and w.id = r.id"
)


class CaseRecorder(PostgresApplicationRecorder):
    """Writes a batch in one transaction and one pipeline, in the order of the history."""

    def __init__(self, datastore: PostgresDatastore) -> None:
        super().__init__(datastore, events_table_name="events")
        self.channel_name = CHANNEL
        self.lock_table_statements = []  # ours is taken before anything is written, so that no two wait in a circle

    def append(self, batch: Batch) -> None:
        """Write all of a batch or nothing.

        Raises:
            eventsourcing.persistence.IntegrityError: if any of it was recorded before.
            OrderedMeanwhile: if a door accepted an order to seal since `orders_seen`.
        """
        events = [LibraryEvent(event.stream, event.version, event.type, event.recorded) for event in batch.events]
        self.insert_events(events, batch=batch)

    def insert_events(self, stored_events: Sequence[LibraryEvent], **given: Any) -> None:
        """Write events and what belongs to them in one transaction, once.

        Not the library's own: that one tries again after a lost reply, and tells some violations as a
        broken connection (its transaction ends inside the pipeline that has failed).
        """
        got = self.datastore.get_connection()
        with got as connection, connection.transaction(), connection.pipeline(), connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s)", [AdvisoryLock.APPEND.value])
            _heed_orders(cursor, given["batch"])
            self._insert_events(cursor, stored_events, **given)
            if stored_events:
                self._insert_stored_events(cursor, stored_events)

    def _insert_events(self, curs: Cursor[DictRow], stored_events: Sequence[LibraryEvent], **given: Any) -> None:
        batch: Batch = given["batch"]
        # First, so that a message that goes on waiting for something else is released and waits anew.
        if batch.released:
            curs.execute(_RELEASE, [list(column) for column in zip(*batch.released, strict=True)])
        if batch.compared:
            curs.execute(_COMPARED, [[row.stream for row in batch.compared]])
        for name, statement in _INSERTS.items():
            if rows := getattr(batch, name):
                curs.execute(statement, _columns(rows))
        if batch.inbox:
            decided = [(row.source, row.id, row.recorded_at) for row in batch.inbox]
            curs.execute(_DECIDED, [list(column) for column in zip(*decided, strict=True)])
            curs.execute(_LET_GO, [[row.source for row in batch.inbox], [row.id for row in batch.inbox]])
        if stored_events:
            links = [(event.stream, event.version, event.digest, event.way) for event in batch.events]
            curs.execute(_LINKS, [list(column) for column in zip(*links, strict=True)])


def _heed_orders(curs: Cursor[DictRow], batch: Batch) -> None:
    """Keep doors from accepting an order to seal until the commit of what was compared, and look for one that came.

    Raises:
        OrderedMeanwhile: if one came since it was asked for them.
    """
    if batch.orders_seen is None:
        return
    curs.execute("select pg_advisory_xact_lock(%s)", [AdvisoryLock.SEALING.value])
    seen = [[source for source, _ in batch.orders_seen], [id_ for _, id_ in batch.orders_seen]]
    found = curs.execute(_ORDERED_MEANWHILE, seen).fetchone()
    if found is None or found["so"]:
        raise OrderedMeanwhile


def open_datastore(dsn: str) -> PostgresDatastore:
    """Return the library's pool for a DSN: at most four connections, each checked before use."""
    where = conninfo_to_dict(dsn)
    return PostgresDatastore(
        dbname=str(where["dbname"]),
        host=str(where["host"]),
        port=str(where["port"]),
        user=str(where["user"]),
        password=str(where["password"]),
        schema=SCHEMA,
        pool_size=1,
        max_overflow=3,
        pre_ping=True,
        connect_timeout=10.0,
    )


def _columns(rows: Sequence[Any]) -> list[list[Any]]:
    """Turn rows into one array for each column, in the order of the fields."""
    return [list(column) for column in zip(*(_values(row) for row in rows), strict=True)]


def _values(row: Any) -> tuple[Any, ...]:
    return tuple(getattr(row, field.name) for field in fields(row))
