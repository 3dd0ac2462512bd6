"""The statements from which nothing follows by rule: they are recorded, and each audience is told its part of them.

A type for which a rule is written moves from here to `asking`.
"""

from typing import TypeAlias

from events import education, privacy
from events.health import care as health_care
from events.health import examinations
from events.health import reports as health_reports
from events.police import court, investigation, suspects
from events.police import reports as police_reports
from events.social_work import care, cases, plans, protection
from events.social_work import reports as social_reports

OfSocialWork: TypeAlias = (
    social_reports.CallTriaged
    | social_reports.ReportScreened
    | social_reports.ReportAcknowledged
    | cases.CaseMeetingHeld
    | cases.CaseMeetingConvened
    | cases.DissentRecorded
    | cases.ResponsibilityTransferred
    | cases.ResponsibilityAccepted
    | cases.CaseReopened
    | protection.CarerReassessed
    | protection.ContentRemovalRequested
    | protection.ContentRemovalConfirmed
    | protection.EmergencyMeasureOrdered
    | protection.EmergencyMeasureEnded
    | protection.HomeVisited
    | protection.SafetyPlanAgreed
    | protection.ProsecutionRecommended
    | plans.LegalRepresentativeAssigned
    | plans.SupportGranted
    | plans.ChildFeedbackGiven
    | care.AlternativeCareStarted
    | care.AlternativeCareChanged
    | care.AlternativeCareEnded
    | care.FamilyReunified
    | care.FamilyContactArranged
    | care.CarerCapacityAssessed
)
OfPolice: TypeAlias = (
    police_reports.SceneAttended
    | police_reports.ImmediateDangerStopped
    | police_reports.ReportAcknowledged
    | police_reports.ChildReportedMissing
    | police_reports.ChildFound
    | police_reports.DissentRecorded
    | investigation.SocialSectorNotified
    | investigation.AdministrativeHandlingRecorded
    | investigation.DigitalEvidencePreserved
    | investigation.ForensicExamRequested
    | investigation.InvestigationOutcomeNotified
    | suspects.SuspectIdentified
    | suspects.SuspectStatusChanged
    | suspects.SuspectRestricted
    | suspects.ProtectionApplied
    | suspects.OffenderReleased
    | court.CourtHearingScheduled
    | court.CourtOrderIssued
)
OfHealth: TypeAlias = (
    health_reports.ProtectionStatusChecked
    | health_reports.DissentRecorded
    | examinations.EmergencyCareProvided
    | examinations.MedicalExamCompleted
    | examinations.TestsOrdered
    | examinations.TestResultsRecorded
    | examinations.PostExposureCareOffered
    | examinations.UrgentAttendanceRecorded
    | examinations.InjuryDocumented
    | examinations.ForensicExamCompleted
    | examinations.SensitiveCareGiven
    | examinations.LastingConditionRecorded
    | health_care.TherapyStarted
    | health_care.MentalHealthAssessed
    | health_care.TherapyEnded
    | health_care.AppointmentMissed
    | health_care.DischargePlanned
    | health_care.DischargeHeld
)
OfEducation: TypeAlias = (
    education.AttendanceNoted
    | education.StudentSupportPlanShared
    | education.SupportProvided
    | education.SchoolViolenceReported
    | education.ChildDisclosed
    | education.EnrolmentChanged
    | education.SafetyPlanAgreed
    | education.DissentRecorded
)
OfPrivacy: TypeAlias = (
    privacy.RedactionApplied | privacy.ErasureDenied | privacy.ConsentRefused | privacy.ChildIdentified
)
PlainStatement: TypeAlias = OfSocialWork | OfPolice | OfHealth | OfEducation | OfPrivacy
