"""The history of one report or one case: its name, what happened in it, what is to be added to it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

from events.case import (
    CaseClosed,
    CaseOpened,
    CaseReopened,
    CaseSealed,
    CaseUnsealed,
    DeadlineMet,
    DeadlineStarted,
    EmergencyDeclared,
    EmergencyEnded,
    InvestigationStageEntered,
    MatchConfirmed,
    MatchEnded,
    MatchEstablished,
    MatchSuggested,
    PartyJoined,
    ReportFoundUnfounded,
    ReportLinked,
    ReportOpened,
    SharingAllowed,
    SharingEnded,
    StageEntered,
    StatementCorrected,
    StatementFlagged,
    StatementVoided,
    TaskAssigned,
    TaskProgressed,
)
from events.envelope import EventId, UnitId
from events.event import Event
from events.glass import GlassBroken, GlassReviewed

CASE_RECORD: UnitId = "case_record"  # the source of what the case record itself decides

Kind: TypeAlias = Literal["report", "case"]

# Whatever the case record may decide: closed, so that a rule which forgets one does not type-check.
Decided: TypeAlias = (
    ReportOpened
    | CaseOpened
    | PartyJoined
    | ReportLinked
    | ReportFoundUnfounded
    | StageEntered
    | InvestigationStageEntered
    | EmergencyDeclared
    | EmergencyEnded
    | DeadlineStarted
    | DeadlineMet
    | TaskAssigned
    | TaskProgressed
    | StatementCorrected
    | StatementVoided
    | StatementFlagged
    | CaseSealed
    | CaseUnsealed
    | CaseClosed
    | CaseReopened
    | SharingAllowed
    | SharingEnded
    | GlassBroken
    | GlassReviewed
    | MatchSuggested
    | MatchConfirmed
    | MatchEstablished
    | MatchEnded
)


@dataclass(frozen=True, slots=True)
class Stream:
    """The name of one history."""

    kind: Kind
    id: UUID


@dataclass(frozen=True, slots=True)
class Happened:
    """One event of a stream as the rules see it: who asserts it, its id, when it occurred, its open fields."""

    source: UnitId
    id: EventId
    occurred_at: datetime
    event: Event


@dataclass(frozen=True, slots=True)
class Placed:
    """Something decided, and the stream it is added to."""

    stream: Stream
    event: Decided
