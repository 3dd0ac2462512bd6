"""How great the danger is, and what keeps the child safe meanwhile (Decree 56/2017 art. 26-27, 31-32)."""

from typing import Annotated, ClassVar

from pydantic import AwareDatetime

from events.assessments import AssessedRisk, VisitedHome
from events.coded import (
    ContentKind,
    ContentRemovalOutcome,
    EmergencyMeasure,
    HarmDomain,
    HarmLevel,
    Relationship,
    SafetyInstruction,
    ServiceType,
)
from events.labels import (
    CAREGIVERS,
    CONTACT_LOCATION,
    HOME_VISIT_NOTES,
    INVESTIGATION,
    OPERATIONAL,
    RISK_ASSESSMENT,
    SERVICES_GIVEN,
    Category,
    Sealed,
)
from events.social_work.statement import Statement
from events.texts import CustodyReference, Narrative, ShortText

_REMOVAL = SERVICES_GIVEN.of("removal")
_OPINION = CAREGIVERS.of("opinion")
_PLACEMENT = CAREGIVERS.of("placement")
_CHILD_VOICE = RISK_ASSESSMENT.of("child_voice")


class InitialRiskAssessed(Statement, AssessedRisk):
    """Form 02: whether emergency measures apply; always when the carer is the abuser.

    Source: Decree 56/2017 art. 26.2, 31.1; directed by the chair of the commune's committee.
    """

    TYPE: ClassVar[str] = "social_work.initial_risk_assessed.v1"
    emergency: Annotated[bool, OPERATIONAL]

    harm_level: Annotated[Sealed[HarmLevel], RISK_ASSESSMENT.coded]
    carer_is_abuser: Annotated[Sealed[bool], RISK_ASSESSMENT.coded]
    safety_instruction: Annotated[Sealed[SafetyInstruction], RISK_ASSESSMENT.coded]


class TemporarySeparationOrdered(Statement):
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


class NeedsAssessed(Statement, AssessedRisk, VisitedHome):
    """Form 03: risks and needs in detail, with the child's own wishes and the carer's opinion.

    Source: Decree 56/2017 art. 27.1; the opinion of a carer who is the abuser is not taken (art. 27.1h).
    """

    TYPE: ClassVar[str] = "social_work.needs_assessed.v1"

    harm_level: Annotated[Sealed[HarmLevel], RISK_ASSESSMENT.coded]
    harm_domains: Annotated[Sealed[tuple[HarmDomain, ...]], RISK_ASSESSMENT.coded] = ()
    child_wishes: Annotated[Sealed[Narrative | None], _CHILD_VOICE] = None
    carer_relationship: Annotated[Sealed[Relationship], _OPINION.coded] = "unknown"
    carer_opinion: Annotated[Sealed[Narrative | None], _OPINION] = None


class CarerReassessed(Statement, AssessedRisk, VisitedHome):
    """Form 03 again, before separation ends: whether the home is safe now (Decree 56/2017 art. 32.3)."""

    TYPE: ClassVar[str] = "social_work.carer_reassessed.v1"

    carer_relationship: Annotated[Sealed[Relationship], CAREGIVERS.of("reassessment").coded]
    carer_findings: Annotated[Sealed[Narrative], CAREGIVERS.of("reassessment")]


class TemporarySeparationLifted(Statement):
    """The chair ended the separation because the carer was found safe (Decree 56/2017 art. 32.3)."""

    TYPE: ClassVar[str] = "social_work.temporary_separation_lifted.v1"

    returned_to: Annotated[Sealed[ShortText], CAREGIVERS.of("return")]
    returned_to_relationship: Annotated[Sealed[Relationship], CAREGIVERS.of("return").coded]
    grounds: Annotated[Sealed[Narrative], RISK_ASSESSMENT]


