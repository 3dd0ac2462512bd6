"""The case as a whole: opened, met about, corrected, reviewed, closed (Decree 56/2017 art. 26-30)."""

from datetime import date
from typing import Annotated, ClassVar

from pydantic import AwareDatetime

from events.assessments import AssessedRisk, VisitedHome
from events.coded import (
    ClosureReason,
    HarmLevel,
    ProtectionLevel,
    RestrictedCircumstance,
    Sex,
    SpecialCircumstance,
    TransferReason,
)
from events.codes import Code
from events.dissent import Dissent
from events.envelope import EventId, Reference, UnitId
from events.labels import (
    CASE_PLAN,
    CHILD_IDENTITY,
    MEDICAL_FINDINGS,
    OPERATIONAL,
    RISK_ASSESSMENT,
    SPECIAL_CIRCUMSTANCE,
    Category,
    Sealed,
    Summary,
)
from events.social_work.statement import Statement
from events.texts import CustodyReference, Narrative, ShortText

_BIRTH = CHILD_IDENTITY.of("birth")
_IMAGE = CHILD_IDENTITY.of("image")
_TRANSFER = CASE_PLAN.of("transfer")


class CaseOpened(Statement):
    """The child-protection worker took up a child's case; the unit leads it (Decree 56/2017 art. 26.2)."""

    TYPE: ClassVar[str] = "social_work.case_opened.v1"
    report: Annotated[Reference, OPERATIONAL]  # the opener's own reference of the report

    child_name: Annotated[Sealed[ShortText], CHILD_IDENTITY.of(summary=Summary.INITIALS)]
    child_sex: Annotated[Sealed[Sex], CHILD_IDENTITY.coded] = "unknown"
    child_birth_date: Annotated[Sealed[date | None], _BIRTH.of(summary=Summary.AGE, summary_name="age")] = None
    child_photo: Annotated[Sealed[CustodyReference | None], _IMAGE] = None  # where it is kept, never the photo
    special_circumstances: Annotated[Sealed[tuple[SpecialCircumstance, ...]], SPECIAL_CIRCUMSTANCE.coded] = ()
    protection_level: Annotated[Sealed[ProtectionLevel], SPECIAL_CIRCUMSTANCE.coded]
    # Group l is told as narrowly as medical findings (section D, row 17); group đ is health's alone to say.
    restricted_circumstance: Annotated[Sealed[RestrictedCircumstance], MEDICAL_FINDINGS.of("circumstance").coded] = (
        "none"
    )


class AgencyInvited(Statement):
    """A unit was asked to take part; it is given a reference of its own (Decree 56/2017 art. 27.1, 29)."""

    TYPE: ClassVar[str] = "social_work.agency_invited.v1"
    unit: Annotated[UnitId, OPERATIONAL]


class FactCorrected(Statement):
    """The birth date stated earlier was wrong; the whole compartment is stated anew.

    Who stated it corrects it. Both stay in the history; all but the auditor are shown the newer.
    Source: Law 91/2025/QH15 art. 4; section E.1, step 16, of the domain research.
    """

    TYPE: ClassVar[str] = "social_work.fact_corrected.v1"
    corrects: Annotated[EventId, OPERATIONAL]  # id of the corrector's own earlier event
    reason: Annotated[str, Code("correction_reason"), OPERATIONAL]

    child_birth_date: Annotated[Sealed[date], _BIRTH.of(summary=Summary.AGE, summary_name="age")]
    evidence: Annotated[Sealed[Narrative], _BIRTH]


class CaseMeetingHeld(Statement):
    """The chair met the responsible bodies and settled the measures (Decree 56/2017 art. 27.2)."""

    TYPE: ClassVar[str] = "social_work.case_meeting_held.v1"
    units: Annotated[tuple[UnitId, ...], OPERATIONAL]  # the units that took part

    minutes: Annotated[Sealed[Narrative], CASE_PLAN.of("minutes")]


class CaseReviewed(Statement, AssessedRisk, VisitedHome):
    """Form 06: how the child is and how safe the environment; the law names no interval.

    Source: Decree 56/2017 art. 30.1-30.2.
    """

    TYPE: ClassVar[str] = "social_work.case_reviewed.v1"

    harm_level: Annotated[Sealed[HarmLevel], RISK_ASSESSMENT.coded]


class CaseClosed(Statement):
    """The chair ended the case: no longer at risk and stable (Decree 56/2017 art. 30.1b)."""

    TYPE: ClassVar[str] = "social_work.case_closed.v1"

    closure_reason: Annotated[Sealed[ClosureReason], CASE_PLAN.coded]
    closing_account: Annotated[Sealed[Narrative], CASE_PLAN]


class CaseMeetingConvened(Statement):
    """The responsible bodies were called together (Decree 56/2017 art. 27.2; peer research 5.2, no. 13)."""

    TYPE: ClassVar[str] = "social_work.case_meeting_convened.v1"
    units: Annotated[tuple[UnitId, ...], OPERATIONAL]  # the units that are called
    meets_at: Annotated[AwareDatetime, OPERATIONAL]

    agenda: Annotated[Sealed[Narrative], CASE_PLAN.of("minutes")]


class DissentRecorded(Statement, Dissent):
    """Social work does not agree with what was decided (peer research 5.2, no. 15)."""

    TYPE: ClassVar[str] = "social_work.dissent_recorded.v1"
    ABOUT: ClassVar[Category] = Category.CASE_PLAN


class ResponsibilityTransferred(Statement):
    """The unit that leads asks another to lead; it leads until the other says that it has taken over.

    Source: peer research 5.2, no. 20; Decree 56/2017 art. 26, 28, 32 (commune of the incident or of residence).
    """

    TYPE: ClassVar[str] = "social_work.responsibility_transferred.v1"
    to_unit: Annotated[UnitId, OPERATIONAL]

    transfer_reason: Annotated[Sealed[TransferReason], _TRANSFER.coded]
    handed_over: Annotated[Sealed[Narrative], _TRANSFER]


class ResponsibilityAccepted(Statement):
    """The unit that was asked to lead has taken over (peer research 5.2, no. 20)."""

    TYPE: ClassVar[str] = "social_work.responsibility_accepted.v1"
    transfer: Annotated[EventId, OPERATIONAL]  # id of the event by which it was asked

    remarks: Annotated[Sealed[Narrative | None], _TRANSFER] = None


class CaseReopened(Statement):
    """A closed case is worked again, because the danger came back (peer research 5.2, no. 21)."""

    TYPE: ClassVar[str] = "social_work.case_reopened.v1"

    reasons: Annotated[Sealed[Narrative], CASE_PLAN]
