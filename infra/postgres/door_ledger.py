"""Count receipts and sequences on from where the register is: rows of a door's journal, before they are written."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from events.codec import to_bytes
from events.envelope import SealedEvent
from infra.crypto.door_secrets import DoorSecrets
from infra.crypto.likeness_keys import Marks
from infra.crypto.receipts import Accepted, Head, Receipt, sign

Key = tuple[str, str]  # source and id, or source and reference
LikenessRow = tuple[str, str, str, str, int, list[bytes]]  # source, id, reference, recipient, key version, marks


@dataclass(frozen=True, slots=True)
class Entry:
    """An event to be kept; the journal gives it its sequence and its receipt.

    Shape: `likeness` by recipient: by what the child is known again, empty when the type names none.
    """

    event: SealedEvent
    mark: bytes  # HMAC of the content
    content_sha256: str  # what the receipt commits to
    courier_key: bytes
    likeness: Mapping[str, Marks] = field(default_factory=dict)

    @property
    def key(self) -> Key:
        """Source and id: the event's identity for ever."""
        return self.event.source, self.event.id


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the journal; the fields are its columns."""

    source: str
    id: str
    reference: str
    sequence: int
    accepted_at: datetime
    simulated: bool
    mark: bytes
    courier_key: bytes
    message: bytes
    number: int
    content_sha256: str
    previous: str
    key_id: str
    signature: str

    def receipt(self, secrets: DoorSecrets) -> Receipt:
        """Return the receipt as its sender gets it: with the salt."""
        return Receipt(
            source=self.source,
            id=self.id,
            number=self.number,
            accepted_at=self.accepted_at.astimezone(UTC),
            simulated=self.simulated,
            content_sha256=self.content_sha256,
            salt=secrets.salt(self.source, self.id, self.mark).hex(),
            previous=self.previous,
            key_id=self.key_id,
            signature=self.signature,
        )


class Ledger:
    """Makes rows of events, each following the one before; `heads` and `sequences` move on with them."""

    def __init__(self, heads: dict[str, Head], sequences: dict[Key, int], secrets: DoorSecrets) -> None:
        self.heads = heads
        self.sequences = sequences
        self.rows: list[Row] = []
        self.likeness: list[LikenessRow] = []
        self.events: list[SealedEvent] = []
        self._secrets = secrets

    def add(self, entry: Entry) -> Row:
        """Make the next row of a unit and a reference."""
        event = entry.event
        about = (event.source, event.subject)
        sequence = self.sequences[about] = self.sequences.get(about, 0) + 1
        accepted = Accepted(event.source, event.id, event.recordedtime, event.simulated, entry.content_sha256)
        receipt = sign(accepted, self.heads[event.source], self._secrets)
        self.heads[event.source] = Head(receipt.number, receipt.digest())
        row = Row(
            source=event.source,
            id=event.id,
            reference=event.subject,
            sequence=sequence,
            accepted_at=event.recordedtime,
            simulated=event.simulated,
            mark=entry.mark,
            courier_key=entry.courier_key,
            message=to_bytes(event.model_copy(update={"sequence": sequence})),
            number=receipt.number,
            content_sha256=receipt.content_sha256,
            previous=receipt.previous,
            key_id=receipt.key_id,
            signature=receipt.signature,
        )
        self.rows.append(row)
        self.likeness.extend(likeness_rows(entry))
        self.events.append(event)
        return row


def likeness_rows(entry: Entry) -> Iterator[LikenessRow]:
    """Yield the rows of what the child of an event is known again by, one for each recipient."""
    event = entry.event
    for recipient, made in entry.likeness.items():
        yield event.source, event.id, event.subject, recipient, made.key_version, list(made.marks)
