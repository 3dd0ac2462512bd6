"""Who keeps sight of what is sealed, from the moment a door accepted the order.

Promise: what a door has answered 202 hides from every read, and from every release of a key, that begins afterwards,
whatever the case record, the projector or Kafka have heard of it (schema/86_seal_orders.sql).
"""

from collections.abc import Collection, Iterable, Sequence

from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from events.codec import read_event
from events.envelope import SealedEvent, UnitId
from events.privacy import RecordSealed
from events.upcasts import newest_type
from infra.postgres.faults import reaching
from infra.postgres.locks import AdvisoryLock
from infra.postgres.pool import Pool

# What was ordered or recorded since the view was folded, asked once in each transaction that reads, whatever it is
# about: asked where a row is found, it would make a denial slower than a name that nobody has.
HIDDEN_STATED = (
    "set_config('chungtay.hidden', array(select h.stream from {view}.hidden_from(%s::text[]) as h)::text, true)"
)
# For a reader's own statement over files `f`; row-level security hides them too, this says it a second time: by what
# the view has folded, and by what its transaction was told.
IN_SIGHT = (
    "(%(sees_sealed)s or ((f.sealed_to is null or f.sealed_to && %(units)s::text[])"
    " and f.stream <> all ((select nullif(current_setting('chungtay.hidden', true), '')::uuid[])::uuid[])))"
)
MOST_UNDECIDED = 100  # orders of one unit: until it is decided on, each adds to every read
_UNDECIDED = "select unit, orders from sealing.undecided_of(%s)"
_ORDERED = "insert into sealing.orders (source, id, reference, units, accepted_at) values (%s, %s, %s, %s, %s)"
_NOT_WHILE_OTHERS_COMPARE = "select pg_advisory_xact_lock_shared(%s)"
_IN_SIGHT_OF = "select holder, reference, units from case_record.in_sight_of(%s, %s)"


class RoomForOrders:
    """How many orders to seal each unit may state until some of those before are decided on."""

    def __init__(self, left: dict[UnitId, int]) -> None:
        self._left = left

    def takes(self, event: SealedEvent) -> bool:
        """Say whether there is room for what an event orders, and take it; what orders nothing needs none."""
        if not _orders(event):
            return True
        self._left[event.source] -= 1
        return self._left[event.source] >= 0


async def room_for_orders(connection: AsyncConnection[TupleRow], events: Iterable[SealedEvent]) -> RoomForOrders:
    """Return what room the units have that order something by these events.

    Shape: whoever asks holds the heads of these units, so that nobody else takes the room meanwhile.
    """
    units = sorted({event.source for event in events if _orders(event)})
    if not units:
        return RoomForOrders({})
    rows = await (await connection.execute(_UNDECIDED, [units])).fetchall()
    return RoomForOrders({unit: MOST_UNDECIDED - orders for unit, orders in rows})


async def write_orders(connection: AsyncConnection[TupleRow], events: Sequence[SealedEvent]) -> None:
    """Write what these events order to be sealed, in the transaction that accepts them: the last that it writes.

    Promise: what the case record tells units of one another is committed before that, or has heeded the order.

    Shape: events that were not accepted before; those that order nothing write nothing.
    """
    for event in events:
        said = read_event(event) if _orders(event) else None
        if isinstance(said, RecordSealed):
            values = [event.source, event.id, event.subject, list(said.units_in_sight), event.recordedtime]
            await connection.execute(_NOT_WHILE_OTHERS_COMPARE, [AdvisoryLock.SEALING.value])
            await connection.execute(_ORDERED, values)


def _orders(event: SealedEvent) -> bool:
    return newest_type(event.type) == RecordSealed.TYPE


class Sealings:
    """The register's side for the key service, with a right to this fact and no other."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def among(self, subjects: Collection[str]) -> dict[str, frozenset[str]]:
        """Return the units that keep sight of each subject whose report or case is sealed; the others are left out.

        Shape: `<unit>/<reference>`, as the subject of a key begins; of several orders, whom each of them names.

        Raises:
            DatabaseUnreachableError: if the register does not answer.
        """
        named = [subject.partition("/") for subject in subjects]
        values = [[unit for unit, _, _ in named], [reference for _, _, reference in named]]
        with reaching():
            async with self._pool.connection() as connection:
                rows = await (await connection.execute(_IN_SIGHT_OF, values)).fetchall()
        found: dict[str, frozenset[str]] = {}
        for unit, reference, units in rows:
            subject = f"{unit}/{reference}"
            found[subject] = found.get(subject, frozenset(units)) & frozenset(units)
        return found
