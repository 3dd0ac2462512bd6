"""What a facility does for a child over time: therapy, services of the plan, what comes after discharge."""

from typing import Annotated, ClassVar

from pydantic import AwareDatetime

from events.coded import (
    DischargeDestination,
    DischargeHold,
    InterviewFitness,
    LearningAdaptation,
    MentalHealthNeed,
    ServiceOutcome,
    ServiceType,
    TherapyKind,
)
from events.health.statement import Statement
from events.labels import (
    MEDICAL_FINDINGS,
    MENTAL_HEALTH_NOTES,
    SERVICES_GIVEN,
    Category,
    Sealed,
)
from events.service_tasks import AcceptedTask, DeclinedTask, DeliveredTask
from events.texts import Count, Narrative

_NEEDS = MEDICAL_FINDINGS.of("needs")


class TherapyStarted(Statement):
    """A therapy began; its sessions are counted, its notes stay with the therapist.

    Source: section E.2, step 21, of the domain research; Law on Children art. 50.2a.
    """

    TYPE: ClassVar[str] = "health.therapy_started.v1"
    ABOUT: ClassVar[Category] = Category.MENTAL_HEALTH_NOTES

    therapy: Annotated[Sealed[TherapyKind], MENTAL_HEALTH_NOTES.coded]
    planned_sessions: Annotated[Sealed[Count | None], MENTAL_HEALTH_NOTES.coded] = None
    aims: Annotated[Sealed[Narrative | None], MENTAL_HEALTH_NOTES] = None


class ServiceAccepted(Statement, AcceptedTask):
    """A facility took on a service of the plan (Decree 56/2017 art. 29.2)."""

    TYPE: ClassVar[str] = "health.service_accepted.v1"
    ABOUT: ClassVar[Category] = Category.SERVICES_GIVEN


class ServiceDelivered(Statement, DeliveredTask):
    """A facility gave a service of the plan (Decree 56/2017 art. 29.2)."""

    TYPE: ClassVar[str] = "health.service_delivered.v1"
    ABOUT: ClassVar[Category] = Category.SERVICES_GIVEN


class MentalHealthAssessed(Statement):
    """A specialist assessed how the child is; others learn what it needs (peer research 5.4, no. 38)."""

    TYPE: ClassVar[str] = "health.mental_health_assessed.v1"
    ABOUT: ClassVar[Category] = Category.MENTAL_HEALTH_NOTES

    mental_health_need: Annotated[Sealed[MentalHealthNeed], MENTAL_HEALTH_NOTES.coded]
    mental_health_notes: Annotated[Sealed[Narrative], MENTAL_HEALTH_NOTES]
    fit_to_be_interviewed: Annotated[Sealed[InterviewFitness], MENTAL_HEALTH_NOTES.of("interview").coded]
    learning_adaptation: Annotated[Sealed[LearningAdaptation], MENTAL_HEALTH_NOTES.of("learning").coded] = "none"


class TherapyEnded(Statement):
    """A therapy ended; its sessions are counted, its notes stay with the therapist (peer research 5.4, no. 38)."""

    TYPE: ClassVar[str] = "health.therapy_ended.v1"
    ABOUT: ClassVar[Category] = Category.MENTAL_HEALTH_NOTES

    therapy: Annotated[Sealed[TherapyKind], MENTAL_HEALTH_NOTES.coded]
    sessions: Annotated[Sealed[Count], MENTAL_HEALTH_NOTES.coded]
    outcome: Annotated[Sealed[ServiceOutcome], MENTAL_HEALTH_NOTES.coded]
    closing_notes: Annotated[Sealed[Narrative | None], MENTAL_HEALTH_NOTES] = None


class AppointmentMissed(Statement):
    """A child was not brought to an appointment (peer research 5.4, no. 40)."""

    TYPE: ClassVar[str] = "health.appointment_missed.v1"
    ABOUT: ClassVar[Category] = Category.SERVICES_GIVEN

    service: Annotated[Sealed[ServiceType], SERVICES_GIVEN.coded]
    missed_in_12_months: Annotated[Sealed[Count], SERVICES_GIVEN.coded]
    note: Annotated[Sealed[Narrative | None], SERVICES_GIVEN] = None


class DischargePlanned(Statement):
    """A facility plans to let the child go; who leads the case learns where to (peer research 5.4, no. 41)."""

    TYPE: ClassVar[str] = "health.discharge_planned.v1"
    ABOUT: ClassVar[Category] = Category.MEDICAL_FINDINGS

    planned_at: Annotated[Sealed[AwareDatetime], _NEEDS.coded]
    destination: Annotated[Sealed[DischargeDestination], _NEEDS.coded]
    note: Annotated[Sealed[Narrative | None], _NEEDS] = None


class DischargeHeld(Statement):
    """A facility keeps the child because there is no safe place for it yet (peer research 5.4, no. 41)."""

    TYPE: ClassVar[str] = "health.discharge_held.v1"
    ABOUT: ClassVar[Category] = Category.MEDICAL_FINDINGS

    hold_reason: Annotated[Sealed[DischargeHold], _NEEDS.coded]
    note: Annotated[Sealed[Narrative | None], _NEEDS] = None


class ServiceDeclined(Statement, DeclinedTask):
    """A facility does not take a service of the plan on (peer research 5.6, no. 53)."""

    TYPE: ClassVar[str] = "health.service_declined.v1"
    ABOUT: ClassVar[Category] = Category.SERVICES_GIVEN
