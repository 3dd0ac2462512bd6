"""What an agency's statement asks of the case record, in the imperative: one record a statement.

Every command carries who said what under which id (`said`) and only the open fields the rules decide on; those of the
police lie in `police_commands`.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from events.consents import Consentable, ReadingPurpose
from events.envelope import EventId, Reference, UnitId
from events.parties import Audience
from services.case_record.domain.police_commands import PoliceTrack
from services.case_record.domain.said import Stated

# --- reports ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OpenReport(Stated):
    """Take up a notification; the 12-hour clock runs from `received_at`."""

    received_at: datetime


@dataclass(frozen=True, slots=True)
class ForwardReport(Stated):
    """Let a unit take part in the report."""

    to_unit: UnitId


@dataclass(frozen=True, slots=True)
class VerifyReport(Stated):
    """Note what checking the report showed."""


@dataclass(frozen=True, slots=True)
class MarkReportUnfounded(Stated):
    """Note that the report has no ground."""


# --- the case --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OpenCase(Stated):
    """Begin a case from a report, under the lead of the unit that says so."""

    report: Reference


@dataclass(frozen=True, slots=True)
class MergeReport(Stated):
    """Link another report that speaks of the same child."""

    report: Reference
    confirmed_by_person: bool


@dataclass(frozen=True, slots=True)
class InviteAgency(Stated):
    """Let a unit take part in the case."""

    unit: UnitId


@dataclass(frozen=True, slots=True)
class CorrectFact(Stated):
    """Put a statement in the place of an earlier one of the same unit."""

    corrects: EventId


@dataclass(frozen=True, slots=True)
class VoidStatement(Stated):
    """Take an earlier statement of the same unit back."""

    voids: EventId


@dataclass(frozen=True, slots=True)
class ReviewCase(Stated):
    """Review how the child is and how safe it lives."""


@dataclass(frozen=True, slots=True)
class CloseCase(Stated):
    """End the case."""


# --- protection ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AssessInitialRisk(Stated):
    """Say whether emergency measures apply."""

    emergency: bool


@dataclass(frozen=True, slots=True)
class OrderSeparation(Stated):
    """Separate the child from the carer for a time."""

    until: datetime


@dataclass(frozen=True, slots=True)
class LiftSeparation(Stated):
    """End the separation."""


@dataclass(frozen=True, slots=True)
class AssessNeeds(Stated):
    """Assess risks and needs in detail."""


@dataclass(frozen=True, slots=True)
class DraftPlan(Stated):
    """Submit a plan for approval."""


@dataclass(frozen=True, slots=True)
class ApprovePlan(Stated):
    """Approve the plan."""


@dataclass(frozen=True, slots=True)
class RenewPlan(Stated):
    """Begin a new cycle of the plan."""


@dataclass(frozen=True, slots=True)
class AssignTask(Stated):
    """Ask a unit to do something; `due_at` None: no day was set."""

    unit: UnitId
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class ProgressTask(Stated):
    """Say how far a task has come."""

    task: EventId
    status: Literal["accepted", "completed", "declined_by_provider", "cancelled"]


# --- a person's data -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RequestRedaction(Stated):
    """Ask that something be erased."""


@dataclass(frozen=True, slots=True)
class AcknowledgeRequest(Stated):
    """Answer who asked."""


@dataclass(frozen=True, slots=True)
class SealCase(Stated):
    """Hide it from everybody but its lead unit and the units named."""

    units: tuple[UnitId, ...]


@dataclass(frozen=True, slots=True)
class UnsealCase(Stated):
    """Show it again to whoever takes part."""


@dataclass(frozen=True, slots=True)
class StateErasure(Stated):
    """Say that what is held of somebody is to be destroyed."""


@dataclass(frozen=True, slots=True)
class AnswerMatch(Stated):
    """Say whether what was suggested under this name is the same child."""

    match: EventId
    same: bool


@dataclass(frozen=True, slots=True)
class OpenIncident(Stated):
    """Say that personal data went where they should not."""

    detected_at: datetime


@dataclass(frozen=True, slots=True)
class AssessBreach(Stated):
    """Say whether the authority must be told of it."""

    must_notify: bool


@dataclass(frozen=True, slots=True)
class NotifyAuthority(Stated):
    """Tell the authority of it."""


@dataclass(frozen=True, slots=True)
class RecordConsent(Stated):
    """Note what a consent allows; `until` None or an empty list: nothing (code list `consent_standing`)."""

    standing: str
    recipients: tuple[Audience, ...]
    purposes: tuple[ReadingPurpose, ...]
    categories: tuple[Consentable, ...]
    since: datetime | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class WithdrawConsent(Stated):
    """Take a consent of the same unit back; empty lists mean all of it."""

    consent: EventId
    recipients: tuple[Audience, ...]
    categories: tuple[Consentable, ...]


@dataclass(frozen=True, slots=True)
class RecordStatement(Stated):
    """Keep what was stated; nothing follows from it by rule."""


AboutReport: TypeAlias = ForwardReport | VerifyReport | MarkReportUnfounded
AboutCase: TypeAlias = MergeReport | InviteAgency | CorrectFact | VoidStatement | ReviewCase | CloseCase
Protection: TypeAlias = (
    AssessInitialRisk | OrderSeparation | LiftSeparation | AssessNeeds | DraftPlan | ApprovePlan | RenewPlan
)
Tasks: TypeAlias = AssignTask | ProgressTask
RequestsAndOrders: TypeAlias = RequestRedaction | AcknowledgeRequest | StateErasure | SealCase | UnsealCase
PersonalData: TypeAlias = RequestsAndOrders | OpenIncident | AssessBreach | NotifyAuthority
Consents: TypeAlias = RecordConsent | WithdrawConsent

AboutKnown: TypeAlias = (
    AboutReport | AboutCase | Protection | Tasks | PoliceTrack | PersonalData | Consents | AnswerMatch
)
Command: TypeAlias = OpenReport | OpenCase | AboutKnown | RecordStatement
