"""What health facilities assert, by the health door.

Findings are told apart from needs, and the mental state by what another sector must know of it: each lies
in a part of its own, so that a reader is given that part and no more. HIV is said here and nowhere else
(Law 64/2006 art. 4, 8, 30).
"""

from typing import Annotated, ClassVar

from events.coded import (
    ConsentDecision,
    HarmLevel,
    HivStatus,
    InjuryKind,
    InterviewFitness,
    LearningAdaptation,
    MedicalNeed,
    MedicalTest,
    MentalHealthNeed,
    PostExposureCare,
    Relationship,
    TherapyKind,
)
from events.event import Event
from events.labels import FORENSIC_EVIDENCE, HIV_STATUS, MEDICAL_FINDINGS, MENTAL_HEALTH_NOTES, Category, Sealed
from events.parties import Agency
from events.service_tasks import AcceptedTask, DeliveredTask
from events.texts import Count, CustodyReference, Narrative

_INJURY = MEDICAL_FINDINGS.of("injury")
_NEEDS = MEDICAL_FINDINGS.of("needs")
_TESTS = MEDICAL_FINDINGS.of("tests")


class _Statement(Event):
    """A statement of health."""

    BY: ClassVar[frozenset[Agency]] = frozenset({Agency.HEALTH})


class EmergencyCareProvided(_Statement):
    """A facility gave first aid or emergency treatment (Decree 56/2017 art. 31.3, 31.5)."""

    TYPE: ClassVar[str] = "health.emergency_care_provided.v1"
    ABOUT: ClassVar[Category] = Category.MEDICAL_FINDINGS

    injury_severity: Annotated[Sealed[HarmLevel], _INJURY.coded]
    injury_kinds: Annotated[Sealed[tuple[InjuryKind, ...]], _INJURY.coded]
    treatment: Annotated[Sealed[Narrative], _INJURY]
    medical_need: Annotated[Sealed[MedicalNeed], _NEEDS.coded]


class MedicalExamCompleted(_Statement):
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


class TestsOrdered(_Statement):
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


class TestResultsRecorded(_Statement):
    """Results came back; of HIV they tell in its own compartment alone (Law 64/2006 art. 8, 30)."""

    TYPE: ClassVar[str] = "health.test_results_recorded.v1"
    ABOUT: ClassVar[Category] = Category.MEDICAL_FINDINGS

    results: Annotated[Sealed[Narrative | None], _TESTS] = None
    medical_need: Annotated[Sealed[MedicalNeed], _NEEDS.coded] = "none"
    hiv_status: Annotated[Sealed[HivStatus], HIV_STATUS] = "not_indicated"
    hiv_notes: Annotated[Sealed[Narrative | None], HIV_STATUS] = None


class PostExposureCareOffered(_Statement):
    """Care after an exposure was offered, and taken or not; nobody but who treats learns that it was.

    Source: section E.2, step 8, of the domain research; Decision 3133. Others see a neutral need of the examination.
    """

    TYPE: ClassVar[str] = "health.post_exposure_care_offered.v1"
    ABOUT: ClassVar[Category] = Category.HIV_STATUS

    care: Annotated[Sealed[tuple[PostExposureCare, ...]], HIV_STATUS]
    decision: Annotated[Sealed[ConsentDecision], HIV_STATUS]
    account: Annotated[Sealed[Narrative | None], HIV_STATUS] = None


class TherapyStarted(_Statement):
    """A therapy began; its sessions are counted, its notes stay with the therapist.

    Source: section E.2, step 21, of the domain research; Law on Children art. 50.2a.
    """

    TYPE: ClassVar[str] = "health.therapy_started.v1"
    ABOUT: ClassVar[Category] = Category.MENTAL_HEALTH_NOTES

    therapy: Annotated[Sealed[TherapyKind], MENTAL_HEALTH_NOTES.coded]
    planned_sessions: Annotated[Sealed[Count | None], MENTAL_HEALTH_NOTES.coded] = None
    aims: Annotated[Sealed[Narrative | None], MENTAL_HEALTH_NOTES] = None


class ServiceAccepted(_Statement, AcceptedTask):
    """A facility took on a service of the plan (Decree 56/2017 art. 29.2)."""

    TYPE: ClassVar[str] = "health.service_accepted.v1"
    ABOUT: ClassVar[Category] = Category.SERVICES_GIVEN


class ServiceDelivered(_Statement, DeliveredTask):
    """A facility gave a service of the plan (Decree 56/2017 art. 29.2)."""

    TYPE: ClassVar[str] = "health.service_delivered.v1"
    ABOUT: ClassVar[Category] = Category.SERVICES_GIVEN
