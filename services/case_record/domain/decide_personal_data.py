"""What follows when somebody asks after a person's data, or when they went where they should not."""

from collections.abc import Iterator
from typing import assert_never

from events.case import CaseSealed, CaseUnsealed
from events.envelope import UnitId
from services.case_record.domain.clocks import BREACH_NOTICE, DATA_REQUEST
from services.case_record.domain.commands import (
    AcknowledgeRequest,
    AssessBreach,
    NotifyAuthority,
    OpenIncident,
    PersonalData,
    RequestRedaction,
    SealCase,
    StateErasure,
    UnsealCase,
)
from services.case_record.domain.deadlines import meet_or_flag, start_clock, start_unless_running
from services.case_record.domain.decide_matches import end_matches
from services.case_record.domain.dossier import Dossier
from services.case_record.domain.matter import Matter, step_skipped
from services.case_record.domain.streams import Placed


def personal_data(command: PersonalData, matter: Matter, dossier: Dossier) -> Iterator[Placed]:
    """Return what follows for the case, or for the report as long as it has none."""
    said = command.said
    match command:
        case RequestRedaction():
            yield from start_unless_running(said, matter, dossier, DATA_REQUEST)
        case AcknowledgeRequest():
            yield from meet_or_flag(said, dossier, DATA_REQUEST)
        case StateErasure():
            yield from end_matches(dossier)  # the key service follows the record and carries out the rest
        case SealCase():
            yield from _seal(command, dossier)
        case UnsealCase():
            yield from _unseal(command, dossier)
        case OpenIncident():
            yield from _open_incident(command, matter, dossier)
        case AssessBreach():
            if not command.must_notify:
                yield from meet_or_flag(said, dossier, BREACH_NOTICE)
        case NotifyAuthority():
            yield from meet_or_flag(said, dossier, BREACH_NOTICE)
        case _:
            assert_never(command)


def _seal(command: SealCase, dossier: Dossier) -> Iterator[Placed]:
    """Seal the case with all its reports, so that none of them tells of it; who leads it and who says so keep sight."""
    if _hidden_from(command.said.unit, dossier):
        yield step_skipped(command.said, dossier.main)
        return
    lead = dossier.case.lead_unit if dossier.case else None
    units = tuple(sorted({*command.units, command.said.unit, *([lead] if lead else [])}))
    for member in dossier.members:
        if member.proceedings.sealed_to != units:
            yield Placed(member.stream, CaseSealed(units=units))


def _unseal(command: UnsealCase, dossier: Dossier) -> Iterator[Placed]:
    sealed = [member for member in dossier.members if member.proceedings.sealed_to is not None]
    if not sealed or _hidden_from(command.said.unit, dossier):
        yield step_skipped(command.said, dossier.main)
        return
    for member in sealed:
        yield Placed(member.stream, CaseUnsealed())


def _hidden_from(unit: UnitId, dossier: Dossier) -> bool:
    """Say whether a unit lost sight: its word alone does not give it back."""
    orders = [member.proceedings.sealed_to for member in dossier.members]
    return any(unit not in in_sight for in_sight in orders if in_sight is not None)


def _open_incident(command: OpenIncident, matter: Matter, dossier: Dossier) -> Iterator[Placed]:
    """The 72 hours count from when it was found; those of an earlier one that still runs are stricter and go on."""
    if not any(dossier.running(BREACH_NOTICE)):
        yield from start_clock(command.said, matter, dossier.main, BREACH_NOTICE, command.detected_at, within=dossier)
