"""What a reader is answered about a case besides its facts: where it stands, what is due, who takes part.

Pure: files in, JSON out. Deadlines, tasks and the police track are of section D too (rows 18 and 10), so they are
shown only as far as the agreement tells them at that moment.
"""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from itertools import chain
from typing import Literal

from pydantic import JsonValue

from events.codes import code_list
from events.labels import Category
from projections.case_file import CaseFile, Deadline
from projections.disclosure.agreement import Agreement, Clause, Condition
from projections.matches import Match, answers_to
from projections.sight import Reader, Sight

Answer = dict[str, JsonValue]
State = Literal["running", "met", "late", "overdue"]

_REVISION_CHARACTERS = 16
_MATCHES = Category.PARTICIPATION


def name_of(file: CaseFile, reader: Reader) -> str | None:
    """Return the reader's own name for a stream: its unit's, or its audience's when that is a standing one."""
    return file.references.get(reader.unit or "") or file.references.get(reader.audience.value)


def case_line(file: CaseFile, files: Sequence[CaseFile], reader: Reader, agreement: Agreement, at: datetime) -> Answer:
    """Return a case or report as one line of a list; `files` as for `choose`."""
    sight = Sight(reader, agreement, files, at)
    return {
        "case": name_of(file, reader),
        "kind": file.kind,
        "status": file.status,
        "stage": file.stage,
        "emergency": file.emergency,
        "lead_unit": file.lead_unit,
        "opened_at": _moment(file.opened_at),
        "changed_at": _moment(file.changed_at),
        "deadlines": [_deadline(one, at) for one in _deadlines(file, (), sight)],
    }


def clause_of_matches(files: Sequence[CaseFile], reader: Reader, agreement: Agreement, at: datetime) -> Clause | None:
    """Return the clause by which a reader is told, or not, that another unit seems to have the same child."""
    return Sight(reader, agreement, files, at).of_status(_MATCHES, Condition.OWN_TASK)


def case_answer(
    file: CaseFile, files: Sequence[CaseFile], reader: Reader, agreement: Agreement, at: datetime
) -> Answer:
    """Return everything of a case but its facts; `files` as for `choose`, the reports of the case among them."""
    sight = Sight(reader, agreement, files, at)
    members = [other for other in files if other.root == file.stream]
    of_work = (file, *members) if _tells_work(sight) else ()
    matches = [one for part in (file, *members) for one in part.matches] if _tells_matches(sight) else []
    return {
        "case": name_of(file, reader),
        "kind": file.kind,
        "revision": revision(reader, (file, *members)),
        "status": file.status,
        "stage": file.stage,
        "investigation_stage": file.investigation_stage if _tells_track(sight) else None,
        "emergency": file.emergency,
        "lead_unit": file.lead_unit,
        "units": list(dict.fromkeys(chain(file.units, *(member.units for member in members)))),
        "deadlines": [_deadline(one, at) for one in _deadlines(file, members, sight)],
        "tasks": [
            {"task": task.task, "unit": task.unit, "status": task.status, "due_at": _moment(task.due_at)}
            for one in of_work
            for task in one.tasks
        ],
        "flags": [{"flag": flag.flag, "statement": flag.statement} for one in of_work for flag in one.flags],
        "matches": [_match(one, reader) for one in matches],
        "agreement": agreement.version,
    }


def revision(reader: Reader, files: Sequence[CaseFile]) -> str:
    """Return an opaque mark that changes whenever the reader's view of a case does, and tells nothing else."""
    counted = sorted(f"{file.stream} {file.told}" for file in files)
    return sha256("\n".join([reader.audience.value, *counted]).encode()).hexdigest()[:_REVISION_CHARACTERS]


def state_of(deadline: Deadline, at: datetime) -> State:
    """Return how a deadline stands at a moment."""
    if deadline.late is None:
        return "overdue" if deadline.due_at < at else "running"
    return "late" if deadline.late else "met"


def _deadlines(file: CaseFile, members: Sequence[CaseFile], sight: Sight) -> list[Deadline]:
    """Return the clocks of a case, the earliest due first.

    A clock that runs for several reports of one case is the one that is due first; the case's own counts before them.
    """
    if not _tells_work(sight):
        return []
    of_reports = sorted((one for member in members for one in member.deadlines), key=_due)
    first = {(one.rule, one.audience): one for one in reversed(of_reports)}
    own = {(one.rule, one.audience) for one in file.deadlines}
    return sorted((*file.deadlines, *(one for key, one in first.items() if key not in own)), key=_due)


def _due(deadline: Deadline) -> datetime:
    return deadline.due_at


def _tells_work(sight: Sight) -> bool:
    """Say whether deadlines and tasks are told: those in the file were its reader's own when they were folded."""
    return sight.tells_status(Category.DEADLINES_TASKS, Condition.OWN_TASK)


def _tells_track(sight: Sight) -> bool:
    return sight.tells_status(Category.INVESTIGATION)


def _tells_matches(sight: Sight) -> bool:
    """Say whether it is told that another unit seems to have the same child: to whom it was told is in the file."""
    return sight.tells_status(_MATCHES, Condition.OWN_TASK)


def _match(match: Match, reader: Reader) -> JsonValue:
    words = code_list("match_status")[match.status]
    return {
        "match": match.match,
        "unit": match.unit,
        "status": match.status,
        "vi": words.vi,
        "en": words.en,
        "pair": match.pair,
        "answers": list(answers_to(match, reader.unit)),
    }


def _deadline(deadline: Deadline, at: datetime) -> JsonValue:
    return {
        "rule": deadline.rule,
        "audience": deadline.audience.value,
        "due_at": _moment(deadline.due_at),
        "state": state_of(deadline, at),
    }


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
