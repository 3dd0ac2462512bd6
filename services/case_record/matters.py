"""What a decision is handed: what its statement's references lead to, and who speaks of what seems the same child."""

from events.likeness import names_child
from events.parties import Audience
from services.case_record.domain.clocks import WorkingDays
from services.case_record.domain.commands import AnswerMatch, StateErasure
from services.case_record.domain.dossier import Dossier
from services.case_record.domain.matter import Alike, Matter
from services.case_record.messages import references_of
from services.case_record.sitting import Sitting
from services.case_record.translate import Accepted


def matter_of(sitting: Sitting, accepted: Accepted, seed: str, working_days: WorkingDays) -> Matter:
    """Return what a decision on a statement may look at; `seed` is chance, another for each decision."""
    own, other = references_of(accepted)
    here = sitting.dossier(own)
    return Matter(
        here=here,
        there=sitting.dossier(other) if other else None,
        seed=seed,
        working_days=working_days,
        alike=_alike(sitting, accepted),
        matched=_matched(sitting, here) if isinstance(accepted.command, AnswerMatch | StateErasure) else (),
    )


def _alike(sitting: Sitting, accepted: Accepted) -> tuple[Alike, ...]:
    if not names_child(type(accepted.event)):
        return ()
    references = sitting.alike(accepted.heading.key)
    return tuple(Alike(key[0], found) for key in references if (found := sitting.dossier(key)))


def _matched(sitting: Sitting, here: Dossier | None) -> tuple[Dossier, ...]:
    """Return what was said to be of the same child and is not yet said not to be."""
    found = (one for member in (here.members if here else ()) for one in member.proceedings.matches.values())
    names = [(Audience.COORDINATOR.value, one.other) for one in found if one.other and one.status != "ended"]
    return tuple(dossier for name in names if (dossier := sitting.dossier(name)))
