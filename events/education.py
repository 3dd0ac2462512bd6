"""What schools assert, by the education door (Decree 56/2017 art. 25.2, 29.2)."""

from typing import Annotated, ClassVar

from events.coded import Attendance
from events.event import Event
from events.labels import SCHOOL_RECORDS, Category, Sealed
from events.parties import Agency
from events.reporting import VerifiedReport
from events.service_tasks import AcceptedTask, DeliveredTask
from events.texts import Narrative


class _Statement(Event):
    """A statement of education."""

    BY: ClassVar[frozenset[Agency]] = frozenset({Agency.EDUCATION})


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


class ServiceAccepted(_Statement, AcceptedTask):
    """A school took on a service of the plan (Decree 56/2017 art. 29.2)."""

    TYPE: ClassVar[str] = "education.service_accepted.v1"
    ABOUT: ClassVar[Category] = Category.SERVICES_GIVEN


class ServiceDelivered(_Statement, DeliveredTask):
    """A school gave a service of the plan (Decree 56/2017 art. 29.2)."""

    TYPE: ClassVar[str] = "education.service_delivered.v1"
    ABOUT: ClassVar[Category] = Category.SERVICES_GIVEN
