"""The code lists as types: a field of such a type refuses what is not in its list."""

from typing import Annotated

from events.codes import Code

AbuseType = Annotated[str, Code("abuse_type")]
SuspectedAbuseType = Annotated[str, Code("abuse_type_suspected")]
AdministrativeMeasure = Annotated[str, Code("administrative_measure")]
Attendance = Annotated[str, Code("attendance")]
ClosureReason = Annotated[str, Code("closure_reason")]
DangerMeasure = Annotated[str, Code("danger_measure")]
DataRequest = Annotated[str, Code("data_request")]
Environment = Annotated[str, Code("environment")]
HarmDomain = Annotated[str, Code("harm_domain")]
HarmLevel = Annotated[str, Code("harm_level")]
HivStatus = Annotated[str, Code("hiv_status")]
HomeCondition = Annotated[str, Code("home_condition")]
InjuryKind = Annotated[str, Code("injury_kind")]
InterviewFitness = Annotated[str, Code("interview_fitness")]
InterviewPlace = Annotated[str, Code("interview_place")]
LearningAdaptation = Annotated[str, Code("learning_adaptation")]
MedicalNeed = Annotated[str, Code("medical_need")]
MentalHealthNeed = Annotated[str, Code("mental_health_need")]
ProtectionLevel = Annotated[str, Code("protection_level")]
Relationship = Annotated[str, Code("relationship")]
ReporterType = Annotated[str, Code("reporter_type")]
RestrictedCircumstance = Annotated[str, Code("special_circumstance_restricted")]
RiskLevel = Annotated[str, Code("risk_level")]
SafetyInstruction = Annotated[str, Code("safety_instruction")]
ServiceOutcome = Annotated[str, Code("service_outcome")]
ServiceType = Annotated[str, Code("service_type")]
Sex = Annotated[str, Code("sex")]
SpecialCircumstance = Annotated[str, Code("special_circumstance")]
