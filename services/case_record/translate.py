"""Between the agencies' words and ours: a sealed event becomes a command, or it is told why not.

Sealed fields stay sealed: the case record holds no key, and the rules see only what is open.
"""

from dataclasses import dataclass
from typing import Annotated, TypeAlias, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from events.codec import NotStrictJsonError, from_bytes, read_event, read_strictly
from events.envelope import EventId, Reference, SealedEvent, UnitId
from events.event import Event
from events.parties import Agency
from events.registry import UnknownTypeError
from events.units import Unit, units
from services.case_record.asking import AgencyEvent, command_of
from services.case_record.domain.commands import Command
from services.case_record.domain.refusals import BrokenSchema, NoAuthority, Refusal, UnknownType, Unreadable
from services.case_record.domain.said import Said

_HIGHEST = 2**53  # what JSON and the database both hold exactly


class Heading(BaseModel):
    """What is read of a message before anything else: enough to answer it, even when the rest is broken."""

    model_config = ConfigDict(frozen=True, strict=True, extra="ignore")

    source: UnitId
    id: EventId
    subject: Reference
    sequence: Annotated[int, Field(ge=1, le=_HIGHEST)]

    @property
    def key(self) -> tuple[str, str]:
        """Source and id: the message's identity for ever."""
        return self.source, self.id


@dataclass(frozen=True, slots=True)
class Accepted:
    """A statement that is understood: the sealed event, its open fields, and what it asks for."""

    heading: Heading
    sealed: SealedEvent
    event: Event
    command: Command


@dataclass(frozen=True, slots=True)
class Refused:
    """A statement that is not recorded, and why."""

    heading: Heading
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class Unattributed:
    """A message that nothing may be noted of: unreadable, or its source is not of the agency whose door sent it."""

    heading: Heading | None
    refusal: Refusal


Translated: TypeAlias = Accepted | Refused | Unattributed


def translate(door: Agency, raw: bytes) -> Translated:
    """Return what a message from an agency's door asks of the case record, or why it is refused.

    Total: every byte string is one or the other.
    """
    heading = _heading(raw)
    if heading is None:
        return Unattributed(None, Unreadable())
    unit = units().get(heading.source)
    if unit is None or unit.agency is not door:
        return Unattributed(heading, NoAuthority())
    try:
        sealed = from_bytes(SealedEvent, raw)
        event = read_event(sealed)
    except UnknownTypeError:
        return Refused(heading, UnknownType())
    except ValidationError:
        return Refused(heading, BrokenSchema())
    if door not in event.BY or any(box.owner is not door for box in sealed.data.sealed):
        return Refused(heading, NoAuthority())
    # Whoever an agency speaks for is an agency: no event of the case record itself has one in `BY`.
    return Accepted(heading, sealed, event, command_of(_said(sealed, unit), cast("AgencyEvent", event)))


def _heading(raw: bytes) -> Heading | None:
    try:
        return Heading.model_validate(read_strictly(raw))
    except (NotStrictJsonError, ValidationError):
        return None


def _said(sealed: SealedEvent, unit: Unit) -> Said:
    return Said(unit.id, unit.agency, unit.audience, sealed.id, sealed.subject, sealed.time)
