"""Messages from the doors, with what they say and which references they speak of."""

from collections.abc import Iterable
from dataclasses import dataclass

from events.parties import Agency
from infra.postgres.case_batch import Key, WaitingRow
from services.case_record.domain.commands import MergeReport, OpenCase
from services.case_record.translate import Accepted, Refused, Translated, Unattributed, translate


@dataclass(frozen=True, slots=True)
class Message:
    """What came from a door; `waited`: it was put aside before; not `patient`: it may wait no longer."""

    agency: Agency
    raw: bytes
    waited: WaitingRow | None = None
    patient: bool = True


@dataclass(frozen=True, slots=True)
class Read:
    """A message with what it says."""

    message: Message
    translated: Translated


def read(message: Message) -> Read:
    """Return a message with what it says."""
    return Read(message, translate(message.agency, message.raw))


def put_aside(row: WaitingRow, *, patient: bool = True) -> Message:
    """Return a message that waited."""
    return Message(Agency(row.agency), row.message, row, patient)


def references_of(translated: Accepted | Refused) -> tuple[Key, Key | None]:
    """Return the reference a statement is about, and that of the report it speaks of, both the unit's own."""
    heading = translated.heading
    own = (heading.source, heading.subject)
    if isinstance(translated, Accepted) and isinstance(translated.command, OpenCase | MergeReport):
        return own, (heading.source, translated.command.report)
    return own, None


def asked_for(several: Iterable[Read]) -> tuple[list[Key], list[Key]]:
    """Return the keys of the statements among messages, and all references they speak of.

    Shape: (source, id) each; (holder, reference) once each.
    """
    statements: list[Key] = []
    references: dict[Key, None] = {}
    for one in several:
        if not isinstance(one.translated, Unattributed):
            statements.append(one.translated.heading.key)
            references.update((key, None) for key in references_of(one.translated) if key)
    return statements, list(references)
