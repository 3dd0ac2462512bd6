"""The register: streams of events, the inbox, the references, what waits and how far was read.

Promise: `append` writes a whole batch or nothing; events are visible in the order of their positions;
nothing that was recorded is changed (the role has no right to).
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import eventsourcing.persistence

from events.chain import Way
from events.codec import from_bytes
from events.envelope import RecordedEvent
from infra.postgres.agreement_keeper import VERSIONS
from infra.postgres.agreement_rows import AdoptedRow, AdoptionAsked
from infra.postgres.case_batch import (
    AlikeRow,
    Batch,
    GlassNotice,
    InboxRow,
    Key,
    Position,
    ReferenceRow,
    StoredEvent,
    ToBeSealedRow,
    ToCompareRow,
    WaitingRow,
)
from infra.postgres.case_recorder import CaseRecorder, open_datastore
from infra.postgres.faults import Conflict, DatabaseUnreachableError, reaching
from infra.postgres.locks import AdvisoryLock
from infra.postgres.singleton import Singleton

__all__ = [
    "Batch",
    "CaseStore",
    "Conflict",
    "DatabaseUnreachableError",
    "InboxRow",
    "Position",
    "ReferenceRow",
    "StoredEvent",
    "WaitingRow",
    "WrongClockError",
]

_ASKED = (
    "select id, document, signatures from agreement.requests"
    " where not exists (select from agreement.decisions where request = id) order by id"
)
_KEYS = "unnest(%s::text[], %s::text[])"
_WAITING = "select w.source, w.id, agency, w.reference, sequence, message, since, reason from case_record.waiting w"


class WrongClockError(Exception):
    """A store of simulated time can never be opened as a real one, nor the other way round."""


class CaseStore:
    """The register as the case record uses it; safe to use from several threads."""

    def __init__(self, dsn: str, *, simulated: bool) -> None:
        """Open the store of this kind of time.

        Raises:
            WrongClockError: if the store was made with the other kind of time.
            DatabaseUnreachableError: if the database does not answer.
        """
        self._dsn = dsn
        self._datastore = open_datastore(dsn)
        try:
            with reaching():
                self._recorder = CaseRecorder(self._datastore)
            self._claim(simulated=simulated)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Give all connections back."""
        self._datastore.close()

    def hold_singleton(self, *, wait_s: float = 10.0) -> Singleton:
        """Make sure that no other case record works on this store.

        Raises:
            AlreadyRunningError: if one does, for `wait_s`.
        """
        return Singleton(self._dsn, AdvisoryLock.CASE_RECORD, wait_s=wait_s)

    def append(self, batch: Batch) -> None:
        """Write a batch in one transaction, and tell followers once.

        Raises:
            Conflict: if a version, a message or a reference of it was recorded before; nothing is written.
            OrderedMeanwhile: if a door accepted an order to seal since `orders_seen`; nothing is written.
            DatabaseUnreachableError: if the reply was lost: look the inbox up before trying again.
        """
        try:
            with reaching():
                self._recorder.append(batch)
        except eventsourcing.persistence.IntegrityError as problem:
            raise Conflict(_constraint(problem)) from None

    def load(self, streams: Collection[UUID]) -> dict[UUID, list[StoredEvent]]:
        """Return the events of each of these streams, by version; an unknown stream has none."""
        found: dict[UUID, list[StoredEvent]] = {stream: [] for stream in streams}
        rows = self._read(
            "select originator_id, originator_version, topic, state, coalesce(digest, '\\x') as digest,"
            " coalesce(way, 2) as way"
            " from case_record.events left join case_record.links"
            " on stream = originator_id and version = originator_version"
            " where originator_id = any(%s) order by originator_id, originator_version",
            [list(streams)],
        )
        for row in rows:
            stream = row["originator_id"]
            found[stream].append(
                StoredEvent(
                    stream, row["originator_version"], row["topic"], row["state"], row["digest"], Way(row["way"])
                )
            )
        return found

    def inbox(self, keys: Collection[Key]) -> dict[Key, InboxRow]:
        """Return what became of those of these messages (source, id) that were decided on."""
        rows = self._read(
            "select source, id, agency, reference, sequence, status, reason, stream, version, recorded_at"
            f" from case_record.inbox join {_KEYS} as k (source, id) using (source, id)",
            _columns(keys),
        )
        return {(row["source"], row["id"]): InboxRow(**row) for row in rows}

    def references(self, keys: Collection[Key]) -> dict[Key, ReferenceRow]:
        """Return those of these references (holder, reference) that are known."""
        rows = self._read(
            "select holder, reference, stream, kind from case_record.reference_index"
            f" join {_KEYS} as k (holder, reference) using (holder, reference)",
            _columns(keys),
        )
        return {(row["holder"], row["reference"]): ReferenceRow(**row) for row in rows}

    def references_of(self, streams: Collection[UUID]) -> list[ReferenceRow]:
        """Return every holder's reference of these streams."""
        rows = self._read(
            "select holder, reference, stream, kind from case_record.reference_index where stream = any(%s)",
            [list(streams)],
        )
        return [ReferenceRow(**row) for row in rows]

    def alike(self, keys: Collection[Key]) -> dict[Key, list[AlikeRow]]:
        """Return which messages of other units name a child that agrees in a feature with that of each (source, id)."""
        found: dict[Key, list[AlikeRow]] = {}
        for row in self._read(
            "select source, id, other_source, other_id, other_reference from case_record.alike(%s::text[], %s::text[])"
            " order by other_source, other_reference, other_id",
            _columns(keys),
        ):
            other = AlikeRow(row["other_source"], row["other_id"], row["other_reference"])
            found.setdefault((row["source"], row["id"]), []).append(other)
        return found

    def to_be_sealed(self) -> list[ToBeSealedRow]:
        """Return what is to be sealed by orders that a door accepted and nobody decided on."""
        return [
            ToBeSealedRow(**row) for row in self._read("select holder, reference from case_record.to_be_sealed()", [])
        ]

    def undecided_orders(self) -> frozenset[Key]:
        """Return the (source, id) of the orders to seal that a door accepted and nobody decided on."""
        rows = self._read("select source, id from sealing.orders where decided_at is null", [])
        return frozenset((row["source"], row["id"]) for row in rows)

    def to_compare(self, limit: int, but: Collection[UUID] = ()) -> list[ToCompareRow]:
        """Return what is to be compared with others, the longest waiting first.

        Shape: the streams `but` are left out.
        """
        rows = self._read(
            "select stream, kind from case_record.to_compare where stream <> all(%s) order by place limit %s",
            [list(but), limit],
        )
        return [ToCompareRow(**row) for row in rows]

    def last_sequences(self, keys: Collection[Key]) -> dict[Key, int]:
        """Return the last number decided on for each of these (unit, reference); 0 when there is none."""
        rows = self._read(
            "select source, reference, max(sequence) as last from case_record.inbox"
            f" join {_KEYS} as k (source, reference) using (source, reference) group by source, reference",
            _columns(keys),
        )
        return dict.fromkeys(keys, 0) | {(row["source"], row["reference"]): row["last"] for row in rows}

    def waiting(self, keys: Collection[Key]) -> list[WaitingRow]:
        """Return what waits for these (unit, reference), in the order of each reference."""
        query = f"{_WAITING} join {_KEYS} as k (source, reference) using (source, reference)"
        rows = self._read(f"{query} order by source, reference, sequence", _columns(keys))
        return [WaitingRow(**row) for row in rows]

    def waiting_older_than(self, moment: datetime) -> list[WaitingRow]:
        """Return what has waited since before a moment, oldest first."""
        return [WaitingRow(**row) for row in self._read(f"{_WAITING} where since < %s order by since", [moment])]

    def all_waiting_keys(self) -> set[Key]:
        """Return every (unit, reference) for which something waits."""
        rows = self._read("select distinct source, reference from case_record.waiting", [])
        return {(row["source"], row["reference"]) for row in rows}

    def untold_glasses(self, limit: int, but: Collection[UUID] = ()) -> list[GlassNotice]:
        """Return the glasses that were broken, and the reviews closed, of which no history tells yet, in that order.

        Shape: those of the streams `but` are left out.
        """
        rows = self._read(
            "select notice, breaking, stream, kind, at, audience, unit, until, review_due_at, outcome, reports"
            " from glass.untold where stream <> all(%s) order by review, number limit %s",
            [list(but), limit],
        )
        return [GlassNotice(**row) for row in rows]

    def positions(self, topics: Collection[str]) -> list[Position]:
        """Return how far these topics were read; a partition never read has no position."""
        rows = self._read(
            "select topic, partition, next_offset, cluster_id from case_record.positions where topic = any(%s)",
            [list(topics)],
        )
        return [Position(**row) for row in rows]

    def adopted(self) -> list[AdoptedRow]:
        """Return every version of the agreement, the oldest first."""
        return [AdoptedRow(**row) for row in self._read(VERSIONS, [])]

    def adoptions_asked(self) -> list[AdoptionAsked]:
        """Return the versions that somebody asked for and nobody decided on, the longest waiting first."""
        return [AdoptionAsked(**row) for row in self._read(_ASKED, [])]

    def last_recorded_at(self) -> datetime | None:
        """Return when the newest event was recorded, None in an empty register."""
        rows = self._read("select state from case_record.events order by notification_id desc limit 1", [])
        return from_bytes(RecordedEvent, rows[0]["state"]).recordedtime if rows else None

    def _claim(self, *, simulated: bool) -> None:
        """Say which kind of time this store has, if nobody has said it yet.

        Raises:
            WrongClockError: if the store was made with the other kind of time.
        """
        with reaching(), self._datastore.transaction(commit=True) as cursor:
            cursor.execute(
                "insert into case_record.store_identity (simulated) values (%s) on conflict do nothing", [simulated]
            )
        if [row["simulated"] for row in self._read("select simulated from case_record.store_identity", [])] != [
            simulated
        ]:
            kinds = ("simulated", "real") if simulated else ("real", "simulated")
            raise WrongClockError(f"This store has {kinds[1]} time and cannot be opened with {kinds[0]} time.")

    def _read(self, query: str, values: Sequence[Any]) -> list[dict[str, Any]]:
        with reaching(), self._datastore.cursor() as cursor:
            return cursor.execute(query.encode(), values).fetchall()


def _columns(keys: Collection[Key]) -> tuple[list[str], list[str]]:
    return [first for first, _ in keys], [second for _, second in keys]


def _constraint(problem: Exception) -> str:
    """Name the constraint that refused; the driver's own text holds the values and is not passed on."""
    cause = problem.__cause__
    return str(getattr(getattr(cause, "diag", None), "constraint_name", None) or "unique")
