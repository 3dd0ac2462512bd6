"""What an agency's statement asks of the case record, in the imperative: one record a statement.

Every command carries who said what under which id (`said`) and only the open fields the rules decide on.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from events.consents import Consentable, ReadingPurpose
from events.envelope import EventId, Reference, UnitId
from events.parties import Agency, Audience


@dataclass(frozen=True, slots=True)
class Said:
    """Who states it, under which id, of which of its references, and when it occurred."""

    unit: UnitId
    agency: Agency
    audience: Audience | None
    id: EventId
    reference: Reference
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class _Command:
    said: Said


# --- reports ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OpenReport(_Command):
    """Take up a notification; the 12-hour clock runs from `received_at`."""

    received_at: datetime


@dataclass(frozen=True, slots=True)
class ForwardReport(_Command):
    """Let a unit take part in the report."""

    to_unit: UnitId


@dataclass(frozen=True, slots=True)
class VerifyReport(_Command):
    """Note what checking the report showed."""


@dataclass(frozen=True, slots=True)
class MarkReportUnfounded(_Command):
    """Note that the report has no ground."""


# --- the case --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OpenCase(_Command):
    """Begin a case from a report, under the lead of the unit that says so."""

    report: Reference


@dataclass(frozen=True, slots=True)
class MergeReport(_Command):
    """Link another report that speaks of the same child."""

    report: Reference
    confirmed_by_person: bool


@dataclass(frozen=True, slots=True)
class InviteAgency(_Command):
    """Let a unit take part in the case."""

    unit: UnitId


@dataclass(frozen=True, slots=True)
class CorrectFact(_Command):
    """Put a statement in the place of an earlier one of the same unit."""

    corrects: EventId


@dataclass(frozen=True, slots=True)
class VoidStatement(_Command):
    """Take an earlier statement of the same unit back."""

    voids: EventId


@dataclass(frozen=True, slots=True)
class ReviewCase(_Command):
    """Review how the child is and how safe it lives."""


@dataclass(frozen=True, slots=True)
class CloseCase(_Command):
    """End the case."""


# --- protection ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AssessInitialRisk(_Command):
    """Say whether emergency measures apply."""

    emergency: bool


@dataclass(frozen=True, slots=True)
class OrderSeparation(_Command):
    """Separate the child from the carer for a time."""

    until: datetime


@dataclass(frozen=True, slots=True)
class LiftSeparation(_Command):
    """End the separation."""


@dataclass(frozen=True, slots=True)
class AssessNeeds(_Command):
    """Assess risks and needs in detail."""


@dataclass(frozen=True, slots=True)
class DraftPlan(_Command):
    """Submit a plan for approval."""


@dataclass(frozen=True, slots=True)
class ApprovePlan(_Command):
    """Approve the plan."""


@dataclass(frozen=True, slots=True)
class RenewPlan(_Command):
    """Begin a new cycle of the plan."""


@dataclass(frozen=True, slots=True)
class AssignTask(_Command):
    """Ask a unit to do something; `due_at` None: no day was set."""

    unit: UnitId
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class ProgressTask(_Command):
    """Say how far a task has come."""

    task: EventId
    status: Literal["accepted", "completed", "declined_by_provider", "cancelled"]


# --- the police track ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TransferCrimeReport(_Command):
    """Pass the crime report to the investigating body."""

    to_unit: UnitId


@dataclass(frozen=True, slots=True)
class AcceptCrimeReport(_Command):
    """Take the crime report up."""


@dataclass(frozen=True, slots=True)
class ResolveCrimeReport(_Command):
    """Decide on the crime report (code list `case_status`)."""

    outcome: str


@dataclass(frozen=True, slots=True)
class HoldInterview(_Command):
    """Interview the child once."""


@dataclass(frozen=True, slots=True)
class RequestInterview(_Command):
    """Plan to interview the child."""

    planned_at: datetime


@dataclass(frozen=True, slots=True)
class AssignInvestigator(_Command):
    """Put an investigator in charge."""


@dataclass(frozen=True, slots=True)
class DecideProsecution(_Command):
    """Decide whether the case goes to court (code list `prosecution_outcome`)."""

    outcome: str


@dataclass(frozen=True, slots=True)
class HoldTrial(_Command):
    """Hear the case in court."""


# --- a person's data -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RequestRedaction(_Command):
    """Ask that something be erased."""


@dataclass(frozen=True, slots=True)
class AcknowledgeRequest(_Command):
    """Answer who asked."""


@dataclass(frozen=True, slots=True)
class SealCase(_Command):
    """Hide it from everybody but its lead unit and the units named."""

    units: tuple[UnitId, ...]


@dataclass(frozen=True, slots=True)
class UnsealCase(_Command):
    """Show it again to whoever takes part."""


@dataclass(frozen=True, slots=True)
class OpenIncident(_Command):
    """Say that personal data went where they should not."""

    detected_at: datetime


@dataclass(frozen=True, slots=True)
class AssessBreach(_Command):
    """Say whether the authority must be told of it."""

    must_notify: bool


@dataclass(frozen=True, slots=True)
class NotifyAuthority(_Command):
    """Tell the authority of it."""


@dataclass(frozen=True, slots=True)
class RecordConsent(_Command):
    """Note what a consent allows; `until` None or an empty list: nothing (code list `consent_standing`)."""

    standing: str
    recipients: tuple[Audience, ...]
    purposes: tuple[ReadingPurpose, ...]
    categories: tuple[Consentable, ...]
    since: datetime | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class WithdrawConsent(_Command):
    """Take a consent of the same unit back; empty lists mean all of it."""

    consent: EventId
    recipients: tuple[Audience, ...]
    categories: tuple[Consentable, ...]


@dataclass(frozen=True, slots=True)
class RecordStatement(_Command):
    """Keep what was stated; nothing follows from it by rule."""


AboutReport: TypeAlias = ForwardReport | VerifyReport | MarkReportUnfounded
AboutCase: TypeAlias = MergeReport | InviteAgency | CorrectFact | VoidStatement | ReviewCase | CloseCase
Protection: TypeAlias = (
    AssessInitialRisk | OrderSeparation | LiftSeparation | AssessNeeds | DraftPlan | ApprovePlan | RenewPlan
)
Tasks: TypeAlias = AssignTask | ProgressTask
CrimeReports: TypeAlias = TransferCrimeReport | AcceptCrimeReport | ResolveCrimeReport | AssignInvestigator
PoliceTrack: TypeAlias = CrimeReports | RequestInterview | HoldInterview | DecideProsecution | HoldTrial
RequestsAndOrders: TypeAlias = RequestRedaction | AcknowledgeRequest | SealCase | UnsealCase
PersonalData: TypeAlias = RequestsAndOrders | OpenIncident | AssessBreach | NotifyAuthority
Consents: TypeAlias = RecordConsent | WithdrawConsent

AboutKnown: TypeAlias = AboutReport | AboutCase | Protection | Tasks | PoliceTrack | PersonalData | Consents
Command: TypeAlias = OpenReport | OpenCase | AboutKnown | RecordStatement
