"""The statements from which nothing follows by rule: they are recorded, and each audience is told its part of them.

A type for which a rule is written moves from here to `translate`.
"""

from typing import TypeAlias

from events import education, health, privacy
from events.police import court, interviews, investigation
from events.police import reports as police_reports
from events.social_work import cases, plans, protection

OfSocialWork: TypeAlias = (
    cases.CaseMeetingHeld
    | plans.PlanRenewed
    | plans.LegalRepresentativeAssigned
    | protection.CarerReassessed
    | protection.ContentRemovalRequested
    | protection.ContentRemovalConfirmed
)
OfPolice: TypeAlias = (
    police_reports.SceneAttended
    | police_reports.ImmediateDangerStopped
    | investigation.SocialSectorNotified
    | investigation.AdministrativeHandlingRecorded
    | investigation.DigitalEvidencePreserved
    | investigation.ForensicExamRequested
    | investigation.InvestigatorAssigned
    | interviews.InterviewRequested
    | court.ProsecutionDecided
    | court.TrialHeld
)
OfHealth: TypeAlias = (
    health.EmergencyCareProvided
    | health.MedicalExamCompleted
    | health.TestsOrdered
    | health.TestResultsRecorded
    | health.PostExposureCareOffered
    | health.TherapyStarted
)
OfEducation: TypeAlias = education.AttendanceNoted | education.StudentSupportPlanShared
OfPrivacy: TypeAlias = (
    privacy.RedactionApplied
    | privacy.ErasureDenied
    | privacy.ConsentRecorded
    | privacy.ConsentRefused
    | privacy.ConsentWithdrawn
    | privacy.StatementVoided
    | privacy.IncidentOpened
    | privacy.BreachAssessed
    | privacy.AuthorityNotified
)
PlainStatement: TypeAlias = OfSocialWork | OfPolice | OfHealth | OfEducation | OfPrivacy
