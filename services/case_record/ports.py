"""What the case record asks of the world around it."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol
from uuid import UUID

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


class CaseStore(Protocol):
    """The register: `append` writes a whole batch or nothing, and nothing written is ever changed."""

    def load(self, streams: Collection[UUID]) -> dict[UUID, list[StoredEvent]]:
        """Return the events of each of these streams, by version; an unknown stream has none."""
        ...

    def inbox(self, keys: Collection[Key]) -> dict[Key, InboxRow]:
        """Return what became of those of these messages (source, id) that were decided on."""
        ...

    def references(self, keys: Collection[Key]) -> dict[Key, ReferenceRow]:
        """Return those of these references (holder, reference) that are known."""
        ...

    def alike(self, keys: Collection[Key]) -> dict[Key, list[AlikeRow]]:
        """Return which messages of other units name a child that agrees in a feature with that of each (source, id)."""
        ...

    def to_be_sealed(self) -> list[ToBeSealedRow]:
        """Return what is to be sealed by orders that a door accepted and nobody decided on."""
        ...

    def undecided_orders(self) -> frozenset[Key]:
        """Return the (source, id) of the orders to seal that a door accepted and nobody decided on."""
        ...

    def to_compare(self, limit: int, but: Collection[UUID] = ()) -> list[ToCompareRow]:
        """Return what is to be compared with others, the longest waiting first.

        Shape: the streams `but` are left out.
        """
        ...

    def last_sequences(self, keys: Collection[Key]) -> dict[Key, int]:
        """Return the last number decided on for each of these (unit, reference)."""
        ...

    def waiting(self, keys: Collection[Key]) -> list[WaitingRow]:
        """Return what waits for these (unit, reference)."""
        ...

    def waiting_older_than(self, moment: datetime) -> list[WaitingRow]:
        """Return what has waited since before a moment."""
        ...

    def all_waiting_keys(self) -> set[Key]:
        """Return every (unit, reference) for which something waits."""
        ...

    def append(self, batch: Batch) -> None:
        """Write a batch in one transaction; what is released is released before what waits is written.

        Raises:
            Conflict: if a version, a message or a reference of it was recorded before; nothing is written.
            OrderedMeanwhile: if a door accepted an order to seal since `orders_seen`; nothing is written.
            DatabaseUnreachableError: if the reply was lost: look the inbox up before trying again.
        """
        ...

    def untold_glasses(self, limit: int, but: Collection[UUID] = ()) -> list[GlassNotice]:
        """Return the glasses that were broken, and the reviews closed, of which no history tells yet, in that order.

        Shape: those of the streams `but` are left out.
        """
        ...

    def positions(self, topics: Collection[str]) -> list[Position]:
        """Return how far these topics were read."""
        ...