class ContentRemovalRequested(Statement):
    """Social work asked that content about the child be taken off the net (Decree 56/2017 art. 36.3, 37)."""

    TYPE: ClassVar[str] = "social_work.content_removal_requested.v1"
    ABOUT: ClassVar[Category] = Category.SERVICES_GIVEN

    content_kind: Annotated[Sealed[ContentKind], _REMOVAL.coded]
    platform: Annotated[Sealed[ShortText], _REMOVAL]
    locator: Annotated[Sealed[ShortText | None], _REMOVAL] = None  # where it stands, never what it shows
    request: Annotated[Sealed[Narrative | None], _REMOVAL] = None


class ContentRemovalConfirmed(Statement):
    """Who runs the platform said what became of the content (Decree 56/2017 art. 36.3, 37)."""

    TYPE: ClassVar[str] = "social_work.content_removal_confirmed.v1"
    ABOUT: ClassVar[Category] = Category.SERVICES_GIVEN

    outcome: Annotated[Sealed[ContentRemovalOutcome], _REMOVAL.coded]
    platform: Annotated[Sealed[ShortText], _REMOVAL]
    answer: Annotated[Sealed[Narrative | None], _REMOVAL] = None


class EmergencyMeasureOrdered(Statement):
    """The chair or a competent body ordered what is done at once (Decree 56/2017 art. 31)."""

    TYPE: ClassVar[str] = "social_work.emergency_measure_ordered.v1"

    measures: Annotated[Sealed[tuple[EmergencyMeasure, ...]], RISK_ASSESSMENT.coded]
    safety_instruction: Annotated[Sealed[SafetyInstruction], RISK_ASSESSMENT.coded] = "none"
    shelter_address: Annotated[Sealed[ShortText | None], CONTACT_LOCATION.of("shelter")] = None
    account: Annotated[Sealed[Narrative], RISK_ASSESSMENT]


class EmergencyMeasureEnded(Statement):
    """What was ordered at once is no longer needed (Decree 56/2017 art. 31; peer research 5.2, no. 11)."""

    TYPE: ClassVar[str] = "social_work.emergency_measure_ended.v1"

    measures: Annotated[Sealed[tuple[EmergencyMeasure, ...]], RISK_ASSESSMENT.coded]
    account: Annotated[Sealed[Narrative], RISK_ASSESSMENT]


class HomeVisited(Statement, VisitedHome):
    """A worker went to the home; the child was seen, alone or not (peer research 5.6, no. 51)."""

    TYPE: ClassVar[str] = "social_work.home_visited.v1"
    ABOUT: ClassVar[Category] = Category.HOME_VISIT_NOTES

    child_seen: Annotated[Sealed[bool], HOME_VISIT_NOTES.coded]
    child_seen_alone: Annotated[Sealed[bool], HOME_VISIT_NOTES.coded]


class SafetyPlanAgreed(Statement):
    """With the child it was agreed what to do and whom to call; only the instruction is told further.

    Source: peer research 5.6, no. 52. Safe contacts lie where the shelter lies: told to nobody who sees a summary.
    """

    TYPE: ClassVar[str] = "social_work.safety_plan_agreed.v1"

    safety_instruction: Annotated[Sealed[SafetyInstruction], RISK_ASSESSMENT.coded]
    plan: Annotated[Sealed[Narrative], RISK_ASSESSMENT]
    safe_contacts: Annotated[Sealed[Narrative | None], CONTACT_LOCATION.of("shelter")] = None


class ProsecutionRecommended(Statement):
    """A social agency asked the investigating body in writing to initiate a case (Joint Circular 01/2022 art. 8.2)."""

    TYPE: ClassVar[str] = "social_work.prosecution_recommended.v1"
    ABOUT: ClassVar[Category] = Category.INVESTIGATION
    procuracy_informed: Annotated[bool, OPERATIONAL]

    recommendation: Annotated[Sealed[Narrative], INVESTIGATION]
    documents: Annotated[Sealed[CustodyReference | None], INVESTIGATION] = None
