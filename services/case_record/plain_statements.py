"""The statements from which nothing follows by rule: they are recorded, and each audience is told its part of them.

A type for which a rule is written moves from here to `asking`.
"""

from typing import TypeAlias

from events import education, health, privacy
from events.police import investigation
from events.police import reports as police_reports
from events.social_work import cases, plans, protection

OfSocialWork: TypeAlias = (
    cases.CaseMeetingHeld
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
)
PlainStatement: TypeAlias = OfSocialWork | OfPolice | OfHealth | OfEducation | OfPrivacy
