"""What the police are told, and what they do on the spot."""

from typing import Annotated, ClassVar

from events.coded import (
    AbuseType,
    DangerMeasure,
    Relationship,
    SafetyInstruction,
)
from events.labels import (
    FORENSIC_EVIDENCE,
    INVESTIGATION,
    OPERATIONAL,
    RISK_ASSESSMENT,
    SUSPECT_IDENTITY,
    Category,
    Sealed,
)
from events.police.statement import Statement
from events.reporting import ForwardedReport, ReportContents
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
