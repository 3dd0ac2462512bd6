"""A case: one child's protection under one lead unit, with all reports that speak of the child."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from events.case import (
    CaseClosed,
    CaseOpened,
    CaseReopened,
    InvestigationStageEntered,
    ReportLinked,
    StageEntered,
)
from events.envelope import UnitId
from services.case_record.domain import proceedings
from services.case_record.domain.proceedings import Proceedings
from services.case_record.domain.streams import Happened, Stream


@dataclass(frozen=True, slots=True)
class Case:
    """A case as the rules see it; the police track (`investigation_stage`) runs beside the protection track."""

    stream: Stream
    proceedings: Proceedings = field(default_factory=Proceedings)
    lead_unit: UnitId | None = None
    reports: tuple[UUID, ...] = ()  # in the order they were linked
    stage: str | None = None
    stage_at: datetime | None = None  # when what brought it there occurred
    investigation_stage: str | None = None
    investigation_stage_at: datetime | None = None
    closed: bool = False


def evolve(case: Case, happened: Happened) -> Case:
    """Return the case after an event; total, in whatever order events come."""
    after = replace(case, proceedings=proceedings.evolve(case.proceedings, happened))
    match happened.event:
        case CaseOpened(lead_unit=lead_unit):
            return replace(after, lead_unit=lead_unit)
        case ReportLinked(report=report):
            return replace(after, reports=tuple(dict.fromkeys((*case.reports, report))))
        case StageEntered(stage=stage):
            return replace(after, stage=stage, stage_at=happened.occurred_at)
        case InvestigationStageEntered(stage=stage):
            return replace(after, investigation_stage=stage, investigation_stage_at=happened.occurred_at)
        case CaseClosed():
            return replace(after, closed=True)
        case CaseReopened():
            return replace(after, closed=False)
        case _:  # every other event concerns the proceedings alone, which names each of them
            return after
