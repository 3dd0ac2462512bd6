"""CloudEvents 1.0 around every event: who says it, when it occurred, when it was recorded.

Three stages of one event: `SubmittedEvent` as an agency sends it to its own door, `SealedEvent` from the
door to the case record, `RecordedEvent` as the case record keeps it for ever.
"""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue

from events.compartments import SealedCompartment
from events.texts import NamesUnit

# An agency's own name of a report or case: opaque, safe in a URL, never a person's name.
Reference = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._~-]{0,63}$")]
UnitId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,63}$"), NamesUnit()]
EventId = Annotated[str, Field(pattern=r"^[\x21-\x7e]{1,128}$")]
EventType = Annotated[str, Field(pattern=r"^[a-z_]+\.[a-z_]+\.v[1-9][0-9]*$", max_length=96)]
TraceParent = Annotated[str, Field(pattern=r"^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$")]


class Envelope(BaseModel):
    """The attributes every stage shares; `source` is the unit that asserts the event."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    specversion: Literal["1.0"] = "1.0"
    id: EventId
    source: UnitId
    type: EventType
    time: AwareDatetime
    datacontenttype: Literal["application/json"] = "application/json"
    dataschema: Annotated[str, Field(max_length=256)] | None = None
    correlationid: EventId | None = None
    causationid: EventId | None = None
    traceparent: TraceParent | None = None


class SubmittedEvent(Envelope):
    """An event as an agency sends it to its own door, in the clear over its own connection."""

    subject: Reference
    data: dict[str, JsonValue]


class SealedContents(BaseModel):
    """What travels: operational values open, everything else in boxes."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    open: dict[str, JsonValue]
    sealed: tuple[SealedCompartment, ...] = ()


class SealedEvent(Envelope):
    """An event from a door to the case record.

    `recordedtime` is when the door accepted it; `sequence` counts the events of a reference from 1.
    """

    subject: Reference
    recordedtime: AwareDatetime
    sequence: Annotated[int, Field(ge=1)]
    simulated: bool = False
    data: SealedContents


class RecordedContents(SealedContents):
    """Contents as recorded; the nonce keeps anyone from guessing the open part from its hash."""

    nonce: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]


class RecordedEvent(Envelope):
    """An event in the case record: `subject` is its stream, `sequence` its version from 1.

    `recordedtime` is when the case record appended it. These bytes are hashed and never rewritten.
    """

    subject: UUID
    recordedtime: AwareDatetime
    sequence: Annotated[int, Field(ge=1)]
    simulated: bool = False
    data: RecordedContents
