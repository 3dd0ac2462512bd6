"""What social work asserts: hotline 111, commune committee, child-protection worker, social-work centre.

By the social-work door; legal aid publishes here until it has a door of its own. The order is that of
Decree 56/2017 art. 25-32.
"""

from datetime import date
from typing import Annotated, ClassVar

from pydantic import AwareDatetime

from events.assessments import AssessedRisk, VisitedHome
from events.coded import (
    ClosureReason,
    HarmDomain,
    HarmLevel,
    ProtectionLevel,
    Relationship,
    RestrictedCircumstance,
    SafetyInstruction,
    ServiceType,
    Sex,
    SpecialCircumstance,
    SuspectedAbuseType,
)
from events.codes import Code
from events.envelope import EventId, Reference, UnitId
from events.event import Event
from events.labels import (
    CAREGIVERS,
    CASE_PLAN,
    CHILD_IDENTITY,
    CONTACT_LOCATION,
    MEDICAL_FINDINGS,
    OPERATIONAL,
    RISK_ASSESSMENT,
    SERVICES_GIVEN,
    SPECIAL_CIRCUMSTANCE,
    Category,
    Sealed,
    Summary,
)
from events.parties import Agency
from events.reporting import ForwardedReport, ReportContents, VerifiedReport
from events.service_tasks import AcceptedTask, DeliveredTask
from events.texts import CustodyReference, Narrative, ShortText

_ALIAS = CHILD_IDENTITY.of("alias")
_BIRTH = CHILD_IDENTITY.of("birth")
_IMAGE = CHILD_IDENTITY.of("image")
_OPINION = CAREGIVERS.of("opinion")
_PLACEMENT = CAREGIVERS.of("placement")
_CHILD_VOICE = RISK_ASSESSMENT.of("child_voice")
_TASK = CASE_PLAN.of("task")


class _Statement(Event):
    """A statement of social work."""

    BY: ClassVar[frozenset[Agency]] = frozenset({Agency.SOCIAL_WORK})


class ReportReceived(_Statement, ReportContents):
    """Hotline 111, a commune or a social agency was told of a child at risk and wrote form 01.

    Source: Decree 56/2017 art. 25.1; the 12-hour clock runs from `received_at` (art. 26.3, 31.2).
    """

    TYPE: ClassVar[str] = "social_work.report_received.v1"
    abuse_type: Annotated[Sealed[SuspectedAbuseType], RISK_ASSESSMENT.coded]


class ReportForwarded(_Statement, ForwardedReport):
    """A report was passed to those who must act where it happened, at once (Decree 56/2017 art. 26.1)."""

    TYPE: ClassVar[str] = "social_work.report_forwarded.v1"


class CaseOpened(_Statement):
    """The child-protection worker took up a child's case; the unit leads it (Decree 56/2017 art. 26.2)."""

    TYPE: ClassVar[str] = "social_work.case_opened.v1"
    report: Annotated[Reference, OPERATIONAL]  # the opener's own reference of the report

    child_name: Annotated[Sealed[ShortText], CHILD_IDENTITY.of(summary=Summary.INITIALS)]
    child_sex: Annotated[Sealed[Sex], CHILD_IDENTITY.coded] = "unknown"
    child_birth_date: Annotated[Sealed[date | None], _BIRTH.of(summary=Summary.AGE)] = None
    child_photo: Annotated[Sealed[CustodyReference | None], _IMAGE] = None  # where it is kept, never the photo
    special_circumstances: Annotated[Sealed[tuple[SpecialCircumstance, ...]], SPECIAL_CIRCUMSTANCE.coded] = ()
    protection_level: Annotated[Sealed[ProtectionLevel], SPECIAL_CIRCUMSTANCE.coded]
    # Group l is told as narrowly as medical findings (section D, row 17); group đ is health's alone to say.
    restricted_circumstance: Annotated[Sealed[RestrictedCircumstance], MEDICAL_FINDINGS.of("circumstance").coded] = (
        "none"
    )


class AgencyInvited(_Statement):
    """A unit was asked to take part; it is given a reference of its own (Decree 56/2017 art. 27.1, 29)."""

    TYPE: ClassVar[str] = "social_work.agency_invited.v1"
    unit: Annotated[UnitId, OPERATIONAL]


