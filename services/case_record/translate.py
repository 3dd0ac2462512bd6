"""Between the agencies' words and ours: a sealed event becomes a command, or it is told why not.

Sealed fields stay sealed: the case record holds no key, and the rules see only what is open.
"""

from dataclasses import dataclass
from typing import Annotated, TypeAlias, assert_never, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from events import education, health, police, privacy, social_work
from events.codec import NotStrictJsonError, from_bytes, read_event, read_strictly
from events.envelope import EventId, Reference, SealedEvent, UnitId
from events.event import Event
from events.parties import Agency
from events.registry import UnknownTypeError
from events.units import Unit, units
from services.case_record.domain.commands import (
    AcceptCrimeReport,
    AcknowledgeRequest,
    ApprovePlan,
    AssessInitialRisk,
    AssessNeeds,
    AssignTask,
    CloseCase,
    Command,
    CorrectFact,
    DraftPlan,
    ForwardReport,
    HoldInterview,
    InviteAgency,
    LiftSeparation,
    MarkReportUnfounded,
    MergeReport,
    OpenCase,
    OpenReport,
    OrderSeparation,
    ProgressTask,
    RecordStatement,
    RequestRedaction,
    ResolveCrimeReport,
    ReviewCase,
    Said,
    TransferCrimeReport,
    VerifyReport,
)
from services.case_record.domain.refusals import BrokenSchema, NoAuthority, Refusal, UnknownType, Unreadable

OfReports: TypeAlias = (
    social_work.ReportReceived
    | police.ReportReceived
    | social_work.ReportForwarded
    | police.ReportForwarded
    | social_work.ReportVerified
    | education.ReportVerified
    | social_work.ReportMarkedUnfounded
)
OfCase: TypeAlias = (
    social_work.CaseOpened
    | social_work.AgencyInvited
    | social_work.ReportsMerged
    | social_work.FactCorrected
    | social_work.CaseMeetingHeld
    | social_work.CarerReassessed
    | social_work.CaseReviewed
    | social_work.CaseClosed
    | privacy.RedactionRequested
    | privacy.RequestAcknowledged
)
OfProtection: TypeAlias = (
    social_work.InitialRiskAssessed
    | social_work.TemporarySeparationOrdered
    | social_work.TemporarySeparationLifted
    | social_work.NeedsAssessed
    | social_work.PlanDrafted
    | social_work.PlanApproved
    | social_work.PlanTaskAssigned
    | social_work.ServiceReferred
)
OfServices: TypeAlias = (
    social_work.ServiceAccepted
    | social_work.ServiceDelivered
    | health.ServiceAccepted
    | health.ServiceDelivered
    | education.ServiceAccepted
    | education.ServiceDelivered
    | health.EmergencyCareProvided
    | health.MedicalExamCompleted
    | education.AttendanceNoted
)
OfPolice: TypeAlias = (
    police.SceneAttended
    | police.ImmediateDangerStopped
    | police.CrimeReportTransferred
    | police.CrimeReportAccepted
    | police.SocialSectorNotified
    | police.InterviewHeld
    | police.CrimeReportResolved
    | police.AdministrativeHandlingRecorded
)
AgencyEvent: TypeAlias = OfReports | OfCase | OfProtection | OfServices | OfPolice


_HIGHEST = 2**53  # what JSON and the database both hold exactly


class Heading(BaseModel):
    """What is read of a message before anything else: enough to answer it, even when the rest is broken."""

    model_config = ConfigDict(frozen=True, strict=True, extra="ignore")

    source: UnitId
    id: EventId
    subject: Reference
    sequence: Annotated[int, Field(ge=1, le=_HIGHEST)]


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


def command_of(said: Said, event: AgencyEvent) -> Command:
    """Return the command of a statement; every type an agency may assert has one."""
    if isinstance(event, OfReports):
        return _of_reports(said, event)
    if isinstance(event, OfCase):
        return _of_case(said, event)
    if isinstance(event, OfProtection):
        return _of_protection(said, event)
    if isinstance(event, OfServices):
        return _of_services(said, event)
    if isinstance(event, OfPolice):
        return _of_police(said, event)
    assert_never(event)


