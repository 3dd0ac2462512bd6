"""What each statement of an agency asks of the case record: its command, by type; every type has one."""

from typing import TypeAlias, assert_never

from events import consents, education, matches, privacy
from events.health import reports as health_reports
from events.police import court, interviews, investigation
from events.police import reports as police_reports
from events.service_tasks import AcceptedTask, DeclinedTask, DeliveredTask
from events.social_work import cases, plans, protection
from events.social_work import reports as social_reports
from services.case_record.domain.commands import (
    AcknowledgeRequest,
    AnswerMatch,
    ApprovePlan,
    AssessBreach,
    AssessInitialRisk,
    AssessNeeds,
    AssignTask,
    CloseCase,
    Command,
    CorrectFact,
    DraftPlan,
    ForwardReport,
    InviteAgency,
    LiftSeparation,
    MarkReportUnfounded,
    MergeReport,
    NotifyAuthority,
    OpenCase,
    OpenIncident,
    OpenReport,
    OrderSeparation,
    ProgressTask,
    RecordConsent,
    RecordStatement,
    RenewPlan,
    RequestRedaction,
    ReviewCase,
    SealCase,
    StateErasure,
    UnsealCase,
    VerifyReport,
    VoidStatement,
    WithdrawConsent,
)
from services.case_record.domain.police_commands import (
    AcceptCrimeReport,
    AssignInvestigator,
    DecideProsecution,
    HoldInterview,
    HoldTrial,
    RequestInterview,
    ResolveCrimeReport,
    TransferCrimeReport,
)
from services.case_record.domain.said import Said
from services.case_record.plain_statements import PlainStatement

OfReports: TypeAlias = (
    social_reports.ReportReceived
    | police_reports.ReportReceived
    | education.ConcernRaised
    | health_reports.ConcernRaised
    | social_reports.ReportForwarded
    | police_reports.ReportForwarded
    | education.ReportForwarded
    | health_reports.ReportForwarded
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
    | privacy.StatementVoided
)
OfPersonalData: TypeAlias = (
    privacy.RedactionRequested
    | privacy.RequestAcknowledged
    | privacy.SubjectKeyDestroyed
    | privacy.RecordSealed
    | privacy.RecordUnsealed
    | privacy.IncidentOpened
    | privacy.BreachAssessed
    | privacy.AuthorityNotified
    | matches.MatchConfirmed
    | matches.MatchWithdrawn
)
OfProtection: TypeAlias = (
    protection.InitialRiskAssessed
    | protection.TemporarySeparationOrdered
    | protection.TemporarySeparationLifted
    | protection.NeedsAssessed
    | plans.PlanDrafted
    | plans.PlanApproved
    | plans.PlanRenewed
    | plans.PlanTaskAssigned
    | plans.ServiceReferred
)
OfServices: TypeAlias = AcceptedTask | DeliveredTask | DeclinedTask | plans.ServiceReferralWithdrawn
OfPolice: TypeAlias = (
    investigation.CrimeReportTransferred
    | investigation.CrimeReportAccepted
    | interviews.InterviewHeld
    | investigation.CrimeReportResolved
    | investigation.InvestigatorAssigned
    | interviews.InterviewRequested
    | court.ProsecutionDecided
    | court.TrialHeld
)
OfConsents: TypeAlias = consents.ConsentRecorded | consents.ConsentWithdrawn
AgencyEvent: TypeAlias = (
    OfReports | OfCase | OfProtection | OfServices | OfPolice | OfPersonalData | OfConsents | PlainStatement
)


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
    if isinstance(event, OfPersonalData):
        return _of_personal_data(said, event)
    if isinstance(event, OfConsents):
        return _of_consents(said, event)
    if isinstance(event, PlainStatement):
        return RecordStatement(said)
    assert_never(event)


def _of_reports(said: Said, event: OfReports) -> Command:
    match event:
        case social_reports.ReportReceived() | police_reports.ReportReceived():
            return OpenReport(said, event.received_at)
        case education.ConcernRaised() | health_reports.ConcernRaised():
            return OpenReport(said, event.received_at)
        case social_reports.ReportForwarded() | police_reports.ReportForwarded():
            return ForwardReport(said, event.to_unit)
        case education.ReportForwarded() | health_reports.ReportForwarded():
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
        case privacy.StatementVoided():
            return VoidStatement(said, event.voids)
        case _:
            assert_never(event)


def _of_personal_data(said: Said, event: OfPersonalData) -> Command:
    match event:
        case privacy.RedactionRequested():
            return RequestRedaction(said)
        case privacy.RequestAcknowledged():
            return AcknowledgeRequest(said)
        case privacy.SubjectKeyDestroyed():
            return StateErasure(said)
        case privacy.RecordSealed():
            return SealCase(said, event.units_in_sight)
        case privacy.RecordUnsealed():
            return UnsealCase(said)
        case matches.MatchConfirmed() | matches.MatchWithdrawn():
            return AnswerMatch(said, event.match, isinstance(event, matches.MatchConfirmed))
        case privacy.IncidentOpened():
            return OpenIncident(said, event.detected_at)
        case privacy.BreachAssessed():
            return AssessBreach(said, event.must_notify)
        case privacy.AuthorityNotified():
            return NotifyAuthority(said)
        case _:
            assert_never(event)


def _of_consents(said: Said, event: OfConsents) -> Command:
    match event:
        case consents.ConsentRecorded():
            allowed = (event.recipients, event.reading_purposes, event.categories)
            return RecordConsent(said, event.standing, *allowed, event.allowed_from, event.allowed_until)
        case consents.ConsentWithdrawn():
            return WithdrawConsent(said, event.consent, event.recipients, event.categories)
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
        case plans.PlanRenewed():
            return RenewPlan(said)
        case plans.PlanTaskAssigned():
            return AssignTask(said, event.unit, event.due_at)
        case plans.ServiceReferred():
            return AssignTask(said, event.unit, None)
        case _:
            assert_never(event)


def _of_services(said: Said, event: OfServices) -> Command:
    match event:
        case AcceptedTask():
            return ProgressTask(said, event.task, "accepted")
        case DeliveredTask():
            return ProgressTask(said, event.task, "completed")
        case DeclinedTask():
            return ProgressTask(said, event.task, "declined_by_provider")
        case plans.ServiceReferralWithdrawn():
            return ProgressTask(said, event.task, "cancelled")
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
        case interviews.InterviewRequested():
            return RequestInterview(said, event.planned_at)
        case investigation.InvestigatorAssigned():
            return AssignInvestigator(said)
        case court.ProsecutionDecided():
            return DecideProsecution(said, event.outcome)
        case court.TrialHeld():
            return HoldTrial(said)
        case _:
            assert_never(event)