class InitialRiskAssessed(_Statement, AssessedRisk):
    """Form 02: whether emergency measures apply; always when the carer is the abuser.

    Source: Decree 56/2017 art. 26.2, 31.1; directed by the chair of the commune's committee.
    """

    TYPE: ClassVar[str] = "social_work.initial_risk_assessed.v1"
    emergency: Annotated[bool, OPERATIONAL]

    harm_level: Annotated[Sealed[HarmLevel], RISK_ASSESSMENT.coded]
    carer_is_abuser: Annotated[Sealed[bool], RISK_ASSESSMENT.coded]
    safety_instruction: Annotated[Sealed[SafetyInstruction], RISK_ASSESSMENT.coded]


class TemporarySeparationOrdered(_Statement):
    """Form 07: the chair separated the child from the carer for a time, at most 15 days.

    Source: Decree 56/2017 art. 32.1-32.3. The shelter lies in a part of its own without any summary: who
    may know where the child lives does not thereby know where the child hides.
    """

    TYPE: ClassVar[str] = "social_work.temporary_separation_ordered.v1"
    until: Annotated[AwareDatetime, OPERATIONAL]

    shelter_address: Annotated[Sealed[ShortText], CONTACT_LOCATION.of("shelter")]
    placement_carer: Annotated[Sealed[ShortText], _PLACEMENT]
    placement_relationship: Annotated[Sealed[Relationship], _PLACEMENT.coded]
    consent_given_by: Annotated[Sealed[Relationship], _PLACEMENT.coded]  # who may consent to treatment meanwhile
    alternative_care: Annotated[Sealed[ServiceType], SERVICES_GIVEN.coded]
    grounds: Annotated[Sealed[Narrative], RISK_ASSESSMENT]


class ReportsMerged(_Statement):
    """Another report is about the same child; it stays in the history and its receipt counts for the clock.

    A person confirmed the match. The variant of the name is kept as an alias.
    Source: section E.1, step 9, of the domain research.
    """

    TYPE: ClassVar[str] = "social_work.reports_merged.v1"
    report: Annotated[Reference, OPERATIONAL]  # the merger's own reference of the other report
    confirmed_by_person: Annotated[bool, OPERATIONAL]

    alias_name: Annotated[Sealed[ShortText | None], _ALIAS] = None
    basis: Annotated[Sealed[Narrative], _ALIAS]


class ReportVerified(_Statement, VerifiedReport):
    """The worker checked a report with those who know (Decree 56/2017 art. 25.2)."""

    TYPE: ClassVar[str] = "social_work.report_verified.v1"

    account: Annotated[Sealed[Narrative], RISK_ASSESSMENT]


class ReportMarkedUnfounded(_Statement):
    """A report has no ground: kept, not counted, and nobody is blamed for it (Decree 56/2017 art. 25.2)."""

    TYPE: ClassVar[str] = "social_work.report_marked_unfounded.v1"

    account: Annotated[Sealed[Narrative], RISK_ASSESSMENT]


class FactCorrected(_Statement):
    """The birth date stated earlier was wrong; the whole compartment is stated anew.

    Who stated it corrects it. Both stay in the history; all but the auditor are shown the newer.
    Source: Law 91/2025/QH15 art. 4; section E.1, step 16, of the domain research.
    """

    TYPE: ClassVar[str] = "social_work.fact_corrected.v1"
    corrects: Annotated[EventId, OPERATIONAL]  # id of the corrector's own earlier event
    reason: Annotated[str, Code("correction_reason"), OPERATIONAL]

    child_birth_date: Annotated[Sealed[date], _BIRTH.of(summary=Summary.AGE)]
    evidence: Annotated[Sealed[Narrative], _BIRTH]


class NeedsAssessed(_Statement, AssessedRisk, VisitedHome):
    """Form 03: risks and needs in detail, with the child's own wishes and the carer's opinion.

    Source: Decree 56/2017 art. 27.1; the opinion of a carer who is the abuser is not taken (art. 27.1h).
    """

    TYPE: ClassVar[str] = "social_work.needs_assessed.v1"

    harm_level: Annotated[Sealed[HarmLevel], RISK_ASSESSMENT.coded]
    harm_domains: Annotated[Sealed[tuple[HarmDomain, ...]], RISK_ASSESSMENT.coded] = ()
    child_wishes: Annotated[Sealed[Narrative | None], _CHILD_VOICE] = None
    carer_relationship: Annotated[Sealed[Relationship], _OPINION.coded] = "unknown"
    carer_opinion: Annotated[Sealed[Narrative | None], _OPINION] = None


class CaseMeetingHeld(_Statement):
    """The chair met the responsible bodies and settled the measures (Decree 56/2017 art. 27.2)."""

    TYPE: ClassVar[str] = "social_work.case_meeting_held.v1"
    units: Annotated[tuple[UnitId, ...], OPERATIONAL]  # the units that took part

    minutes: Annotated[Sealed[Narrative], CASE_PLAN.of("minutes")]


