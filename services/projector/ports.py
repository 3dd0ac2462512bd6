"""What bringing events into the views asks of the world around it."""

from collections.abc import Collection
from typing import Protocol
from uuid import UUID

from infra.postgres.case_batch import StoredEvent
from infra.postgres.view_rows import Changes, Held
from projections.disclosure.agreement import Routes


class Register(Protocol):
    """Where every event can be read again, whatever the topic brought."""

    async def stream(self, stream_id: UUID, from_version: int = 1) -> list[StoredEvent]:
        """Return the events of a stream from a version on, by version."""
        ...


class RoutesNow(Protocol):
    """Where the agreement's versions are read."""

    async def current(self) -> Routes:
        """Return them; what was adopted before this was called is among them."""
        ...


class Views(Protocol):
    """Every audience's rows and how far they are: `save` writes all of it or nothing."""

    async def load(self, streams: Collection[UUID]) -> Held:
        """Return what the views know of some streams, as of one moment."""
        ...

    async def save(self, changes: Changes) -> None:
        """Write all changes.

        Raises:
            ProjectedMeanwhileError: if a stream is no longer at the version the changes follow.
            RowsRefusedError: if a row cannot be kept.
        """
        ...
