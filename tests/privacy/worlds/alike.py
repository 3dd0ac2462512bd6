"""Two units name one child in both worlds, and a case record tells them so; in the second a sealed one names it too.

What the two are told must not differ by a byte: it is folded and asked for like every other case.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from uuid import UUID

from events.codec import from_bytes
from events.envelope import RecordedEvent
from infra.postgres.case_batch import AlikeRow
from tests.controls.office import Office
from tests.controls.statements import States, at, states
from tests.controls.worlds import HOSPITAL, POLICE, SCHOOL
from tests.fakes.memory_case_store import MemoryCaseStore

SEALED = states("police.report_received", "R-900", at=at("06T21:10"), by=POLICE, id="alike_heard")
TOLD = (
    states("education.concern_raised", "R-901", at=at("07T08:00"), by=SCHOOL, id="alike_raised"),
    states("health.concern_raised", "R-902", at=at("07T09:00"), by=HOSPITAL, id="alike_found"),
)
_AGAIN = states("privacy.child_identified", "R-900", at=at("07T09:00"), by=POLICE, id="alike_identified")


@dataclass(frozen=True)
class OneChild:
    """The records of one child: those whose units are told of each other, the one that is sealed, and their names."""

    told: dict[UUID, list[RecordedEvent]]
    sealed: dict[UUID, list[RecordedEvent]]
    names: tuple[str, ...]


def one_child(in_sight: Iterable[str] | None) -> OneChild:
    """Return what is recorded of one child; `in_sight`: who keeps sight of the sealed record (None: there is none)."""
    store = MemoryCaseStore()
    office = Office(store)
    data = {"units_in_sight": list(in_sight or ())}
    order = replace(SEALED, type="privacy.record_sealed.v1", id="alike_order", data=data)
    hidden_first, hidden_last = ((SEALED, order), (_AGAIN,)) if in_sight else ((), ())
    naming = [one for one in (*hidden_first, *TOLD, *hidden_last) if one is not order]
    for one in naming:
        store.same_child[one.by, one.id] = [AlikeRow(x.by, x.id, x.about) for x in naming if x.by != one.by]
    office.send(*hidden_first, *TOLD, *hidden_last)
    names = tuple(reference for _, reference in store.names)
    return OneChild(_recorded(office, TOLD), _recorded(office, hidden_first[:1]), names)


def _recorded(office: Office, begun_by: Iterable[States]) -> dict[UUID, list[RecordedEvent]]:
    streams = [office.on[one.about] for one in begun_by]
    return {
        stream: [from_bytes(RecordedEvent, one.recorded) for one in stored]
        for stream, stored in office.store.load(streams).items()
    }
