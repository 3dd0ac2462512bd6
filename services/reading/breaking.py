"""Break the glass: open one case in an emergency, with a reason, for an hour.

Promise: with the answer that the glass is broken, the attempt, its access entry and what the owning unit and the
history are to be told are on disk, all or none. Whoever is refused is answered as for no such case, but for what
concerns the person alone: a review that is overdue, twelve hours that are used up.
"""

import json
from uuid import UUID

from events.compartments import Compartment, SealedCompartment
from events.glass import GlassBroken
from events.labels import Category, Form, Person
from infra.crypto.boxes import Binding
from infra.crypto.data_keys import KeysUnreachableError
from infra.crypto.sealer import Sealer, ToSeal
from infra.ids import RandomIds
from infra.postgres.access_log import AccessEntry
from infra.postgres.erasure_barrier import ErasedMeanwhile
from infra.postgres.faults import DatabaseUnreachableError
from infra.postgres.glass import Answer, Attempt, Attempted
from infra.web.problems import Refused
from services.reading.desk import Visit
from services.reading.shapes import GlassAskedShape
from services.reading.writing_down import ASK_AGAIN_S, Told, entry_of

GLASS_PART = "glass"
_TOLD_AS: dict[Answer, str] = {"suspended": "glass_suspended", "spent": "glass_spent"}


async def break_glass(visit: Visit, sealer: Sealer, asked: GlassAskedShape) -> bytes:
    """Break the glass of one case, and return its name and until when it stands open.

    Raises:
        Refused: if it is not broken, or something that it takes did not answer: then it may be or not, unread.
    """
    new_id, now = RandomIds().uuid(), visit.desk.clock.now()

    def entry(attempted: Attempted) -> tuple[AccessEntry, bytes]:
        if attempted.stream is None:
            return entry_of(visit, "refused", (f"glass-{attempted.answer.replace('_', '-')}",)), b""
        told = Told({attempted.stream: 0})
        return entry_of(visit, "answered", visit.policies, told, glass=new_id), _body(new_id, attempted)

    while True:
        erasures = sealer.erasures
        try:
            box = await _sealed(visit, sealer, str(new_id), asked.explanation)
            what = Attempt(new_id, asked.unit, asked.reference, asked.reason, box.model_dump_json())
            attempted = await visit.desk.glasses.attempt(visit.person, what, now, erasures, entry)
            break
        except ErasedMeanwhile as erased:
            sealer.forget(erased.number)
        except (DatabaseUnreachableError, KeysUnreachableError):
            raise Refused("no_answer", seconds=ASK_AGAIN_S) from None
    if attempted.answer != "broken":
        raise Refused(_TOLD_AS.get(attempted.answer, "no_such_case"))
    return _body(new_id, attempted)


async def _sealed(visit: Visit, sealer: Sealer, glass: str, explanation: str) -> SealedCompartment:
    unit = visit.requester.unit
    said = Compartment(Category.ACCESS_LOG, GLASS_PART, Person.CHILD, Form.FULL, {"explanation": explanation})
    [[box]] = await sealer.seal_all([ToSeal(Binding(unit, glass, GlassBroken.TYPE), f"{unit}/{glass}", (said,))])
    return box


def _body(glass: UUID, attempted: Attempted) -> bytes:
    if attempted.until is None or attempted.review_due_at is None:
        return b""
    said = {
        "glass": str(glass),
        "until": attempted.until.isoformat(),
        "review_due_at": attempted.review_due_at.isoformat(),
    }
    return json.dumps(said, separators=(",", ":")).encode()
