"""What a facility examines and finds (Decree 56/2017 art. 31; Joint Circular 01/2022)."""

from typing import Annotated, ClassVar

from events.coded import (
    AttendanceReason,
    CommunicationMeans,
    ConsentDecision,
    ForensicExamKind,
    FunctionalNeed,
    HarmLevel,
    HivStatus,
    InjuryExplanation,
    InjuryKind,
    InterviewFitness,
    LearningAdaptation,
    MedicalNeed,
    MedicalTest,
    MentalHealthNeed,
    PostExposureCare,
    Relationship,
)
from events.health.statement import Statement
from events.labels import (
    CAREGIVERS,
    FORENSIC_EVIDENCE,
    HIV_STATUS,
    MEDICAL_FINDINGS,
    MENTAL_HEALTH_NOTES,
    SPECIAL_CIRCUMSTANCE,
    Category,
    Sealed,
)
from events.texts import ContentHash, CustodyReference, Narrative

_INJURY = MEDICAL_FINDINGS.of("injury")
_NEEDS = MEDICAL_FINDINGS.of("needs")
_TESTS = MEDICAL_FINDINGS.of("tests")


class EmergencyCareProvided(Statement):
    """A facility gave first aid or emergency treatment (Decree 56/2017 art. 31.3, 31.5)."""

    TYPE: ClassVar[str] = "health.emergency_care_provided.v1"
    ABOUT: ClassVar[Category] = Category.MEDICAL_FINDINGS

    injury_severity: Annotated[Sealed[HarmLevel], _INJURY.coded]
    injury_kinds: Annotated[Sealed[tuple[InjuryKind, ...]], _INJURY.coded]
    treatment: Annotated[Sealed[Narrative], _INJURY]
    medical_need: Annotated[Sealed[MedicalNeed], _NEEDS.coded]


class MedicalExamCompleted(Statement):
    """A facility examined the child and kept the record; what the child refused is recorded as refused.

    Source: Decree 56/2017 art. 31.5; Joint Circular 01/2022 art. 9, 12.2. Images of injuries are never
    held here: only their hash and who keeps them.
    """

    TYPE: ClassVar[str] = "health.medical_exam_completed.v1"
    ABOUT: ClassVar[Category] = Category.MEDICAL_FINDINGS

    injury_severity: Annotated[Sealed[HarmLevel], _INJURY.coded]
    injury_kinds: Annotated[Sealed[tuple[InjuryKind, ...]], _INJURY.coded]
    findings: Annotated[Sealed[Narrative], _INJURY]
    refused: Annotated[Sealed[Narrative | None], _INJURY] = None
    medical_need: Annotated[Sealed[MedicalNeed], _NEEDS.coded]
    follow_up: Annotated[Sealed[Narrative | None], _NEEDS] = None
    sample_custody: Annotated[Sealed[CustodyReference | None], FORENSIC_EVIDENCE] = None
    hiv_status: Annotated[Sealed[HivStatus], HIV_STATUS] = "not_indicated"
    hiv_notes: Annotated[Sealed[Narrative | None], HIV_STATUS] = None
    fit_to_be_interviewed: Annotated[Sealed[InterviewFitness], MENTAL_HEALTH_NOTES.of("interview").coded]
    learning_adaptation: Annotated[Sealed[LearningAdaptation], MENTAL_HEALTH_NOTES.of("learning").coded] = "none"
    mental_health_need: Annotated[Sealed[MentalHealthNeed], MENTAL_HEALTH_NOTES.coded] = "none"
    mental_health_notes: Annotated[Sealed[Narrative | None], MENTAL_HEALTH_NOTES] = None


class TestsOrdered(Statement):
    """A facility ordered tests. Every order has the compartment of row 8, so its presence tells nothing.

    Source: section E.2, step 8, of the domain research. For a child under 15 a test for HIV needs the written consent
    of a parent or guardian (Law 71/2020): where the paper is kept stands beside the order.
    """

    TYPE: ClassVar[str] = "health.tests_ordered.v1"
    ABOUT: ClassVar[Category] = Category.MEDICAL_FINDINGS

    tests: Annotated[Sealed[tuple[MedicalTest, ...]], _TESTS]
    note: Annotated[Sealed[Narrative | None], _TESTS] = None
    hiv_test_ordered: Annotated[Sealed[bool], HIV_STATUS] = False
    hiv_consent_by: Annotated[Sealed[Relationship], HIV_STATUS] = "unknown"
    hiv_consent_custody: Annotated[Sealed[CustodyReference | None], HIV_STATUS] = None


