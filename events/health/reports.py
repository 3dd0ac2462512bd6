"""What a facility tells of a child that it does not treat for the case yet (Joint Circular 01/2022 art. 9)."""

from typing import Annotated, ClassVar

from events.coded import CheckResult, InjuryExplanation, SuspectedAbuseType
from events.dissent import Dissent
from events.health.statement import Statement
from events.labels import ACCESS_LOG, MEDICAL_FINDINGS, RISK_ASSESSMENT, Category, Sealed
from events.reporting import ForwardedReport, ReportContents
from events.texts import Narrative

_INJURY = MEDICAL_FINDINGS.of("injury")


class ConcernRaised(Statement, ReportContents):
    """A clinician suspects that a patient is harmed, and wrote it down as a report.

    Source: Law on Children art. 100.2; Joint Circular 01/2022 art. 9; peer research 5.4, no. 35.
    """

    TYPE: ClassVar[str] = "health.concern_raised.v1"

    abuse_type: Annotated[Sealed[SuspectedAbuseType], RISK_ASSESSMENT.coded]
    explanation_fits: Annotated[Sealed[InjuryExplanation], _INJURY.coded] = "none_given"
    clinical_note: Annotated[Sealed[Narrative | None], _INJURY] = None


class ReportForwarded(Statement, ForwardedReport):
    """A facility passed its report to those who must act, at once (Joint Circular 01/2022 art. 9)."""

    TYPE: ClassVar[str] = "health.report_forwarded.v1"


class ProtectionStatusChecked(Statement):
    """A facility asked whether the child is protected already; the asking is kept (peer research 5.4, no. 43)."""

    TYPE: ClassVar[str] = "health.protection_status_checked.v1"
    ABOUT: ClassVar[Category] = Category.ACCESS_LOG

    check_result: Annotated[Sealed[CheckResult], ACCESS_LOG.coded]


class DissentRecorded(Statement, Dissent):
    """A facility does not agree with what was decided (peer research 5.2, no. 15)."""

    TYPE: ClassVar[str] = "health.dissent_recorded.v1"
    ABOUT: ClassVar[Category] = Category.CASE_PLAN
