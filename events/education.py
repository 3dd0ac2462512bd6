"""What schools assert, by the education door (Decree 56/2017 art. 25.2, 29.2)."""

from datetime import date
from typing import Annotated, ClassVar

from events.coded import (
    Attendance,
    DisclosedTo,
    EnrolmentChange,
    Environment,
    SchoolMeasure,
    SchoolResponse,
    SchoolViolenceKind,
    ServiceType,
    SuspectedAbuseType,
)
from events.dissent import Dissent
from events.event import Event
from events.labels import (
    INVESTIGATION,
    RISK_ASSESSMENT,
    SCHOOL_RECORDS,
    SERVICES_GIVEN,
    SUSPECT_IDENTITY,
    Category,
    Sealed,
)
from events.parties import Agency
from events.reporting import ForwardedReport, ReportContents, VerifiedReport
from events.service_tasks import AcceptedTask, DeclinedTask, DeliveredTask
from events.texts import CustodyReference, Narrative, ShortText

_CHILD_VOICE = RISK_ASSESSMENT.of("child_voice")


class _Statement(Event):
    """A statement of education."""

    BY: ClassVar[frozenset[Agency]] = frozenset({Agency.EDUCATION})


class ConcernRaised(_Statement, ReportContents):
    """A school saw or heard that a pupil may be harmed, and wrote it down as a report.

    A school is no receiving place of Decree 56/2017 art. 25.1, but must tell at once (Joint Circular 01/2022 art. 9);
    the stricter clock runs from `received_at`. What was shown to the school is not attached: there is no field for it.
    """

    TYPE: ClassVar[str] = "education.concern_raised.v1"

    abuse_type: Annotated[Sealed[SuspectedAbuseType], RISK_ASSESSMENT.coded]
    environment: Annotated[Sealed[Environment], RISK_ASSESSMENT.coded] = "unknown"
    staff_involved: Annotated[Sealed[bool], SUSPECT_IDENTITY.coded] = False
    observation: Annotated[Sealed[Narrative | None], SCHOOL_RECORDS] = None


class ReportForwarded(_Statement, ForwardedReport):
    """A school passed its report to those who must act, at once (Joint Circular 01/2022 art. 9)."""

    TYPE: ClassVar[str] = "education.report_forwarded.v1"


class AttendanceNoted(_Statement):
    """A school noted where its pupil stands; of the reason it knows no more than "supported absence".

    Source: section E.1, step 10, of the domain research.
    """

    TYPE: ClassVar[str] = "education.attendance_noted.v1"
    ABOUT: ClassVar[Category] = Category.SCHOOL_RECORDS

    attendance: Annotated[Sealed[Attendance], SCHOOL_RECORDS.coded]
    note: Annotated[Sealed[Narrative | None], SCHOOL_RECORDS] = None


class ReportVerified(_Statement, VerifiedReport):
    """A school, asked for it, told what it knows of a report (Decree 56/2017 art. 25.2)."""

    TYPE: ClassVar[str] = "education.report_verified.v1"

    account: Annotated[Sealed[Narrative], SCHOOL_RECORDS]


class StudentSupportPlanShared(_Statement):
    """Staff were told what changes for a pupil, and not why (section E.2, step 15, of the domain research)."""

    TYPE: ClassVar[str] = "education.student_support_plan_shared.v1"
    ABOUT: ClassVar[Category] = Category.SCHOOL_RECORDS

    measures: Annotated[Sealed[tuple[SchoolMeasure, ...]], SCHOOL_RECORDS.coded]
    review_on: Annotated[Sealed[date | None], SCHOOL_RECORDS.coded] = None
    instruction: Annotated[Sealed[Narrative | None], SCHOOL_RECORDS] = None


class ServiceAccepted(_Statement, AcceptedTask):
    """A school took on a service of the plan (Decree 56/2017 art. 29.2)."""

    TYPE: ClassVar[str] = "education.service_accepted.v1"
    ABOUT: ClassVar[Category] = Category.SERVICES_GIVEN