class TestResultsRecorded(Statement):
    """Results came back; of HIV they tell in its own compartment alone (Law 64/2006 art. 8, 30)."""

    TYPE: ClassVar[str] = "health.test_results_recorded.v1"
    ABOUT: ClassVar[Category] = Category.MEDICAL_FINDINGS

    results: Annotated[Sealed[Narrative | None], _TESTS] = None
    medical_need: Annotated[Sealed[MedicalNeed], _NEEDS.coded] = "none"
    hiv_status: Annotated[Sealed[HivStatus], HIV_STATUS] = "not_indicated"
    hiv_notes: Annotated[Sealed[Narrative | None], HIV_STATUS] = None


class PostExposureCareOffered(Statement):
    """Care after an exposure was offered, and taken or not; nobody but who treats learns that it was.

    Source: section E.2, step 8, of the domain research; Decision 3133. Others see a neutral need of the examination.
    """

    TYPE: ClassVar[str] = "health.post_exposure_care_offered.v1"
    ABOUT: ClassVar[Category] = Category.HIV_STATUS

    care: Annotated[Sealed[tuple[PostExposureCare, ...]], HIV_STATUS]
    decision: Annotated[Sealed[ConsentDecision], HIV_STATUS]
    account: Annotated[Sealed[Narrative | None], HIV_STATUS] = None


class UrgentAttendanceRecorded(Statement):
    """A child came to a facility without being expected (peer research 5.4, no. 34)."""

    TYPE: ClassVar[str] = "health.urgent_attendance_recorded.v1"
    ABOUT: ClassVar[Category] = Category.MEDICAL_FINDINGS

    attendance_reason: Annotated[Sealed[AttendanceReason], _INJURY.coded]
    accompanied_by: Annotated[Sealed[Relationship], CAREGIVERS.of("accompanying").coded]
    note: Annotated[Sealed[Narrative | None], _INJURY] = None


class InjuryDocumented(Statement):
    """Injuries were written down; pictures are kept elsewhere, here only where and their fingerprint.

    Source: Joint Circular 01/2022 art. 9; peer research 5.4, no. 36.
    """

    TYPE: ClassVar[str] = "health.injury_documented.v1"
    ABOUT: ClassVar[Category] = Category.MEDICAL_FINDINGS

    injury_severity: Annotated[Sealed[HarmLevel], _INJURY.coded]
    injury_kinds: Annotated[Sealed[tuple[InjuryKind, ...]], _INJURY.coded]
    explanation_fits: Annotated[Sealed[InjuryExplanation], _INJURY.coded]
    description: Annotated[Sealed[Narrative], _INJURY]
    picture_custody: Annotated[Sealed[CustodyReference | None], FORENSIC_EVIDENCE] = None
    picture_hash: Annotated[Sealed[ContentHash | None], FORENSIC_EVIDENCE] = None


class ForensicExamCompleted(Statement):
    """A forensic examination is done; others learn that it is, the police where the conclusion lies.

    Source: Joint Circular 01/2022 art. 12; peer research 5.4, no. 37.
    """

    TYPE: ClassVar[str] = "health.forensic_exam_completed.v1"
    ABOUT: ClassVar[Category] = Category.FORENSIC_EVIDENCE

    exam_kind: Annotated[Sealed[ForensicExamKind], FORENSIC_EVIDENCE]
    conclusion_custody: Annotated[Sealed[CustodyReference], FORENSIC_EVIDENCE]
    sample_custody: Annotated[Sealed[CustodyReference | None], FORENSIC_EVIDENCE] = None


class SensitiveCareGiven(Statement):
    """Sexual and reproductive health care was given; nobody but who treats learns that it was.

    Source: peer research 5.4, no. 39. The name of the type stands open, so it tells nothing of the care.
    """

    TYPE: ClassVar[str] = "health.sensitive_care_given.v1"
    ABOUT: ClassVar[Category] = Category.HIV_STATUS  # told as narrowly as row 8

    care: Annotated[Sealed[Narrative], MEDICAL_FINDINGS.of("sensitive")]
    asked_to_be_kept_secret: Annotated[Sealed[bool], MEDICAL_FINDINGS.of("sensitive")]


class LastingConditionRecorded(Statement):
    """A disability or chronic illness, told as what the child needs help with (peer research 5.4, no. 42)."""

    TYPE: ClassVar[str] = "health.lasting_condition_recorded.v1"
    ABOUT: ClassVar[Category] = Category.SPECIAL_CIRCUMSTANCE

    functional_needs: Annotated[Sealed[tuple[FunctionalNeed, ...]], SPECIAL_CIRCUMSTANCE.coded]
    communication: Annotated[Sealed[tuple[CommunicationMeans, ...]], SPECIAL_CIRCUMSTANCE.coded] = ()
    diagnosis: Annotated[Sealed[Narrative | None], MEDICAL_FINDINGS.of("condition")] = None
