"""What the police assert: commune police and investigating bodies, by the police door.

Justice bodies publish here until they have a door of their own. The police track opens and closes apart
from the protection track; the text of a statement never leaves the police (Joint Circular 01/2022 art. 14.1).
"""

from datetime import date
from typing import Annotated, ClassVar

from pydantic import AwareDatetime, Field

from events.coded import (
    AbuseType,
    AdministrativeMeasure,
    DangerMeasure,
    InterviewPlace,
    Relationship,
    SafetyInstruction,
)
from events.codes import Code
from events.envelope import UnitId
from events.event import Event
from events.labels import (
    FORENSIC_EVIDENCE,
    INTERVIEW_SCHEDULE,
    INVESTIGATION,
    OPERATIONAL,
    RISK_ASSESSMENT,
    SUSPECT_IDENTITY,
    Category,
    Sealed,
)
from events.parties import Agency
from events.reporting import ForwardedReport, ReportContents
from events.texts import CustodyReference, Narrative, ShortText


class _Statement(Event):
    """A statement of the police."""

    BY: ClassVar[frozenset[Agency]] = frozenset({Agency.POLICE})


class ReportReceived(_Statement, ReportContents):
    """The police were told of a child at risk and wrote form 01 (Decree 56/2017 art. 25.1)."""

    TYPE: ClassVar[str] = "police.report_received.v1"
    abuse_type: Annotated[Sealed[AbuseType], RISK_ASSESSMENT.coded]


class ReportForwarded(_Statement, ForwardedReport):
    """The police passed a report to the commune where it happened, at once (Decree 56/2017 art. 26.1)."""

    TYPE: ClassVar[str] = "police.report_forwarded.v1"


class SceneAttended(_Statement):
    """Officers went to the scene and protected traces and the child's data (Circular 43/2021/TT-BCA art. 6-7)."""

    TYPE: ClassVar[str] = "police.scene_attended.v1"
    ABOUT: ClassVar[Category] = Category.INVESTIGATION
    secured: Annotated[bool, OPERATIONAL]

    observations: Annotated[Sealed[Narrative], INVESTIGATION]
    evidence_custody: Annotated[Sealed[CustodyReference | None], FORENSIC_EVIDENCE] = None


class ImmediateDangerStopped(_Statement):
    """The act was stopped and the child is out of immediate danger (Decree 56/2017 art. 31.4)."""

    TYPE: ClassVar[str] = "police.immediate_danger_stopped.v1"
    ABOUT: ClassVar[Category] = Category.INVESTIGATION

    measure: Annotated[Sealed[DangerMeasure], INVESTIGATION.coded]
    account: Annotated[Sealed[Narrative], INVESTIGATION]
    suspect_name: Annotated[Sealed[ShortText | None], SUSPECT_IDENTITY] = None
    suspect_relationship: Annotated[Sealed[Relationship], SUSPECT_IDENTITY.coded] = "unknown"
    safety_instruction: Annotated[Sealed[SafetyInstruction], SUSPECT_IDENTITY.coded] = "none"


class CrimeReportTransferred(_Statement):
    """Commune police passed the crime report to the investigating body, which joins.

    Source: Circular 43/2021/TT-BCA art. 5.1: within 24 hours from receipt, 48 in remote communes.
    """

    TYPE: ClassVar[str] = "police.crime_report_transferred.v1"
    ABOUT: ClassVar[Category] = Category.INVESTIGATION
    to_unit: Annotated[UnitId, OPERATIONAL]

    classification: Annotated[Sealed[AbuseType], INVESTIGATION]  # the offence as the police see it: in no summary
    circumstances: Annotated[Sealed[Narrative], INVESTIGATION]
    suspect_name: Annotated[Sealed[ShortText | None], SUSPECT_IDENTITY] = None
    suspect_relationship: Annotated[Sealed[Relationship], SUSPECT_IDENTITY.coded] = "unknown"


class CrimeReportAccepted(_Statement):
    """The investigating body took the crime report up: 20 days begin (Criminal Procedure Code art. 147.1)."""

    TYPE: ClassVar[str] = "police.crime_report_accepted.v1"
    ABOUT: ClassVar[Category] = Category.INVESTIGATION

    register_number: Annotated[Sealed[ShortText], INVESTIGATION]
    grounds: Annotated[Sealed[Narrative], INVESTIGATION]


class SocialSectorNotified(_Statement):
    """The investigating body told the social sector, so that support starts (Joint Circular 01/2022 art. 6.2)."""

    TYPE: ClassVar[str] = "police.social_sector_notified.v1"
    ABOUT: ClassVar[Category] = Category.INVESTIGATION

    notice: Annotated[Sealed[Narrative], INVESTIGATION]
    next_interview_on: Annotated[Sealed[date | None], INVESTIGATION.coded] = None


class InterviewHeld(_Statement):
    """The child was interviewed once, with a representative present.

    The conditions let others see that limits are kept (twice a day, two hours each: Criminal Procedure
    Code art. 421.4; places and plain clothes: Joint Circular 06/2018 art. 14). The statement stays sealed.
    """

    TYPE: ClassVar[str] = "police.interview_held.v1"
    ABOUT: ClassVar[Category] = Category.INTERVIEW_SCHEDULE

    started_at: Annotated[Sealed[AwareDatetime], INTERVIEW_SCHEDULE.coded]
    ended_at: Annotated[Sealed[AwareDatetime], INTERVIEW_SCHEDULE.coded]
    place: Annotated[Sealed[InterviewPlace], INTERVIEW_SCHEDULE.coded]
    representative: Annotated[Sealed[Relationship], INTERVIEW_SCHEDULE.coded]
    plain_clothes: Annotated[Sealed[bool], INTERVIEW_SCHEDULE.coded]
    statement: Annotated[Sealed[Narrative], INVESTIGATION.of("statement")]


class CrimeReportResolved(_Statement):
    """The investigating body decided on the crime report (Criminal Procedure Code art. 147)."""

    TYPE: ClassVar[str] = "police.crime_report_resolved.v1"
    ABOUT: ClassVar[Category] = Category.INVESTIGATION
    outcome: Annotated[str, Code("case_status"), OPERATIONAL]

    grounds: Annotated[Sealed[Narrative], INVESTIGATION]


class AdministrativeHandlingRecorded(_Statement):
    """A violation below the threshold of a crime was handled; the amount stays with the police.

    Source: section E.1, step 24, of the domain research.
    """

    TYPE: ClassVar[str] = "police.administrative_handling_recorded.v1"
    ABOUT: ClassVar[Category] = Category.INVESTIGATION

    measure: Annotated[Sealed[AdministrativeMeasure], INVESTIGATION.coded]
    amount_vnd: Annotated[Sealed[Annotated[int, Field(ge=0)] | None], INVESTIGATION] = None
    decision_number: Annotated[Sealed[ShortText], INVESTIGATION]
    suspect_name: Annotated[Sealed[ShortText | None], SUSPECT_IDENTITY] = None
