"""The values that go into the case store and come out of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from events.chain import Way
from infra.postgres.agreement_rows import AdoptedRow, AdoptionDecided

Key = tuple[str, str]  # (source, id) of a message, or (holder, reference) of a report or case


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """One event as recorded: its exact bytes, the hash that ties it to the one before, and what that was taken over."""

    stream: UUID
    version: int
    type: str
    recorded: bytes
    digest: bytes
    way: Way = Way.DIGESTS


@dataclass(frozen=True, slots=True)
class InboxRow:
    """What became of one message; `version` is that of the statement itself in its stream."""

    source: str
    id: str
    agency: str
    reference: str
    sequence: int
    status: Literal["recorded", "rejected"]
    reason: str | None
    stream: UUID | None
    version: int | None
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """A message whose reference or predecessor is not known yet; its holder is `source`."""

    source: str
    id: str
    agency: str
    reference: str
    sequence: int
    message: bytes
    since: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class AlikeRow:
    """A message of another unit that names a child which agrees in a feature, and its reference."""

    source: str
    id: str
    reference: str


@dataclass(frozen=True, slots=True)
class ToBeSealedRow:
    """A name of what an order hides that nobody decided on yet; `reference` None: whatever the holder takes part in."""

    holder: str
    reference: str | None


@dataclass(frozen=True, slots=True)
class ToCompareRow:
    """A record that is to be compared with others."""

    stream: UUID
    kind: Literal["report", "case"]


@dataclass(frozen=True, slots=True)
class HeldBackRow:
    """An order to seal that was undecided when a record was compared: once it is decided on, that is done again."""

    order_source: str
    order_id: str
    stream: UUID
    kind: Literal["report", "case"]


@dataclass(frozen=True, slots=True)
class ReferenceRow:
    """A holder's own name for a stream."""

    holder: str
    reference: str
    stream: UUID
    kind: Literal["report", "case"]


@dataclass(frozen=True, slots=True)
class GlassNotice:
    """A glass that was broken, or (`outcome`) its review that was closed, for the history of its case."""

    notice: UUID
    breaking: UUID
    stream: UUID
    kind: Literal["report", "case"]
    at: datetime
    audience: str
    unit: str
    until: datetime
    review_due_at: datetime
    outcome: str | None
    reports: Sequence[UUID]  # whose histories tell of it too: those that the glass shows with the case


@dataclass(frozen=True, slots=True)
class GlassTold:
    """A notice that stands in the history."""

    notice: UUID


@dataclass(frozen=True, slots=True)
class Position:
    """How far a partition was read, of the broker with this cluster id."""

    topic: str
    partition: int
    next_offset: int
    cluster_id: str


@dataclass(frozen=True, slots=True)
class Batch:
    """What is written together or not at all.

    `released` are (source, id) that wait no longer; what was `compared` is taken away before `to_compare` is added.
    `orders_seen`: all orders to seal that were undecided before anything was compared (None: nothing was).
    """

    events: tuple[StoredEvent, ...] = ()
    inbox: tuple[InboxRow, ...] = ()
    references: tuple[ReferenceRow, ...] = ()
    waiting: tuple[WaitingRow, ...] = ()
    released: tuple[Key, ...] = ()
    positions: tuple[Position, ...] = ()
    adopted: tuple[AdoptedRow, ...] = ()
    adoptions_decided: tuple[AdoptionDecided, ...] = ()
    glasses: tuple[GlassTold, ...] = ()
    to_compare: tuple[ToCompareRow, ...] = ()
    compared: tuple[ToCompareRow, ...] = ()
    held_back: tuple[HeldBackRow, ...] = ()
    orders_seen: frozenset[Key] | None = None
