"""What the police are told, and what they do on the spot."""

from typing import Annotated, ClassVar

from pydantic import AwareDatetime

from events.coded import (
    AbuseType,
    DangerMeasure,
    FoundCondition,
    MissingRisk,
    Relationship,
    SafetyInstruction,
)
from events.dissent import Dissent
from events.labels import (
    CHILD_IDENTITY,
    CONTACT_LOCATION,
    FORENSIC_EVIDENCE,
    INVESTIGATION,
    OPERATIONAL,
    RISK_ASSESSMENT,
    SUSPECT_IDENTITY,
    Category,
    Sealed,
)
from events.police.statement import Statement
from events.reporting import AcknowledgedReport, ForwardedReport, ReportContents
from events.service_tasks import AcceptedTask, DeclinedTask, DeliveredTask
from events.texts import CustodyReference, Narrative, ShortText


class ReportReceived(Statement, ReportContents):
    """The police were told of a child at risk and wrote form 01 (Decree 56/2017 art. 25.1)."""

    TYPE: ClassVar[str] = "police.report_received.v1"
    abuse_type: Annotated[Sealed[AbuseType], RISK_ASSESSMENT.coded]


class ReportForwarded(Statement, ForwardedReport):
    """The police passed a report to the commune where it happened, at once (Decree 56/2017 art. 26.1)."""

    TYPE: ClassVar[str] = "police.report_forwarded.v1"


class SceneAttended(Statement):
    """Officers went to the scene and protected traces and the child's data (Circular 43/2021/TT-BCA art. 6-7)."""

    TYPE: ClassVar[str] = "police.scene_attended.v1"
    ABOUT: ClassVar[Category] = Category.INVESTIGATION
    secured: Annotated[bool, OPERATIONAL]

    observations: Annotated[Sealed[Narrative], INVESTIGATION]
    evidence_custody: Annotated[Sealed[CustodyReference | None], FORENSIC_EVIDENCE] = None


class ImmediateDangerStopped(Statement):
    """The act was stopped and the child is out of immediate danger (Decree 56/2017 art. 31.4)."""

    TYPE: ClassVar[str] = "police.immediate_danger_stopped.v1"
    ABOUT: ClassVar[Category] = Category.INVESTIGATION

    measure: Annotated[Sealed[DangerMeasure], INVESTIGATION.coded]
    account: Annotated[Sealed[Narrative], INVESTIGATION]
    suspect_name: Annotated[Sealed[ShortText | None], SUSPECT_IDENTITY] = None
    suspect_relationship: Annotated[Sealed[Relationship], SUSPECT_IDENTITY.coded] = "unknown"
    safety_instruction: Annotated[Sealed[SafetyInstruction], SUSPECT_IDENTITY.coded] = "none"


class ReportAcknowledged(Statement, AcknowledgedReport):
    """The police have the report that was passed to them, and who passed it is told (peer research 5.2, no. 5)."""

    TYPE: ClassVar[str] = "police.report_acknowledged.v1"
    ABOUT: ClassVar[Category] = Category.PARTICIPATION


class ChildReportedMissing(Statement):
    """A child is missing; whoever knows it learns that, and only who searches learns where it was last seen.

    Source: peer research 5.3, no. 32.
    """

    TYPE: ClassVar[str] = "police.child_reported_missing.v1"
    ABOUT: ClassVar[Category] = Category.CHILD_IDENTITY

    last_seen_at: Annotated[Sealed[AwareDatetime], CONTACT_LOCATION.of("last_seen")]
    last_seen_place: Annotated[Sealed[ShortText], CONTACT_LOCATION.of("last_seen")]
    missing_risks: Annotated[Sealed[tuple[MissingRisk, ...]], RISK_ASSESSMENT.coded]
    description: Annotated[Sealed[Narrative | None], CHILD_IDENTITY.of("description")] = None


class ChildFound(Statement):
    """A missing child was found (peer research 5.3, no. 32)."""

    TYPE: ClassVar[str] = "police.child_found.v1"
    ABOUT: ClassVar[Category] = Category.CHILD_IDENTITY

    found_condition: Annotated[Sealed[FoundCondition], RISK_ASSESSMENT.coded]
    found_place: Annotated[Sealed[ShortText], CONTACT_LOCATION.of("last_seen")]
    account: Annotated[Sealed[Narrative | None], INVESTIGATION] = None


class ServiceAccepted(Statement, AcceptedTask):
    """The police took on a task of the plan (Decree 56/2017 art. 29)."""

    TYPE: ClassVar[str] = "police.service_accepted.v1"
    ABOUT: ClassVar[Category] = Category.SERVICES_GIVEN


class ServiceDelivered(Statement, DeliveredTask):
    """The police did a task of the plan (Decree 56/2017 art. 29)."""

    TYPE: ClassVar[str] = "police.service_delivered.v1"
    ABOUT: ClassVar[Category] = Category.SERVICES_GIVEN


class ServiceDeclined(Statement, DeclinedTask):
    """The police do not take a task of the plan on (peer research 5.6, no. 53)."""

    TYPE: ClassVar[str] = "police.service_declined.v1"
    ABOUT: ClassVar[Category] = Category.SERVICES_GIVEN


class DissentRecorded(Statement, Dissent):
    """The police do not agree with what was decided (peer research 5.2, no. 15)."""

    TYPE: ClassVar[str] = "police.dissent_recorded.v1"
    ABOUT: ClassVar[Category] = Category.CASE_PLAN
