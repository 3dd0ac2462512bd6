"""What every vocabulary that takes up reports writes down: form 01 of Decree 56/2017 art. 25.1.

These are shapes, not events: without `TYPE` they have no wire name.
"""

from datetime import date
from typing import Annotated

from pydantic import AwareDatetime

from events.coded import Relationship, ReporterType, Sex
from events.codes import Code
from events.envelope import UnitId
from events.event import Event
from events.labels import (
    CAREGIVERS,
    CHILD_IDENTITY,
    CONTACT_LOCATION,
    OPERATIONAL,
    REPORTER_IDENTITY,
    RISK_ASSESSMENT,
    SUSPECT_IDENTITY,
    Sealed,
    Summary,
)
from events.texts import AgeInYears, CommuneCode, Narrative, ShortText

_BIRTH = CHILD_IDENTITY.of("birth")


class ReportContents(Event):
    """The intake record; what the caller did not say is None or `unknown`."""

    channel: Annotated[str, Code("report_channel"), OPERATIONAL]
    received_at: Annotated[AwareDatetime, OPERATIONAL]  # starts the 12-hour clock, whoever received it

    child_name: Annotated[Sealed[ShortText | None], CHILD_IDENTITY.of(summary=Summary.INITIALS)] = None
    child_sex: Annotated[Sealed[Sex], CHILD_IDENTITY.coded] = "unknown"
    child_birth_date: Annotated[Sealed[date | None], _BIRTH.of(summary=Summary.AGE, summary_name="age")] = None
    child_age_estimate: Annotated[Sealed[AgeInYears | None], _BIRTH.coded] = None
    child_address: Annotated[Sealed[ShortText | None], CONTACT_LOCATION] = None
    child_commune: Annotated[Sealed[CommuneCode | None], CONTACT_LOCATION.coded] = None
    caregivers: Annotated[Sealed[ShortText | None], CAREGIVERS] = None
    carer_relationship: Annotated[Sealed[Relationship], CAREGIVERS.coded] = "unknown"
    suspect_name: Annotated[Sealed[ShortText | None], SUSPECT_IDENTITY] = None
    suspect_relationship: Annotated[Sealed[Relationship], SUSPECT_IDENTITY.coded] = "unknown"  # as told by the caller
    reporter_name: Annotated[Sealed[ShortText | None], REPORTER_IDENTITY] = None
    reporter_contact: Annotated[Sealed[ShortText | None], REPORTER_IDENTITY] = None
    reporter_type: Annotated[Sealed[ReporterType], REPORTER_IDENTITY]
    concern: Annotated[Sealed[Narrative], RISK_ASSESSMENT.of("remark")]  # the caller's words, erasable by themselves


class ForwardedReport(Event):
    """A report passed on; one event for each receiver, who is given a reference of its own."""

    to_unit: Annotated[UnitId, OPERATIONAL]


class VerifiedReport(Event):
    """What came of checking a report (code list `report_status`)."""

    outcome: Annotated[str, Code("report_status"), OPERATIONAL]


class AcknowledgedReport(Event):
    """A unit that was passed a report says that it has it; `unit` is who passed it on and is told so."""

    unit: Annotated[UnitId, OPERATIONAL]
