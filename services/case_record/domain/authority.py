"""Which statements only some of the units of an agency may make; what its door may assert at all is the type's own."""

from services.case_record.domain.commands import Command, StateErasure
from services.case_record.domain.dossier import Dossier


def may_state(command: Command, here: Dossier | None) -> bool:
    """Say whether a unit may state this of what its reference leads to.

    An erasure reaches what every agency said, and cannot be undone: it is stated by the unit that leads the case, or
    while there is no case by one that received the report.
    """
    if not isinstance(command, StateErasure) or here is None:
        return True
    if here.case is not None:
        return command.said.unit == here.case.lead_unit
    return any(command.said.unit in report.received_by for report in here.reports)
