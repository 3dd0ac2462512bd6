"""Where a case stands: it follows what occurred last, in whatever order statements arrive."""

from collections.abc import Iterator

from events.case import InvestigationStageEntered, StageEntered
from services.case_record.domain.dossier import Dossier
from services.case_record.domain.matter import flag, step_skipped
from services.case_record.domain.said import Said
from services.case_record.domain.streams import Placed


def enter_stage(said: Said, dossier: Dossier, stage: str) -> Iterator[Placed]:
    """Move the case to a stage; a case that is missing or closed is flagged and stays as it is.

    Order: what occurred before the present stage began changes nothing.
    """
    if dossier.case is None:
        yield step_skipped(said, dossier.main)
    elif dossier.case.closed:
        yield flag(said, dossier.main, "after_closure")
    elif dossier.case.stage_at is None or dossier.case.stage_at <= said.occurred_at:
        yield Placed(dossier.main, StageEntered(stage=stage))


def enter_investigation_stage(said: Said, dossier: Dossier, stage: str) -> Iterator[Placed]:
    """Move the police track, which goes on whatever becomes of the case.

    Order: what occurred before the present stage began changes nothing.
    """
    since = dossier.case.investigation_stage_at if dossier.case else None
    if since is None or since <= said.occurred_at:
        yield Placed(dossier.main, InvestigationStageEntered(stage=stage))
