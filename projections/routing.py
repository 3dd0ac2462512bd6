"""Who is told of a stream: the audiences that have joined it, and those of which somebody broke its glass.

Who may then read what its audience is told is asked when it reads: a broken glass gives nobody else a name for it.
"""

from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from events.case import CaseOpened, PartyJoined
from events.envelope import RecordedEvent
from events.glass import GlassBroken
from events.parties import Audience

JOINING = frozenset({PartyJoined.TYPE, GlassBroken.TYPE})


class Routing(BaseModel):
    """What the projector keeps of a stream to know where its events go."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    stream: UUID
    version: int = 0
    kind: Literal["report", "case"] = "report"
    joined: frozenset[Audience] = frozenset()


class GapError(ValueError):
    """An event came whose version is not the next one; what lies between must be read first."""


def route(routing: Routing | None, event: RecordedEvent) -> Routing:
    """Return the routing after one more event of the stream.

    Order: every event of the stream, by version, without gaps.

    Raises:
        GapError: if the version is not the next one.
    """
    before = routing or Routing(stream=event.subject)
    if event.sequence != before.version + 1:
        raise GapError(f"version {event.sequence} after {before.version}")
    joining = {Audience(str(event.data.open["audience"]))} if event.type in JOINING else frozenset()
    return Routing.model_construct(
        stream=before.stream,
        version=event.sequence,
        kind="case" if event.type == CaseOpened.TYPE else before.kind,
        joined=before.joined | joining,
    )


def newly_joined(before: Routing | None, after: Routing) -> frozenset[Audience]:
    """Return the audiences that were not there before; each is told the stream from its first event."""
    return after.joined - (before.joined if before else frozenset())
