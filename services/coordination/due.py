"""What is due in every case, the earliest first."""

from pydantic import JsonValue

from events.labels import Category
from infra.postgres.faults import DatabaseUnreachableError
from infra.postgres.view_reader import After, DueRow, Wanted
from infra.web.problems import Refused
from projections.answers import state_of
from projections.case_file import CaseFile
from services.reading.answering import logged
from services.reading.cursors import write_cursor
from services.reading.desk import Visit
from services.reading.writing_down import ASK_AGAIN_S, Told


async def list_deadlines(visit: Visit, wanted: Wanted, after: After | None, limit: int) -> bytes:
    """Return a page of what is due next in each case and report.

    Raises:
        Refused: if it could not be read or the access entry not be written.
    """
    try:
        rows = await visit.desk.views.due(visit.holder, wanted, after, limit + 1)
    except DatabaseUnreachableError:
        raise Refused("no_answer", seconds=ASK_AGAIN_S) from None
    shown = rows[:limit]
    has_more = len(rows) > limit
    page: dict[str, JsonValue] = {
        "deadlines": [line for row in shown for line in _lines(row, visit)],
        "has_more": has_more,
        "after": write_cursor(After(shown[-1].at, shown[-1].reference)) if has_more else None,
    }
    streams = {file.stream: file.version for row in shown for file in _files(row)}
    return await logged(visit, page, Told(streams, frozenset(), frozenset({Category.DEADLINES_TASKS})))


def _lines(row: DueRow, visit: Visit) -> list[JsonValue]:
    """Return the clocks that run out at the row's moment, each once."""
    now = visit.desk.clock.now()
    lines: list[JsonValue] = []
    for file in _files(row):
        for one in file.deadlines:
            line: JsonValue = {
                "case": row.reference,
                "rule": one.rule,
                "audience": one.audience.value,
                "due_at": one.due_at.isoformat(),
                "state": state_of(one, now),
                "emergency": file.emergency,
                "lead_unit": file.lead_unit,
            }
            if one.late is None and one.due_at == row.at and line not in lines:
                lines.append(line)
    return lines


def _files(row: DueRow) -> list[CaseFile]:
    return [CaseFile.model_validate_json(body) for body in row.bodies]
