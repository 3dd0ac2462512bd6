"""What a decision is handed: what its statement's references lead to."""

from services.case_record.domain.clocks import WorkingDays
from services.case_record.domain.matter import Matter
from services.case_record.messages import references_of
from services.case_record.sitting import Sitting
from services.case_record.translate import Accepted


def matter_of(sitting: Sitting, accepted: Accepted, seed: str, working_days: WorkingDays) -> Matter:
    """Return what a decision on a statement may look at; `seed` is chance, another for each decision."""
    own, other = references_of(accepted)
    there = sitting.dossier(other) if other else None
    return Matter(here=sitting.dossier(own), there=there, seed=seed, working_days=working_days)
