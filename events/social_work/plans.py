"""The plan and the services of it (Decree 56/2017 art. 28-29)."""

from datetime import date
from typing import Annotated, ClassVar

from pydantic import AwareDatetime

from events.coded import (
    ChildFeedback,
    LegalRepresentativeKind,
    ServiceType,
)
from events.envelope import EventId, UnitId
from events.labels import (
    CAREGIVERS,
    CASE_PLAN,
    OPERATIONAL,
    RISK_ASSESSMENT,
    SERVICES_GIVEN,
    Category,
    Sealed,
)
from events.service_tasks import AcceptedTask, DeclinedTask, DeliveredTask
from events.social_work.statement import Statement
from events.texts import Money, Narrative, ShortText

_LEGAL = CAREGIVERS.of("legal_representative")
_TASK = CASE_PLAN.of("task")
_CHILD_VOICE = RISK_ASSESSMENT.of("child_voice")


class PlanDrafted(Statement):
    """Forms 04 and 05: the plan was drafted, within 5 working days (Decree 56/2017 art. 28.1-28.3)."""

    TYPE: ClassVar[str] = "social_work.plan_drafted.v1"

    services: Annotated[Sealed[tuple[ServiceType, ...]], CASE_PLAN.coded]
    starts_on: Annotated[Sealed[date], CASE_PLAN.coded]
    ends_on: Annotated[Sealed[date], CASE_PLAN.coded]
    goals: Annotated[Sealed[Narrative], CASE_PLAN]


class PlanApproved(Statement):
    """The chair approved the plan by decision, within 2 working days (form 05; Decree 56/2017 art. 28.4)."""

    TYPE: ClassVar[str] = "social_work.plan_approved.v1"

    decision_number: Annotated[Sealed[ShortText], CASE_PLAN]
    remarks: Annotated[Sealed[Narrative | None], CASE_PLAN] = None


class PlanRenewed(Statement):
    """Not yet safe and stable: a new cycle of the plan begins (Decree 56/2017 art. 30.1c)."""

    TYPE: ClassVar[str] = "social_work.plan_renewed.v1"

    services: Annotated[Sealed[tuple[ServiceType, ...]], CASE_PLAN.coded]
    starts_on: Annotated[Sealed[date], CASE_PLAN.coded]
    ends_on: Annotated[Sealed[date], CASE_PLAN.coded]
    reasons: Annotated[Sealed[Narrative], CASE_PLAN]


class PlanTaskAssigned(Statement):
    """A unit has a task of the plan; it sees that task in full and no other (Decree 56/2017 art. 28.5)."""

    TYPE: ClassVar[str] = "social_work.plan_task_assigned.v1"
    ABOUT: ClassVar[Category] = Category.CASE_PLAN
    unit: Annotated[UnitId, OPERATIONAL]
    due_at: Annotated[AwareDatetime, OPERATIONAL]

    service: Annotated[Sealed[ServiceType], _TASK.coded]
    description: Annotated[Sealed[Narrative], _TASK]


class ServiceReferred(Statement):
    """A unit was asked to give a service; a task of its own begins (Decree 56/2017 art. 29.1)."""

    TYPE: ClassVar[str] = "social_work.service_referred.v1"
    ABOUT: ClassVar[Category] = Category.SERVICES_GIVEN
    unit: Annotated[UnitId, OPERATIONAL]

    service: Annotated[Sealed[ServiceType], SERVICES_GIVEN.coded]
    request: Annotated[Sealed[Narrative], SERVICES_GIVEN]


class ServiceAccepted(Statement, AcceptedTask):
    """Social work takes on a task, for itself or for a body without a door (Decree 56/2017 art. 29)."""

    TYPE: ClassVar[str] = "social_work.service_accepted.v1"
    ABOUT: ClassVar[Category] = Category.SERVICES_GIVEN


class ServiceDelivered(Statement, DeliveredTask):
    """Social work did a task, for itself or for a body without a door (Decree 56/2017 art. 29)."""

    TYPE: ClassVar[str] = "social_work.service_delivered.v1"
    ABOUT: ClassVar[Category] = Category.SERVICES_GIVEN


class LegalRepresentativeAssigned(Statement):
    """A legal-aid centre named who speaks for the child in law (Law 59/2024 art. 22.1; Law on Legal Aid 2017)."""

    TYPE: ClassVar[str] = "social_work.legal_representative_assigned.v1"
    ABOUT: ClassVar[Category] = Category.CAREGIVERS

    representative_kind: Annotated[Sealed[LegalRepresentativeKind], _LEGAL.coded]
    representative_name: Annotated[Sealed[ShortText], _LEGAL]
    representative_contact: Annotated[Sealed[ShortText | None], _LEGAL] = None
    decision_number: Annotated[Sealed[ShortText | None], _LEGAL] = None


class ServiceDeclined(Statement, DeclinedTask):
    """Social work does not take a task on, for itself or for a body without a door (peer research 5.6, no. 53)."""

    TYPE: ClassVar[str] = "social_work.service_declined.v1"
    ABOUT: ClassVar[Category] = Category.SERVICES_GIVEN


class ServiceReferralWithdrawn(Statement):
    """A unit is no longer asked for a service (peer research 5.6, no. 53)."""

    TYPE: ClassVar[str] = "social_work.service_referral_withdrawn.v1"
    ABOUT: ClassVar[Category] = Category.SERVICES_GIVEN
    task: Annotated[EventId, OPERATIONAL]  # as the case record named it when it was assigned

    service: Annotated[Sealed[ServiceType], SERVICES_GIVEN.coded]
    explanation: Annotated[Sealed[Narrative | None], SERVICES_GIVEN] = None


class SupportGranted(Statement):
    """Money or things were granted by a programme, fund or sponsor (Decree 20/2021; peer research 5.6, no. 58)."""

    TYPE: ClassVar[str] = "social_work.support_granted.v1"
    ABOUT: ClassVar[Category] = Category.SERVICES_GIVEN

    support: Annotated[Sealed[ServiceType], SERVICES_GIVEN.coded]
    amount_vnd: Annotated[Sealed[Money | None], SERVICES_GIVEN] = None
    granted_by: Annotated[Sealed[ShortText | None], SERVICES_GIVEN] = None
    decision_number: Annotated[Sealed[ShortText | None], SERVICES_GIVEN] = None


class ChildFeedbackGiven(Statement):
    """The child said how the help was and whether it feels safe (Law on Children art. 47.5; peer research 5.6, no. 59).

    The words lie with the child's wishes: whoever they may speak of does not read them in a summary.
    """

    TYPE: ClassVar[str] = "social_work.child_feedback_given.v1"
    ABOUT: ClassVar[Category] = Category.RISK_ASSESSMENT

    feedback: Annotated[Sealed[ChildFeedback], _CHILD_VOICE.coded]
    feels_safe: Annotated[Sealed[bool | None], _CHILD_VOICE.coded] = None
    words: Annotated[Sealed[Narrative | None], _CHILD_VOICE] = None
