"""What schools assert, by the education door (Decree 56/2017 art. 25.2, 29.2)."""

from datetime import date
from typing import Annotated, ClassVar

from events.coded import Attendance, Environment, SchoolMeasure, SuspectedAbuseType
from events.event import Event
from events.labels import RISK_ASSESSMENT, SCHOOL_RECORDS, SUSPECT_IDENTITY, Category, Sealed
from events.parties import Agency
from events.reporting import ForwardedReport, ReportContents, VerifiedReport
from events.service_tasks import AcceptedTask, DeliveredTask
from events.texts import Narrative


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
