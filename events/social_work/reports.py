"""Reports as social work takes them up: told, passed on, checked, merged (Decree 56/2017 art. 25-26)."""

from typing import Annotated, ClassVar

from events.coded import (
    SuspectedAbuseType,
)
from events.envelope import Reference
from events.labels import (
    CHILD_IDENTITY,
    OPERATIONAL,
    RISK_ASSESSMENT,
    Sealed,
)
from events.reporting import ForwardedReport, ReportContents, VerifiedReport
from events.social_work.statement import Statement
from events.texts import Narrative, ShortText

_ALIAS = CHILD_IDENTITY.of("alias")


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
