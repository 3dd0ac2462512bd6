"""What was taken back of consents: written with the acceptance of whoever takes it back, asked for by every read.

Promise: what a door has answered 202 is found by every `found` that begins afterwards, whatever the case record, the
projector or Kafka have heard of it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from events.codec import read_event
from events.consents import ConsentWithdrawn
from events.envelope import SealedEvent, UnitId
from events.labels import Category
from events.parties import Audience
from events.upcasts import newest_type
from infra.postgres.faults import reaching
from infra.postgres.pool import Pool

_WRITE = """\
insert into consent.withdrawals (source, id, consent, recipients, categories, accepted_at)
values (%s, %s, %s, %s, %s, %s)"""
_FOUND = "select source, consent, recipients, categories, accepted_at from consent.withdrawals_of(%s, %s)"
_PATIENCE_S = 3.0  # somebody waits for an answer


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What a unit takes back of a consent of its own; empty lists mean all."""

    unit: UnitId
    consent: str
    recipients: tuple[Audience, ...]
    categories: tuple[Category, ...]
    accepted_at: datetime


async def write_withdrawals(connection: AsyncConnection[TupleRow], events: Sequence[SealedEvent]) -> None:
    """Write what these events take back, in the transaction that accepts them.

    Shape: events that were not accepted before; those that take nothing back write nothing.
    """
    for event in events:
        said = read_event(event) if newest_type(event.type) == ConsentWithdrawn.TYPE else None
        if isinstance(said, ConsentWithdrawn):
            values = [event.source, event.id, said.consent, list(said.recipients), list(said.categories)]
            await connection.execute(_WRITE, [*values, event.recordedtime])


class WithdrawalReader:
    """Asks what was taken back, with the rights of a reader: of consents it can name, and no others."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def found(self, consents: Collection[tuple[UnitId, str]]) -> list[Withdrawal]:
        """Return what was taken back of these consents, each named by unit and id.

        Raises:
            DatabaseUnreachableError: if the database does not answer.
        """
        named = [[unit for unit, _ in consents], [consent for _, consent in consents]]
        with reaching():
            async with self._pool.connection(_PATIENCE_S) as connection:
                rows = await (await connection.execute(_FOUND, named)).fetchall()
        return [
            Withdrawal(unit, consent, tuple(map(Audience, recipients)), tuple(map(Category, categories)), at)
            for unit, consent, recipients, categories, at in rows
        ]