class ServiceDelivered(_Statement, DeliveredTask):
    """A school gave a service of the plan (Decree 56/2017 art. 29.2)."""

    TYPE: ClassVar[str] = "education.service_delivered.v1"
    ABOUT: ClassVar[Category] = Category.SERVICES_GIVEN


class ServiceDeclined(_Statement, DeclinedTask):
    """A school does not take a service of the plan on (peer research 5.6, no. 53)."""

    TYPE: ClassVar[str] = "education.service_declined.v1"
    ABOUT: ClassVar[Category] = Category.SERVICES_GIVEN


class SupportProvided(_Statement):
    """A school helped of its own accord, without a task of the plan (peer research 5.5, no. 50)."""

    TYPE: ClassVar[str] = "education.support_provided.v1"
    ABOUT: ClassVar[Category] = Category.SERVICES_GIVEN

    service: Annotated[Sealed[ServiceType], SERVICES_GIVEN.coded]
    note: Annotated[Sealed[Narrative | None], SERVICES_GIVEN] = None


class SchoolViolenceReported(_Statement):
    """A school wrote down violence among pupils or by staff, and what it did at once.

    Source: Decree 80/2017 (content to be checked); peer research 5.5, no. 46. Other pupils lie in a part of their own.
    """

    TYPE: ClassVar[str] = "education.school_violence_reported.v1"
    ABOUT: ClassVar[Category] = Category.SCHOOL_RECORDS

    violence_kind: Annotated[Sealed[SchoolViolenceKind], SCHOOL_RECORDS.coded]
    responses: Annotated[Sealed[tuple[SchoolResponse, ...]], SCHOOL_RECORDS.coded]
    account: Annotated[Sealed[Narrative], SCHOOL_RECORDS]
    other_pupils: Annotated[Sealed[Narrative | None], SCHOOL_RECORDS.of("others")] = None
    staff_involved: Annotated[Sealed[bool], SUSPECT_IDENTITY.coded] = False


class ChildDisclosed(_Statement):
    """A child told somebody at school; its words go to who protects it and never back to the school at large.

    Source: peer research 5.5, no. 47. Told as narrowly as a statement to the police.
    """

    TYPE: ClassVar[str] = "education.child_disclosed.v1"
    ABOUT: ClassVar[Category] = Category.INVESTIGATION

    told_to: Annotated[Sealed[DisclosedTo], _CHILD_VOICE.coded]
    words: Annotated[Sealed[Narrative], _CHILD_VOICE]
    words_custody: Annotated[Sealed[CustodyReference | None], INVESTIGATION.of("statement")] = None


class EnrolmentChanged(_Statement):
    """A pupil came, left or changed school; the name of the school lies in a part of its own, for a child may hide.

    Source: peer research 5.5, no. 48.
    """

    TYPE: ClassVar[str] = "education.enrolment_changed.v1"
    ABOUT: ClassVar[Category] = Category.SCHOOL_RECORDS

    change: Annotated[Sealed[EnrolmentChange], SCHOOL_RECORDS.coded]
    school: Annotated[Sealed[ShortText | None], SCHOOL_RECORDS.of("school")] = None
    reason: Annotated[Sealed[Narrative | None], SCHOOL_RECORDS] = None


class SafetyPlanAgreed(_Statement):
    """A school settled how a pupil is kept safe and who may fetch it (peer research 5.5, no. 49)."""

    TYPE: ClassVar[str] = "education.safety_plan_agreed.v1"
    ABOUT: ClassVar[Category] = Category.SCHOOL_RECORDS

    measures: Annotated[Sealed[tuple[SchoolMeasure, ...]], SCHOOL_RECORDS.coded]
    plan: Annotated[Sealed[Narrative | None], SCHOOL_RECORDS] = None
    may_fetch: Annotated[Sealed[Narrative | None], SCHOOL_RECORDS.of("fetching")] = None


class DissentRecorded(_Statement, Dissent):
    """A school does not agree with what was decided (peer research 5.2, no. 15)."""

    TYPE: ClassVar[str] = "education.dissent_recorded.v1"
    ABOUT: ClassVar[Category] = Category.CASE_PLAN
