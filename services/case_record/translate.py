"""Between the agencies' words and ours: a sealed event becomes a command, or it is told why not.

Sealed fields stay sealed: the case record holds no key, and the rules see only what is open.
"""

from dataclasses import dataclass
from typing import Annotated, TypeAlias, assert_never, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from events import education, health, privacy
from events.codec import NotStrictJsonError, from_bytes, read_event, read_strictly
from events.envelope import EventId, Reference, SealedEvent, UnitId
from events.event import Event
from events.parties import Agency
from events.police import interviews, investigation
from events.police import reports as police_reports
from events.registry import UnknownTypeError
from events.social_work import cases, plans, protection
from events.social_work import reports as social_reports
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
from services.case_record.plain_statements import PlainStatement

OfReports: TypeAlias = (
    social_reports.ReportReceived
    | police_reports.ReportReceived
    | education.ConcernRaised
    | social_reports.ReportForwarded
    | police_reports.ReportForwarded
    | education.ReportForwarded
    | social_reports.ReportVerified
    | education.ReportVerified
    | social_reports.ReportMarkedUnfounded
)
OfCase: TypeAlias = (
    cases.CaseOpened
    | cases.AgencyInvited
    | social_reports.ReportsMerged
    | cases.FactCorrected
    | cases.CaseReviewed
    | cases.CaseClosed
    | privacy.RedactionRequested
    | privacy.RequestAcknowledged
)
OfProtection: TypeAlias = (
    protection.InitialRiskAssessed
    | protection.TemporarySeparationOrdered
    | protection.TemporarySeparationLifted
    | protection.NeedsAssessed
    | plans.PlanDrafted
    | plans.PlanApproved
    | plans.PlanTaskAssigned
    | plans.ServiceReferred
)
OfServices: TypeAlias = (
    plans.ServiceAccepted
    | plans.ServiceDelivered
    | health.ServiceAccepted
    | health.ServiceDelivered
    | education.ServiceAccepted
    | education.ServiceDelivered
)
OfPolice: TypeAlias = (
    investigation.CrimeReportTransferred
    | investigation.CrimeReportAccepted
    | interviews.InterviewHeld
    | investigation.CrimeReportResolved
)
AgencyEvent: TypeAlias = OfReports | OfCase | OfProtection | OfServices | OfPolice | PlainStatement


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
    if isinstance(event, PlainStatement):
        return RecordStatement(said)
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
        case social_reports.ReportReceived() | police_reports.ReportReceived() | education.ConcernRaised():
            return OpenReport(said, event.received_at)
        case social_reports.ReportForwarded() | police_reports.ReportForwarded() | education.ReportForwarded():
            return ForwardReport(said, event.to_unit)
        case social_reports.ReportVerified() | education.ReportVerified():
            return VerifyReport(said)
        case social_reports.ReportMarkedUnfounded():
            return MarkReportUnfounded(said)
        case _:
            assert_never(event)


def _of_case(said: Said, event: OfCase) -> Command:
    match event:
        case cases.CaseOpened():
            return OpenCase(said, event.report)
        case cases.AgencyInvited():
            return InviteAgency(said, event.unit)
        case social_reports.ReportsMerged():
            return MergeReport(said, event.report, event.confirmed_by_person)
        case cases.FactCorrected():
            return CorrectFact(said, event.corrects)
        case cases.CaseReviewed():
            return ReviewCase(said)
        case cases.CaseClosed():
            return CloseCase(said)
        case privacy.RedactionRequested():
            return RequestRedaction(said)
        case privacy.RequestAcknowledged():
            return AcknowledgeRequest(said)
        case _:
            assert_never(event)


def _of_protection(said: Said, event: OfProtection) -> Command:
    match event:
        case protection.InitialRiskAssessed():
            return AssessInitialRisk(said, event.emergency)
        case protection.TemporarySeparationOrdered():
            return OrderSeparation(said, event.until)
        case protection.TemporarySeparationLifted():
            return LiftSeparation(said)
        case protection.NeedsAssessed():
            return AssessNeeds(said)
        case plans.PlanDrafted():
            return DraftPlan(said)
        case plans.PlanApproved():
            return ApprovePlan(said)
        case plans.PlanTaskAssigned():
            return AssignTask(said, event.unit, event.due_at)
        case plans.ServiceReferred():
            return AssignTask(said, event.unit, None)
        case _:
            assert_never(event)


def _of_services(said: Said, event: OfServices) -> Command:
    match event:
        case plans.ServiceAccepted() | health.ServiceAccepted() | education.ServiceAccepted():
            return ProgressTask(said, event.task, "accepted")
        case plans.ServiceDelivered() | health.ServiceDelivered() | education.ServiceDelivered():
            return ProgressTask(said, event.task, "completed")
        case _:
            assert_never(event)


def _of_police(said: Said, event: OfPolice) -> Command:
    match event:
        case investigation.CrimeReportTransferred():
            return TransferCrimeReport(said, event.to_unit)
        case investigation.CrimeReportAccepted():
            return AcceptCrimeReport(said)
        case investigation.CrimeReportResolved():
            return ResolveCrimeReport(said, event.outcome)
        case interviews.InterviewHeld():
            return HoldInterview(said)
        case _:
            assert_never(event)