class PlanDrafted(_Statement):
    """Forms 04 and 05: the plan was drafted, within 5 working days (Decree 56/2017 art. 28.1-28.3)."""

    TYPE: ClassVar[str] = "social_work.plan_drafted.v1"

    services: Annotated[Sealed[tuple[ServiceType, ...]], CASE_PLAN.coded]
    starts_on: Annotated[Sealed[date], CASE_PLAN.coded]
    ends_on: Annotated[Sealed[date], CASE_PLAN.coded]
    goals: Annotated[Sealed[Narrative], CASE_PLAN]


class PlanTaskAssigned(_Statement):
    """A unit has a task of the plan; it sees that task in full and no other (Decree 56/2017 art. 28.5)."""

    TYPE: ClassVar[str] = "social_work.plan_task_assigned.v1"
    ABOUT: ClassVar[Category] = Category.CASE_PLAN
    unit: Annotated[UnitId, OPERATIONAL]
    due_at: Annotated[AwareDatetime, OPERATIONAL]

    service: Annotated[Sealed[ServiceType], _TASK.coded]
    description: Annotated[Sealed[Narrative], _TASK]


class PlanApproved(_Statement):
    """The chair approved the plan by decision, within 2 working days (form 05; Decree 56/2017 art. 28.4)."""

    TYPE: ClassVar[str] = "social_work.plan_approved.v1"

    decision_number: Annotated[Sealed[ShortText], CASE_PLAN]
    remarks: Annotated[Sealed[Narrative | None], CASE_PLAN] = None


class ServiceReferred(_Statement):
    """A unit was asked to give a service; a task of its own begins (Decree 56/2017 art. 29.1)."""

    TYPE: ClassVar[str] = "social_work.service_referred.v1"
    ABOUT: ClassVar[Category] = Category.SERVICES_GIVEN
    unit: Annotated[UnitId, OPERATIONAL]

    service: Annotated[Sealed[ServiceType], SERVICES_GIVEN.coded]
    request: Annotated[Sealed[Narrative], SERVICES_GIVEN]


class ServiceAccepted(_Statement, AcceptedTask):
    """Social work takes on a task, for itself or for a body without a door (Decree 56/2017 art. 29)."""

    TYPE: ClassVar[str] = "social_work.service_accepted.v1"
    ABOUT: ClassVar[Category] = Category.SERVICES_GIVEN


class ServiceDelivered(_Statement, DeliveredTask):
    """Social work did a task, for itself or for a body without a door (Decree 56/2017 art. 29)."""

    TYPE: ClassVar[str] = "social_work.service_delivered.v1"
    ABOUT: ClassVar[Category] = Category.SERVICES_GIVEN


class CarerReassessed(_Statement, AssessedRisk, VisitedHome):
    """Form 03 again, before separation ends: whether the home is safe now (Decree 56/2017 art. 32.3)."""

    TYPE: ClassVar[str] = "social_work.carer_reassessed.v1"

    carer_relationship: Annotated[Sealed[Relationship], CAREGIVERS.of("reassessment").coded]
    carer_findings: Annotated[Sealed[Narrative], CAREGIVERS.of("reassessment")]


class TemporarySeparationLifted(_Statement):
    """The chair ended the separation because the carer was found safe (Decree 56/2017 art. 32.3)."""

    TYPE: ClassVar[str] = "social_work.temporary_separation_lifted.v1"

    returned_to: Annotated[Sealed[ShortText], CAREGIVERS.of("return")]
    returned_to_relationship: Annotated[Sealed[Relationship], CAREGIVERS.of("return").coded]
    grounds: Annotated[Sealed[Narrative], RISK_ASSESSMENT]


class CaseReviewed(_Statement, AssessedRisk, VisitedHome):
    """Form 06: how the child is and how safe the environment; the law names no interval.

    Source: Decree 56/2017 art. 30.1-30.2.
    """

    TYPE: ClassVar[str] = "social_work.case_reviewed.v1"

    harm_level: Annotated[Sealed[HarmLevel], RISK_ASSESSMENT.coded]


class CaseClosed(_Statement):
    """The chair ended the case: no longer at risk and stable (Decree 56/2017 art. 30.1b)."""

    TYPE: ClassVar[str] = "social_work.case_closed.v1"

    closure_reason: Annotated[Sealed[ClosureReason], CASE_PLAN.coded]
    closing_account: Annotated[Sealed[Narrative], CASE_PLAN]
