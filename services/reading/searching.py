"""Find a child's cases in the visitor's own view, without its name being written down or asked of anybody.

Only what the visitor may read in full is found, decided as a read decides it. That there is none, and that there is
one which is not for the visitor, is one answer; either leaves an access entry, and none says what was sought.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from pydantic import JsonValue

from events.labels import Category
from events.likeness import Child
from infra.postgres.faults import DatabaseUnreachableError
from infra.postgres.view_reader import AlikeRow
from infra.web.problems import Fault, Refused
from projections.disclosure.agreement import Level
from projections.facts import choose
from services.reading.answering import Loaded, find, logged
from services.reading.bodies import said_in
from services.reading.desk import Visit
from services.reading.shapes import SoughtShape
from services.reading.writing_down import ASK_AGAIN_S, Told

MAX_SEARCH_BYTES = 4096
_MOST_FOUND = 20
_LOOKED_AT = 60  # entries; of one case there are several


def child_sought(body: bytes) -> Child:
    """Return the child that a search names.

    Raises:
        Refused: if the body is not as it should be, or is too little to know a child by.
    """
    sought = said_in(body, SoughtShape, "bad_search")
    child = Child(sought.name, sought.birth_date, sought.id_number)
    if not child.can_be_known:
        raise Refused("bad_search", Fault("", "too_little"))
    return child


async def search_cases(visit: Visit, child: Child) -> bytes:
    """Return the visitor's own names of the cases whose child may be this one, the likeliest first.

    Raises:
        Refused: if it could not be read or the access entry not be written.
    """
    names: list[str] = []
    streams: dict[UUID, int] = {}
    rules: set[str] = set()
    policies: dict[str, None] = {}
    for name, rows in (await _alike(visit, child)).items():
        if len(names) == _MOST_FOUND:
            break
        found = await find(visit, name)
        by = _told_by(visit, found, rows) if isinstance(found, Loaded) else frozenset()
        if isinstance(found, Loaded) and by:
            names.append(name)
            streams |= found.versions
            rules |= by
            policies |= dict.fromkeys(found.policies)
    categories = {Category.CHILD_IDENTITY} if names else set()
    answer: JsonValue = {"found": [{"case": name} for name in names]}
    return await logged(visit, answer, Told(streams, frozenset(rules), frozenset(categories), tuple(policies)))


async def _alike(visit: Visit, child: Child) -> Mapping[str, Sequence[AlikeRow]]:
    """Return what bears one of the child's marks, by the visitor's name of the case, the surest first.

    Raises:
        Refused: if the view does not answer.
    """
    if visit.desk.likeness is None:
        return {}
    try:
        rows = await visit.desk.views.alike(visit.holder, visit.desk.likeness.sought(child), _LOOKED_AT)
    except DatabaseUnreachableError:
        raise Refused("no_answer", seconds=ASK_AGAIN_S) from None
    by_name: dict[str, list[AlikeRow]] = {}
    for row in rows:
        by_name.setdefault(row.reference, []).append(row)
    return by_name


def _told_by(visit: Visit, loaded: Loaded, rows: Sequence[AlikeRow]) -> frozenset[str]:
    """Return the clauses by which the visitor is told in full whom these entries name; none when it is not."""
    now = visit.desk.clock.now()
    choice = choose(loaded.files, loaded.entries, visit.reader, visit.agreement, now)
    alike = {(row.stream, row.version) for row in rows}
    return frozenset(
        fact.clause.id
        for fact in choice.facts
        if (fact.entry.stream, fact.entry.version) in alike
        and fact.place[:2] == (Category.CHILD_IDENTITY, "main")
        and fact.level is Level.FULL
    )
