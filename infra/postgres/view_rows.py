"""The values that go into the views and come out of them; JSON stays text here."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from events.parties import Audience
from infra.postgres.quarantine import Reason


@dataclass(frozen=True, slots=True)
class StreamRow:
    """How far a stream was projected, and who has joined it; `before` is the version this row replaces, 0 for none."""

    stream: UUID
    before: int
    version: int
    routing: str


@dataclass(frozen=True, slots=True)
class FileRow:
    """An audience's file of a stream; `due_at` is its earliest running deadline, `sealed_to` None of an open case."""

    audience: Audience
    stream: UUID
    kind: str
    status: str
    stage: str | None
    emergency: bool
    lead_unit: str | None
    units: tuple[str, ...]
    root: UUID | None
    opened_at: datetime | None
    changed_at: datetime
    due_at: datetime | None
    sealed_to: tuple[str, ...] | None
    body: str


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One event as an audience is told of it."""

    audience: Audience
    stream: UUID
    version: int
    event_id: str
    occurred_at: datetime
    recorded_at: datetime
    told: str


@dataclass(frozen=True, slots=True)
class NameRow:
    """What a unit of an audience, or the audience itself, calls a stream."""

    audience: Audience
    holder: str
    reference: str
    stream: UUID


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A stream that waits from a version on, and the code of the reason."""

    stream: UUID
    version: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class Changes:
    """What is written together or not at all; `rebuilds` as it was when what this follows was loaded."""

    streams: tuple[StreamRow, ...] = ()
    files: tuple[FileRow, ...] = ()
    entries: tuple[EntryRow, ...] = ()
    names: tuple[NameRow, ...] = ()
    quarantined: tuple[Quarantined, ...] = ()
    released: tuple[UUID, ...] = ()  # out of quarantine, with what was projected of them
    rebuilds: int | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """What the views know of some streams, after so many rebuilds."""

    versions: dict[UUID, int]
    routings: dict[UUID, str]
    files: dict[tuple[Audience, UUID], str]
    quarantined: set[UUID]
    rebuilds: int = 0


@dataclass(frozen=True, slots=True)
class RetryRequest:
    """An operator's word to try a stream again, or every one in quarantine (None)."""

    id: int
    stream: UUID | None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the views are: all up to `done`, the first that is missing, the newest there is.

    `relayed`: how far the relay sent; `age_s`: how long the first that is missing has been in the register.
    """

    done: int
    first_missing: int | None
    newest: int
    relayed: int = 0
    age_s: float | None = None
