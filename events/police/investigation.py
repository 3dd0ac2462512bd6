"""The crime report and what comes of it (Criminal Procedure Code art. 147; Circular 43/2021/TT-BCA)."""

from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field

from events.coded import (
    AbuseType,
    AdministrativeMeasure,
    EvidenceKind,
    ForensicExamKind,
    Relationship,
    Sex,
)
from events.codes import Code
from events.envelope import UnitId
from events.labels import (
    FORENSIC_EVIDENCE,
    INVESTIGATION,
    OPERATIONAL,
    SUSPECT_IDENTITY,
    Category,
    Sealed,
)
from events.police.statement import Statement
from events.texts import ContentHash, CustodyReference, Hours, Narrative, ShortText


class CrimeReportTransferred(Statement):
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


class CrimeReportAccepted(Statement):
    """The investigating body took the crime report up: 20 days begin (Criminal Procedure Code art. 147.1)."""

    TYPE: ClassVar[str] = "police.crime_report_accepted.v1"
    ABOUT: ClassVar[Category] = Category.INVESTIGATION

    register_number: Annotated[Sealed[ShortText], INVESTIGATION]
    grounds: Annotated[Sealed[Narrative], INVESTIGATION]


class SocialSectorNotified(Statement):
    """The investigating body told the social sector, so that support starts (Joint Circular 01/2022 art. 6.2)."""

    TYPE: ClassVar[str] = "police.social_sector_notified.v1"
    ABOUT: ClassVar[Category] = Category.INVESTIGATION

    notice: Annotated[Sealed[Narrative], INVESTIGATION]
    next_interview_on: Annotated[Sealed[date | None], INVESTIGATION.coded] = None


class CrimeReportResolved(Statement):
    """The investigating body decided on the crime report (Criminal Procedure Code art. 147)."""

    TYPE: ClassVar[str] = "police.crime_report_resolved.v1"
    ABOUT: ClassVar[Category] = Category.INVESTIGATION
    outcome: Annotated[str, Code("case_status"), OPERATIONAL]

    grounds: Annotated[Sealed[Narrative], INVESTIGATION]


class AdministrativeHandlingRecorded(Statement):
    """A violation below the threshold of a crime was handled; the amount stays with the police.

    Source: section E.1, step 24, of the domain research.
    """

    TYPE: ClassVar[str] = "police.administrative_handling_recorded.v1"
    ABOUT: ClassVar[Category] = Category.INVESTIGATION

    measure: Annotated[Sealed[AdministrativeMeasure], INVESTIGATION.coded]
    amount_vnd: Annotated[Sealed[Annotated[int, Field(ge=0)] | None], INVESTIGATION] = None
    decision_number: Annotated[Sealed[ShortText], INVESTIGATION]
    suspect_name: Annotated[Sealed[ShortText | None], SUSPECT_IDENTITY] = None


class DigitalEvidencePreserved(Statement):
    """Data were secured so that nobody can change them: their fingerprint and who keeps them, never the data.

    Source: section E.2, step 5, of the domain research; Decree 56/2017 art. 37.2. Images of abuse have no
    place on the platform: no type has a field for them.
    """

    TYPE: ClassVar[str] = "police.digital_evidence_preserved.v1"
    ABOUT: ClassVar[Category] = Category.FORENSIC_EVIDENCE

    evidence_kind: Annotated[Sealed[EvidenceKind], FORENSIC_EVIDENCE]
    content_hash: Annotated[Sealed[ContentHash], FORENSIC_EVIDENCE]
    custody: Annotated[Sealed[CustodyReference], FORENSIC_EVIDENCE]
    account: Annotated[Sealed[Narrative | None], INVESTIGATION] = None


class ForensicExamRequested(Statement):
    """The police asked a forensic centre to examine, within a time (Joint Circular 01/2022 art. 12)."""

    TYPE: ClassVar[str] = "police.forensic_exam_requested.v1"
    ABOUT: ClassVar[Category] = Category.FORENSIC_EVIDENCE

    exam_kind: Annotated[Sealed[ForensicExamKind], FORENSIC_EVIDENCE]
    requested_of: Annotated[Sealed[ShortText], FORENSIC_EVIDENCE]
    within_hours: Annotated[Sealed[Hours | None], FORENSIC_EVIDENCE] = None
    questions: Annotated[Sealed[Narrative], FORENSIC_EVIDENCE]


class InvestigatorAssigned(Statement):
    """An officer trained for children was put in charge, for a girl preferably a woman.

    Source: Circular 43/2021/TT-BCA art. 13: within 3 days of initiation.
    """

    TYPE: ClassVar[str] = "police.investigator_assigned.v1"
    ABOUT: ClassVar[Category] = Category.INVESTIGATION

    investigator: Annotated[Sealed[ShortText], INVESTIGATION]
    investigator_sex: Annotated[Sealed[Sex], INVESTIGATION.coded]
    trained_for_children: Annotated[Sealed[bool], INVESTIGATION.coded]


class InvestigationOutcomeNotified(Statement):
    """Who reported or asked was told what came of it (Joint Circular 01/2022 art. 8.2; peer research 5.3, no. 30)."""

    TYPE: ClassVar[str] = "police.investigation_outcome_notified.v1"
    ABOUT: ClassVar[Category] = Category.INVESTIGATION
    outcome: Annotated[str, Code("case_status"), OPERATIONAL]

    notice: Annotated[Sealed[Narrative | None], INVESTIGATION] = None
