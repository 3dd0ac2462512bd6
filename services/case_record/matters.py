"""What a decision is handed: what its statement's references lead to, and who speaks of what seems the same child."""

from collections.abc import Collection

import structlog

from events.likeness import names_child
from events.parties import Audience
from infra.postgres.case_batch import Key, ToBeSealedRow
from infra.postgres.faults import DatabaseUnreachableError
from services.case_record.domain.clocks import WorkingDays
from services.case_record.domain.commands import AnswerMatch, StateErasure
from services.case_record.domain.dossier import Dossier
from services.case_record.domain.matter import Alike, Matter
from services.case_record.messages import references_of
from services.case_record.sitting import Sitting
from services.case_record.translate import Accepted

_log = structlog.get_logger()


def matter_of(sitting: Sitting, accepted: Accepted, seed: str, working_days: WorkingDays) -> Matter:
    """Return what a decision on a statement may look at; `seed` is chance, another for each decision."""
    own, other = references_of(accepted)
    here = sitting.dossier(own)
    there = sitting.dossier(other) if other else None
    near = tuple(found for found in (here, there) if found)
    return Matter(
        here=here,
        there=there,
        seed=seed,
        working_days=working_days,
        alike=_alike(sitting, accepted, near),
        matched=_matched(sitting, accepted, near) if isinstance(accepted.command, AnswerMatch | StateErasure) else (),
    )


def _alike(sitting: Sitting, accepted: Accepted, near: Collection[Dossier]) -> tuple[Alike, ...]:
    if not names_child(type(accepted.event)):
        return ()
    found = _compared(sitting, accepted, near, sitting.alike(accepted.heading.key))
    return tuple(Alike(key[0], dossier) for key, dossier in found.items())


def _matched(sitting: Sitting, accepted: Accepted, near: Collection[Dossier]) -> tuple[Dossier, ...]:
    """Return what was said to be of the same child and is not yet said not to be."""
    found = (one for dossier in near for member in dossier.members for one in member.proceedings.matches.values())
    names = [(Audience.COORDINATOR.value, one.other) for one in found if one.other and one.status != "ended"]
    return tuple(_compared(sitting, accepted, near, names).values())


def _compared(
    sitting: Sitting, accepted: Accepted, near: Collection[Dossier], names: Collection[Key]
) -> dict[Key, Dossier]:
    """Return what these names lead to, without what is to be sealed: nothing when the statement's own side is."""
    ordered = sitting.to_be_sealed() if names else ()
    silent = ToBeSealedRow(accepted.heading.source, None) in ordered
    if silent or any(_to_be_sealed(found, ordered) for found in near):
        return {}
    found = {name: dossier for name in names if (dossier := _readable(sitting, name))}
    return {name: dossier for name, dossier in found.items() if not _to_be_sealed(dossier, ordered)}


def _to_be_sealed(dossier: Dossier, ordered: Collection[ToBeSealedRow]) -> bool:
    parties = [party for member in dossier.members for party in member.proceedings.parties.values()]
    names = {(party.holder, party.reference) for party in parties}
    everything_of = {party.holder for party in parties}
    return any(
        row.holder in everything_of if row.reference is None else (row.holder, row.reference) in names
        for row in ordered
    )


def _readable(sitting: Sitting, name: Key) -> Dossier | None:
    """Return what another unit's name leads to, None when that is damaged: it must keep nobody else from recording.

    Raises:
        DatabaseUnreachableError: if the store stays away; nothing is damaged.
    """
    try:
        return sitting.dossier(name)
    except DatabaseUnreachableError:
        raise
    except Exception as problem:  # noqa: BLE001 - however it is damaged; the audit of the chain finds where
        _log.error("not_compared", reason="unreadable", error=type(problem).__name__)
        return None
