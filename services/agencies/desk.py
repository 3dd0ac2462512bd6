"""The one way an agency publishes: inspect, seal, keep, receipt. Nothing clear is ever written down."""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from prometheus_client import Counter

from events.compartments import Compartment, split
from events.envelope import SealedContents, SealedEvent
from infra.clock import Clock
from infra.crypto.boxes import Binding
from infra.crypto.likeness_keys import LikenessKeys
from infra.crypto.receipts import Receipt, commitment
from infra.crypto.sealer import Sealer, ToSeal
from infra.postgres.door_ledger import Entry
from infra.postgres.erasure_barrier import ErasedMeanwhile
from infra.postgres.faults import DatabaseUnreachableError
from infra.postgres.journal import Answer, Contradicts, Journal, Kept, TooManyOrders
from infra.postgres.sealings import MOST_UNDECIDED
from infra.web.problems import Problem, Refused
from services.agencies.inspection import Inspected, Inspector
from services.agencies.intake import Intake
from services.agencies.likeness import likeness_of

RETRY_AFTER_S = 2
_ORDERS_AGAIN_AFTER_S = 60  # the case record decides within a second, once it is back
_WRITE_WITHIN_S = 8.0  # a register that does not answer is told of, not waited for
_AWAY = ConnectionError  # the register's, or the key service's
_MAX_SEALED_BYTES = 900_000  # Kafka takes messages of a megabyte
_FITS_BYTES = 600_000
_ANSWER_WITHIN_S = 10.0  # then the sender is told to come again, though it may be kept after all
_AT_A_TIME = 50  # events inspected before others get their turn

_EVENTS = Counter("chungtay_door_events_total", "Events that came to a door.", ["agency", "outcome"])


@dataclass(frozen=True, slots=True)
class Taken:
    """The event is in the register; `first`: it was not before."""

    receipt: Receipt
    first: bool


