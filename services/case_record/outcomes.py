"""What a door is told of each of its messages: ids and codes, never contents."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Literal

from events.codec import canonical
from events.envelope import EventId, Reference, UnitId
from events.parties import Agency
from infra.postgres.case_batch import InboxRow


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one message; `dead`: an operator must look.

    `source` and `id` are None when the message could not be read at all.
    """

    agency: Agency
    source: UnitId | None
    id: EventId | None
    status: Literal["recorded", "waiting", "rejected"]
    reason: str | None = None
    reference: Reference | None = None
    recorded_at: datetime | None = None
    dead: bool = False

    @property
    def key(self) -> bytes:
        """The Kafka key: the same for every outcome of a message, and telling nothing of it."""
        return sha256(f"{self.source}|{self.id}".encode()).hexdigest().encode()

    @property
    def value(self) -> bytes:
        """The outcome as the door reads it."""
        recorded_at = self.recorded_at.isoformat() if self.recorded_at else None
        return canonical(
            {
                "source": self.source,
                "id": self.id,
                "status": self.status,
                "reason": self.reason,
                "reference": self.reference,
                "recorded_at": recorded_at,
            }
        )

    @property
    def dead_letter(self) -> bytes:
        """The same for the topic of what could not be taken: ids and reason alone."""
        return canonical({"source": self.source, "id": self.id, "reason": self.reason})


def outcome_of(row: InboxRow) -> Outcome:
    """Return what the inbox says of a message."""
    agency, known = Agency(row.agency), row.status == "recorded"
    reference = row.reference if known else None
    return Outcome(agency, row.source, row.id, row.status, row.reason, reference, row.recorded_at)
