"""What follows when a unit is asked to do something, and when it says how far it has come."""

from collections.abc import Iterator
from typing import assert_never

from events.case import TaskAssigned, TaskProgressed
from events.parties import Agency
from events.units import audience_of, units
from services.case_record.domain.commands import AssignTask, ProgressTask, Tasks
from services.case_record.domain.dossier import Dossier
from services.case_record.domain.matter import Matter, flag, minted, step_skipped
from services.case_record.domain.streams import Placed


def tasks(command: Tasks, matter: Matter, dossier: Dossier) -> Iterator[Placed]:
    """Return what follows for the case, or for the report as long as it has none."""
    match command:
        case AssignTask():
            yield from _assign(command, matter, dossier)
        case ProgressTask():
            yield from _progress(command, dossier)
        case _:
            assert_never(command)


def _assign(command: AssignTask, matter: Matter, dossier: Dossier) -> Iterator[Placed]:
    """Give the task a name; a unit that does not take part yet is flagged, for it cannot see the task."""
    said, unit = command.said, command.unit
    audience = audience_of(unit)
    task = minted(matter, str(dossier.main.id), "task", said.unit, said.id)
    event = TaskAssigned(task=task, audience=audience, unit=unit, due_at=command.due_at)
    yield Placed(dossier.main, event)
    if unit not in units():
        yield flag(said, dossier.main, "unit_cannot_join")
    elif audience and not dossier.takes_part(unit):
        yield step_skipped(said, dossier.main)
    if dossier.closed:
        yield flag(said, dossier.main, "after_closure")


def _progress(command: ProgressTask, dossier: Dossier) -> Iterator[Placed]:
    """Note progress; a task that is unknown or another unit's gives the same flag.

    Social work also speaks for bodies without a door of their own.
    """
    said, found = command.said, dossier.task(command.task)
    if found is None or (found[1].unit != said.unit and said.agency is not Agency.SOCIAL_WORK):
        yield flag(said, dossier.main, "unknown_task")
        return
    stream, task = found
    if task.status not in {command.status, "completed"}:
        event = TaskProgressed(task=command.task, audience=task.audience, status=command.status)
        yield Placed(stream, event)
