"""What a reader is told of broken glasses, and how a review of one is closed."""

import json
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from pydantic import JsonValue

from events.compartments import SealedCompartment
from events.glass import GlassBroken
from events.labels import Category
from events.parties import Audience
from infra.crypto.boxes import Binding, OpenedBox
from infra.crypto.data_keys import Asking, KeysUnreachableError
from infra.crypto.opener import ToOpen
from infra.ids import RandomIds
from infra.postgres.access_log import AccessEntry
from infra.postgres.faults import DatabaseUnreachableError
from infra.postgres.glass import GlassRow, Review, Reviewed
from infra.web.problems import Fault, Refused
from services.reading.answering import logged
from services.reading.cursors import cursor_moment, decode_cursor, encode_cursor
from services.reading.desk import Visit
from services.reading.writing_down import ASK_AGAIN_S, Told, entry_of

_REFUSED: dict[Reviewed, str] = {
    "no_such_glass": "no_such_case",
    "own_glass": "own_glass",
    "reviewed_before": "reviewed_before",
}


async def list_glasses(visit: Visit, review: Review | None, after: str | None, limit: int) -> bytes:
    """Return a page of what was broken or tried, the latest first.

    Raises:
        Refused: if it could not be read or the access entry not be written.
    """
    now = visit.desk.clock.now()
    try:
        rows = await visit.desk.glasses.told(visit.holder, now, review, _read_cursor(after), limit + 1)
    except DatabaseUnreachableError:
        raise Refused("no_answer", seconds=ASK_AGAIN_S) from None
    shown, has_more = rows[:limit], len(rows) > limit
    explanations = await _explanations(visit, shown)
    lines = (_line(row, said, visit, now) for row, said in zip(shown, explanations, strict=True))
    answer: dict[str, JsonValue] = {
        "glasses": list(lines),
        "has_more": has_more,
        "after": encode_cursor(shown[-1].at.isoformat(), str(shown[-1].id)) if has_more else None,
    }
    return await logged(visit, answer, Told(categories=frozenset({Category.ACCESS_LOG})))


async def review_glass(visit: Visit, glass: UUID, outcome: str) -> bytes:
    """Close the review of a broken glass.

    Raises:
        Refused: if there is none for the visitor, it is the visitor's unit's own, it was closed before, or something
            did not answer.
    """
    body = json.dumps({"glass": str(glass), "outcome": outcome}, separators=(",", ":")).encode()

    def entry(reviewed: Reviewed) -> tuple[AccessEntry, bytes]:
        if reviewed == "reviewed":
            return entry_of(visit, "answered", visit.policies, glass=glass), body
        return entry_of(visit, "refused", (f"glass-{reviewed.replace('_', '-')}",)), b""

    asked = (RandomIds().uuid(), glass, outcome)
    try:
        reviewed = await visit.desk.glasses.review(visit.person, asked, visit.desk.clock.now(), entry)
    except DatabaseUnreachableError:
        raise Refused("no_answer", seconds=ASK_AGAIN_S) from None
    if reviewed != "reviewed":
        raise Refused(_REFUSED[reviewed])
    return body


async def _explanations(visit: Visit, rows: Sequence[GlassRow]) -> Sequence[JsonValue]:
    """Return why each was broken, in words, as far as the agreement gives the visitor the key.

    Raises:
        Refused: if the keys could not be reached.
    """
    boxes = [
        ToOpen(Binding(row.unit, str(row.id), GlassBroken.TYPE), SealedCompartment.model_validate_json(row.explanation))
        for row in rows
    ]
    try:
        opened = await visit.desk.opener.open_all(Asking(visit.token, visit.purpose), boxes)
    except KeysUnreachableError:
        raise Refused("no_answer", seconds=ASK_AGAIN_S) from None
    return [one.values["explanation"] if isinstance(one, OpenedBox) else None for one in opened]


def _line(row: GlassRow, explanation: JsonValue, visit: Visit, now: datetime) -> JsonValue:
    return {
        "glass": str(row.id),
        "at": row.at.isoformat(),
        "unit": row.unit,
        "audience": row.audience,
        "person": row.person if visit.desk.audience is Audience.AUDITOR else None,
        "answer": row.answer,
        "case": row.case,
        "lead_unit": row.lead_unit,
        "reason": row.reason,
        "explanation": explanation,
        "until": row.until.isoformat() if row.until else None,
        "review_due_at": row.review_due_at.isoformat() if row.review_due_at else None,
        "review": _review(row, now),
        "outcome": row.outcome,
    }


def _review(row: GlassRow, now: datetime) -> Review | None:
    if row.review_due_at is None:
        return None
    if row.outcome is not None:
        return "closed"
    return "overdue" if row.review_due_at <= now else "open"


def _read_cursor(text: str | None) -> tuple[datetime, UUID] | None:
    """Return where a page begins; None for the first.

    Raises:
        Refused: if the text is none of ours.
    """
    if text is None:
        return None
    try:
        at, id_ = decode_cursor(text)
        return cursor_moment(at), UUID(id_)
    except ValueError:
        raise Refused("bad_parameter", Fault("/query/after", "cursor")) from None