class Desk:
    """Takes the events of one agency's units; `on_kept` is called after something was written."""

    def __init__(
        self,
        inspector: Inspector,
        sealer: Sealer,
        journal: Journal,
        *,
        likeness: Mapping[str, LikenessKeys],
        clock: Clock,
        on_kept: Callable[[], None],
    ) -> None:
        self._inspector = inspector
        self._sealer = sealer
        self._likeness = likeness
        self._journal = journal
        self._secrets = journal.secrets
        self._clock = clock
        self._on_kept = on_kept
        self._intake: Intake[Inspected, Taken | Problem] = Intake(self._keep, away=_AWAY, within_s=_WRITE_WITHIN_S)

    async def take(self, sent: Sequence[bytes], unit: str) -> list[Taken | Problem]:
        """Take events of a unit, each by itself.

        Shape: one answer for each, in the same order.

        Raises:
            Refused: if the register cannot keep anything just now; then nothing is promised of any of them.
        """
        inspected = await self._inspect_all(sent, unit)
        whole = [one for one in inspected if isinstance(one, Inspected)]
        try:
            async with asyncio.timeout(_ANSWER_WITHIN_S):
                answers = iter(await self._intake.keep(whole) if whole else ())
        except (_AWAY, TimeoutError):
            self._count("unavailable", len(sent))
            raise Refused("unavailable", seconds=RETRY_AFTER_S) from None
        told = [one if isinstance(one, Problem) else next(answers) for one in inspected]
        for answer in told:
            self._count(_outcome(answer))
        return told

    async def rehearse(self, sent: Sequence[bytes], unit: str) -> list[bool | Problem]:
        """Check events as `take` does, in a transaction that is rolled back: nothing is sealed, kept or promised.

        Shape: one answer for each, in the same order; True: it would be new.

        Raises:
            Refused: if the register does not answer just now.
        """
        inspected = await self._inspect_all(sent, unit)
        now = self._clock.now()
        entries = [self._entry(one, _open_alone(one), now) for one in inspected if isinstance(one, Inspected)]
        try:
            kept = await self._journal.rehearse([one for one in entries if isinstance(one, Entry)])
        except DatabaseUnreachableError:
            raise Refused("unavailable", seconds=RETRY_AFTER_S) from None
        answers = iter(map(_told, kept))
        told = (one if isinstance(one, Problem) else next(answers) for one in inspected)
        return [one if isinstance(one, Problem) else one.first for one in told]

    async def _inspect_all(self, sent: Sequence[bytes], unit: str) -> list[Inspected | Problem]:
        found: list[Inspected | Problem] = []
        for number, one in enumerate(sent, start=1):
            try:
                found.append(self._inspector.inspect(one, unit))
            except Refused as refused:
                found.append(refused.problem)
            if number % _AT_A_TIME == 0:
                await asyncio.sleep(0)
        return found

    async def _keep(self, inspected: Sequence[Inspected]) -> list[Taken | Problem]:
        try:
            sealed, kept = await self._sealed_and_kept(inspected)
        except ErasedMeanwhile as erased:
            self._sealer.forget(erased.number)
            return await self._keep(inspected)
        self._on_kept()
        return [one if isinstance(one, Problem) else _told(next(kept)) for one in sealed]

    async def _sealed_and_kept(self, inspected: Sequence[Inspected]) -> tuple[list[Entry | Problem], Iterator[Answer]]:
        """Seal events and keep them, if no key was destroyed in between.

        Raises:
            ErasedMeanwhile: if one may have been; nothing was kept.
        """
        erasures = self._sealer.erasures
        sealed = await self._seal_all(inspected)
        entries = [one for one in sealed if isinstance(one, Entry)]
        return sealed, iter(await self._journal.accept(entries, erasures=erasures) if entries else ())

    async def _seal_all(self, inspected: Sequence[Inspected]) -> list[Entry | Problem]:
        now = self._clock.now()
        splits = [split(one.event, one.submitted.time) for one in inspected]
        boxes = await self._sealer.seal_all(
            [_to_seal(one, parts.compartments) for one, parts in zip(inspected, splits, strict=True)]
        )
        return [
            self._entry(one, SealedContents(open=dict(parts.open), sealed=sealed), now)
            for one, parts, sealed in zip(inspected, splits, boxes, strict=True)
        ]

    def _entry(self, inspected: Inspected, contents: SealedContents, now: datetime) -> Entry | Problem:
        if sum(len(box.box) for box in contents.sealed) > _MAX_SEALED_BYTES:
            return Problem("too_large", words={"limit": _FITS_BYTES})
        submitted = inspected.submitted
        mark = self._secrets.content_mark(inspected.content())
        salt = self._secrets.salt(submitted.source, submitted.id, mark)
        event = SealedEvent(
            **dict(submitted.model_copy(update={"data": contents})),
            recordedtime=now,
            sequence=1,  # the journal counts
            simulated=self._clock.simulated,
        )
        courier_key = self._secrets.courier_key(submitted.source, submitted.subject)
        likeness = likeness_of(inspected.event, self._likeness)
        return Entry(event, mark, commitment(salt, inspected.sent), courier_key, likeness)

    def _count(self, outcome: str, events: int = 1) -> None:
        _EVENTS.labels(self._secrets.agency.value, outcome).inc(events)


def _open_alone(inspected: Inspected) -> SealedContents:
    return SealedContents(open=dict(split(inspected.event, inspected.submitted.time).open))


def _to_seal(inspected: Inspected, compartments: tuple[Compartment, ...]) -> ToSeal:
    submitted = inspected.submitted
    return ToSeal(Binding.of(submitted), f"{submitted.source}/{submitted.subject}", compartments)


def _told(answer: Answer) -> Taken | Problem:
    match answer:
        case Kept(receipt, first):
            return Taken(receipt, first)
        case Contradicts():
            return Problem("other_content")
        case TooManyOrders():
            return Problem("too_many_orders", words={"limit": MOST_UNDECIDED, "seconds": _ORDERS_AGAIN_AFTER_S})


def _outcome(answer: Taken | Problem) -> str:
    match answer:
        case Taken(first=True):
            return "accepted"
        case Taken():
            return "duplicate"
        case Problem(code="other_content"):
            return "conflict"
        case Problem():
            return "refused"
