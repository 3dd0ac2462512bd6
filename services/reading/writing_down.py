"""Write down who asked and what came of it, before anything leaves.

Promise: when `write_down` returns, the entry is on disk; where it cannot be, nothing is answered but 503.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from events.labels import Category
from infra.postgres.access_log import AccessEntry, Outcome
from infra.postgres.faults import DatabaseUnreachableError
from infra.web.problems import Refused
from services.reading.desk import Visit

ASK_AGAIN_S = 5


@dataclass(frozen=True, slots=True)
class Told:
    """What goes into the access entry beside who asked: streams with versions, clauses, categories.

    `policies` permitted it of a case; empty where none was asked for.
    """

    streams: dict[UUID, int] = field(default_factory=dict)
    rules: frozenset[str] = frozenset()
    categories: frozenset[Category] = frozenset()
    policies: tuple[str, ...] = ()


async def write_down(
    visit: Visit, body: bytes, *, outcome: Outcome, policies: tuple[str, ...], told: Told | None = None
) -> None:
    """Write an entry with a digest of the answer's body; `told` None: nothing is told.

    Raises:
        Refused: if it could not be written.
    """
    try:
        await visit.desk.access.record(entry_of(visit, outcome, policies, told, glass=visit.glass), body)
    except DatabaseUnreachableError:
        raise Refused("no_answer", seconds=ASK_AGAIN_S) from None


def entry_of(
    visit: Visit, outcome: Outcome, policies: tuple[str, ...], told: Told | None = None, *, glass: UUID | None = None
) -> AccessEntry:
    """Return the entry that tells of an answer; `glass`: the broken glass that it was given under or speaks of."""
    content = told or Told()
    return AccessEntry(
        at=visit.desk.clock.now(),
        person=visit.requester.person,
        unit=visit.requester.unit,
        duties=_sorted(visit.requester.duties),
        purpose=visit.purpose,
        route=visit.route,
        kind=visit.kind,
        outcome=outcome,
        policies=policies,
        streams=content.streams,
        rules=_sorted(content.rules),
        categories=_sorted(content.categories),
        agreement=visit.agreement.version,
        glass=glass,
    )


def _sorted(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(str(code) for code in codes))
