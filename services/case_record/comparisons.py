"""What a comparison is handed: who speaks of what seems the same child, without what is to be sealed or is damaged."""

from collections.abc import Collection, Iterable, Iterator

import structlog

from events.parties import Audience
from infra.postgres.case_batch import Key, ToBeSealedRow
from infra.postgres.faults import DatabaseUnreachableError
from services.case_record.domain.dossier import Dossier
from services.case_record.domain.match_sides import held_in, names_of, sealed
from services.case_record.domain.matter import Alike, Comparison
from services.case_record.sitting import Sitting

_log = structlog.get_logger()


def comparison_of(sitting: Sitting, here: Dossier, ordered: Collection[ToBeSealedRow], seed: str) -> Comparison:
    """Return what a record is compared with: nothing when it is to be sealed itself; `ordered`: what is by now."""
    if _to_be_sealed(here, ordered):
        return Comparison(here, seed)
    named = sitting.alike(_statements(here))
    sitting.fetch(named)
    found = {reference: _shown(sitting, reference, ordered) for reference in named}
    alike = tuple(Alike(*named[key], key[0], dossier) for key, dossier in found.items() if dossier)
    matched = tuple(_matched(sitting, (here,), ordered))
    others = _matched(sitting, [one.dossier for one in alike], ordered)
    there = (one for one in (here, *matched, *(one.dossier for one in alike), *others) if not sealed(one))
    return Comparison(here, seed, matched, alike, frozenset().union(*map(names_of, there)))


def ask_at_once(sitting: Sitting, several: Iterable[Dossier]) -> None:
    """Ask once who else names the children of records that are then compared one by one."""
    sitting.alike([statement for here in several for statement in _statements(here)])


def _statements(here: Dossier) -> list[Key]:
    return sorted({statement for member in here.members for statement in member.proceedings.statements})


def _matched(sitting: Sitting, dossiers: Collection[Dossier], ordered: Collection[ToBeSealedRow]) -> Iterator[Dossier]:
    """Yield what was said before to be of the same child as any of these."""
    held = {one.match.other: None for dossier in dossiers for one in held_in(dossier)}
    names = [(Audience.COORDINATOR.value, name) for name in held if name]
    sitting.fetch(names)
    return (found for name in names if (found := _shown(sitting, name, ordered)))


def _shown(sitting: Sitting, name: Key, ordered: Collection[ToBeSealedRow]) -> Dossier | None:
    dossier = _readable(sitting, name)
    return None if dossier is None or _to_be_sealed(dossier, ordered) else dossier


def _to_be_sealed(dossier: Dossier, ordered: Collection[ToBeSealedRow]) -> bool:
    parties = [party for member in dossier.members for party in member.proceedings.parties.values()]
    names = {(party.holder, party.reference) for party in parties}
    everything_of = {party.holder for party in parties}
    return any(
        row.holder in everything_of if row.reference is None else (row.holder, row.reference) in names
        for row in ordered
    )


def _readable(sitting: Sitting, name: Key) -> Dossier | None:
    """Return what another unit's name leads to, None when that is damaged: it must keep no other from being compared.

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