def _heading(raw: bytes) -> Heading | None:
    try:
        return Heading.model_validate(read_strictly(raw))
    except (NotStrictJsonError, ValidationError):
        return None


def _said(sealed: SealedEvent, unit: Unit) -> Said:
    return Said(unit.id, unit.agency, unit.audience, sealed.id, sealed.subject, sealed.time)


def _of_reports(said: Said, event: OfReports) -> Command:
    match event:
        case social_work.ReportReceived() | police.ReportReceived():
            return OpenReport(said, event.received_at)
        case social_work.ReportForwarded() | police.ReportForwarded():
            return ForwardReport(said, event.to_unit)
        case social_work.ReportVerified() | education.ReportVerified():
            return VerifyReport(said)
        case social_work.ReportMarkedUnfounded():
            return MarkReportUnfounded(said)
        case _:
            assert_never(event)


def _of_case(said: Said, event: OfCase) -> Command:
    match event:
        case social_work.CaseOpened():
            return OpenCase(said, event.report)
        case social_work.AgencyInvited():
            return InviteAgency(said, event.unit)
        case social_work.ReportsMerged():
            return MergeReport(said, event.report, event.confirmed_by_person)
        case social_work.FactCorrected():
            return CorrectFact(said, event.corrects)
        case social_work.CaseMeetingHeld() | social_work.CarerReassessed():
            return RecordStatement(said)
        case social_work.CaseReviewed():
            return ReviewCase(said)
        case social_work.CaseClosed():
            return CloseCase(said)
        case privacy.RedactionRequested():
            return RequestRedaction(said)
        case privacy.RequestAcknowledged():
            return AcknowledgeRequest(said)
        case _:
            assert_never(event)


def _of_protection(said: Said, event: OfProtection) -> Command:
    match event:
        case social_work.InitialRiskAssessed():
            return AssessInitialRisk(said, event.emergency)
        case social_work.TemporarySeparationOrdered():
            return OrderSeparation(said, event.until)
        case social_work.TemporarySeparationLifted():
            return LiftSeparation(said)
        case social_work.NeedsAssessed():
            return AssessNeeds(said)
        case social_work.PlanDrafted():
            return DraftPlan(said)
        case social_work.PlanApproved():
            return ApprovePlan(said)
        case social_work.PlanTaskAssigned():
            return AssignTask(said, event.unit, event.due_at)
        case social_work.ServiceReferred():
            return AssignTask(said, event.unit, None)
        case _:
            assert_never(event)


def _of_services(said: Said, event: OfServices) -> Command:
    match event:
        case social_work.ServiceAccepted() | health.ServiceAccepted() | education.ServiceAccepted():
            return ProgressTask(said, event.task, "accepted")
        case social_work.ServiceDelivered() | health.ServiceDelivered() | education.ServiceDelivered():
            return ProgressTask(said, event.task, "completed")
        case health.EmergencyCareProvided() | health.MedicalExamCompleted() | education.AttendanceNoted():
            return RecordStatement(said)
        case _:
            assert_never(event)


def _of_police(said: Said, event: OfPolice) -> Command:
    match event:
        case police.CrimeReportTransferred():
            return TransferCrimeReport(said, event.to_unit)
        case police.CrimeReportAccepted():
            return AcceptCrimeReport(said)
        case police.CrimeReportResolved():
            return ResolveCrimeReport(said, event.outcome)
        case police.InterviewHeld():
            return HoldInterview(said)
        case police.SceneAttended() | police.ImmediateDangerStopped():
            return RecordStatement(said)
        case police.SocialSectorNotified() | police.AdministrativeHandlingRecorded():
            return RecordStatement(said)
        case _:
            assert_never(event)
