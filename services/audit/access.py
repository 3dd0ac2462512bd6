"""Who looked, at what, why and under which clauses."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from pydantic import JsonValue

from events.labels import Category
from events.parties import Audience
from infra.postgres.access_log import AccessLogs, AccessWanted, AfterEntry, FoundEntry
from infra.postgres.faults import DatabaseUnreachableError
from infra.web.problems import Fault, Refused
from services.reading.answering import load, logged
from services.reading.cursors import cursor_moment, decode_cursor, encode_cursor
from services.reading.desk import Visit
from services.reading.writing_down import ASK_AGAIN_S, Told

_MOST_DIGITS = 18  # of the number of an entry: PostgreSQL counts no further


async def list_access(
    visit: Visit,
    logs: AccessLogs,
    case: str | None,
    between: tuple[datetime | None, datetime | None],
    page: tuple[AfterEntry | None, int],
) -> bytes:
    """Return a page of access entries in the order of time, those of one case or of all.

    Raises:
        Refused: if there is no such case, or it could not be read or the access entry not be written.
    """
    after, limit = page
    loaded = await load(visit, case) if case is not None else None
    streams = tuple(loaded.versions) if loaded else None
    try:
        found = await logs.found(AccessWanted(streams, *between), after, limit + 1)
        names = await visit.desk.views.references(visit.holder, {s for one in found for s in one.entry.streams})
    except DatabaseUnreachableError:
        raise Refused("no_answer", seconds=ASK_AGAIN_S) from None
    shown, has_more = found[:limit], len(found) > limit
    answer: dict[str, JsonValue] = {
        "entries": [_line(one, names) for one in shown],
        "has_more": has_more,
        "after": access_cursor(shown) if has_more else None,
    }
    policies = loaded.policies if loaded else ()
    told = Told(dict.fromkeys(streams or (), 0), frozenset(), frozenset({Category.ACCESS_LOG}), policies)
    return await logged(visit, answer, told)


def read_access_cursor(text: str | None) -> AfterEntry | None:
    """Return where a page begins; None for the first.

    Raises:
        Refused: if the text is none of ours.
    """
    if text is None:
        return None
    try:
        at, audience, id_ = decode_cursor(text)
        return AfterEntry(cursor_moment(at), Audience(audience), _number(id_))
    except ValueError:
        raise Refused("bad_parameter", Fault("/query/after", "cursor")) from None


def _number(text: str) -> int:
    if not (text.isdecimal() and text.isascii() and len(text) <= _MOST_DIGITS):
        raise ValueError("not a cursor")
    return int(text)


def access_cursor(shown: Sequence[FoundEntry]) -> str:
    """Return where the page behind these entries begins."""
    last = shown[-1]
    return encode_cursor(last.entry.at.isoformat(), last.audience.value, str(last.id))


def _line(found: FoundEntry, names: Mapping[UUID, str]) -> JsonValue:
    entry = found.entry
    return {
        "at": entry.at.isoformat(),
        "audience": found.audience.value,
        "person": entry.person,
        "unit": entry.unit,
        "duties": list(entry.duties),
        "purpose": entry.purpose,
        "route": entry.route,
        "kind": entry.kind,
        "outcome": entry.outcome,
        "policies": list(entry.policies),
        "cases": [*sorted(names[stream] for stream in entry.streams if stream in names)],
        "rules": list(entry.rules),
        "categories": list(entry.categories),
        "agreement": entry.agreement,
        "glass": str(entry.glass) if entry.glass else None,
        "body_sha256": found.body_digest.hex(),
    }
