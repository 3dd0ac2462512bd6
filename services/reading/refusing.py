"""Refuse so that nobody learns why: one answer for no such case and not for you, and an entry that says which rule.

Promise: the entry is on disk before the refusal leaves; without it there is no answer but 503. What was asked for is
not kept: a name that was guessed may be somebody else's.
"""

from typing import NoReturn

from infra.postgres.access_log import AccessEntry
from infra.postgres.faults import DatabaseUnreachableError
from infra.web.problems import Refused
from services.reading.desk import Visit

ASK_AGAIN_S = 5


async def refuse(visit: Visit, policies: tuple[str, ...]) -> NoReturn:
    """Write down that a visitor was refused, and by which policies; then refuse.

    Raises:
        Refused: always; as if the register did not answer when the entry could not be written.
    """
    entry = AccessEntry(
        at=visit.desk.clock.now(),
        person=visit.requester.person,
        unit=visit.requester.unit,
        duties=tuple(sorted(visit.requester.duties)),
        purpose=visit.purpose,
        route=visit.route,
        kind=visit.kind,
        outcome="refused",
        policies=policies,
        streams={},
        rules=(),
        categories=(),
        agreement=visit.agreement.version,
    )
    try:
        await visit.desk.access.record(entry, b"")
    except DatabaseUnreachableError:
        raise Refused("no_answer", seconds=ASK_AGAIN_S) from None
    raise Refused("no_such_case")
