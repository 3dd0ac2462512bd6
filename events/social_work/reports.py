"""Reports as social work takes them up: told, passed on, checked, merged (Decree 56/2017 art. 25-26)."""

from typing import Annotated, ClassVar

from events.coded import (
    CallType,
    ScreeningDecision,
    ScreeningReason,
    SuspectedAbuseType,
    Urgency,
)
from events.envelope import Reference
from events.labels import (
    CHILD_IDENTITY,
    OPERATIONAL,
    REPORTER_IDENTITY,
    RISK_ASSESSMENT,
    Category,
    Sealed,
)
from events.reporting import AcknowledgedReport, ForwardedReport, ReportContents, VerifiedReport
from events.social_work.statement import Statement
from events.texts import Narrative, ShortText

_ALIAS = CHILD_IDENTITY.of("alias")
_CALL = REPORTER_IDENTITY.of("call")
_SCREENING = RISK_ASSESSMENT.of("screening")


class ReportReceived(Statement, ReportContents):
    """Hotline 111, a commune or a social agency was told of a child at risk and wrote form 01.

    Source: Decree 56/2017 art. 25.1; the 12-hour clock runs from `received_at` (art. 26.3, 31.2).
    """

    TYPE: ClassVar[str] = "social_work.report_received.v1"
    abuse_type: Annotated[Sealed[SuspectedAbuseType], RISK_ASSESSMENT.coded]


class ReportForwarded(Statement, ForwardedReport):
    """A report was passed to those who must act where it happened, at once (Decree 56/2017 art. 26.1)."""

    TYPE: ClassVar[str] = "social_work.report_forwarded.v1"


class ReportVerified(Statement, VerifiedReport):
    """The worker checked a report with those who know (Decree 56/2017 art. 25.2)."""

    TYPE: ClassVar[str] = "social_work.report_verified.v1"

    account: Annotated[Sealed[Narrative], RISK_ASSESSMENT]


class ReportMarkedUnfounded(Statement):
    """A report has no ground: kept, not counted, and nobody is blamed for it (Decree 56/2017 art. 25.2)."""

    TYPE: ClassVar[str] = "social_work.report_marked_unfounded.v1"

    account: Annotated[Sealed[Narrative], RISK_ASSESSMENT]


class ReportsMerged(Statement):
    """Another report is about the same child; it stays in the history and its receipt counts for the clock.

    A person confirmed the match. The variant of the name is kept as an alias.
    Source: section E.1, step 9, of the domain research.
    """

    TYPE: ClassVar[str] = "social_work.reports_merged.v1"
    report: Annotated[Reference, OPERATIONAL]  # the merger's own reference of the other report
    confirmed_by_person: Annotated[bool, OPERATIONAL]

    alias_name: Annotated[Sealed[ShortText | None], _ALIAS] = None
    basis: Annotated[Sealed[Narrative], _ALIAS]


class CallTriaged(Statement):
    """A counsellor of hotline 111 noted what a caller asks for; of the call only the hotline learns.

    Source: peer research 5.2, no. 2; Decree 56/2017 art. 22. The row of the reporter is the one that the hotline alone
    reads.
    """

    TYPE: ClassVar[str] = "social_work.call_triaged.v1"
    ABOUT: ClassVar[Category] = Category.REPORTER_IDENTITY

    call_type: Annotated[Sealed[CallType], _CALL.coded]
    urgency: Annotated[Sealed[Urgency], _CALL.coded]
    note: Annotated[Sealed[Narrative | None], _CALL] = None


class ReportScreened(Statement):
    """A report was looked at and taken up, passed on or left (peer research 5.2, no. 3)."""

    TYPE: ClassVar[str] = "social_work.report_screened.v1"
    ABOUT: ClassVar[Category] = Category.RISK_ASSESSMENT

    decision: Annotated[Sealed[ScreeningDecision], _SCREENING.coded]
    reason: Annotated[Sealed[ScreeningReason], _SCREENING.coded]
    account: Annotated[Sealed[Narrative | None], _SCREENING] = None


class ReportAcknowledged(Statement, AcknowledgedReport):
    """Social work has the report that was passed to it, and who passed it is told (peer research 5.2, no. 5)."""

    TYPE: ClassVar[str] = "social_work.report_acknowledged.v1"
    ABOUT: ClassVar[Category] = Category.PARTICIPATION
