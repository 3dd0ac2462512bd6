"""A report: one notification of a child at risk; it may prove unfounded, be linked to a case, be a duplicate."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal
from uuid import UUID

from events.case import ReportFoundUnfounded, ReportLinked, ReportOpened
from events.envelope import UnitId
from events.reporting import ReportContents
from services.case_record.domain import proceedings
from services.case_record.domain.proceedings import Proceedings
from services.case_record.domain.streams import Happened, Stream


@dataclass(frozen=True, slots=True)
class Report:
    """A report as the rules see it; before its first event nothing of it is known."""

    stream: Stream
    proceedings: Proceedings = field(default_factory=Proceedings)
    received_at: datetime | None = None
    case: UUID | None = None
    role: Literal["origin", "duplicate"] | None = None
    unfounded: bool = False
    received_by: frozenset[UnitId] = frozenset()  # who said that it received it


def evolve(report: Report, happened: Happened) -> Report:
    """Return the report after an event; total, in whatever order events come."""
    after = replace(report, proceedings=proceedings.evolve(report.proceedings, happened))
    match happened.event:
        case ReportOpened(received_at=received_at):
            return replace(after, received_at=received_at)
        case ReportContents():
            return replace(after, received_by=report.received_by | {happened.source})
        case ReportLinked(case=case, role=role):
            return replace(after, case=case, role=role)
        case ReportFoundUnfounded():
            return replace(after, unfounded=True)
        case _:  # every other event concerns the proceedings alone, which names each of them
            return after
