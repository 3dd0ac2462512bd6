"""The way straight over Kafka: letters are opened, journaled like what comes over HTTP, and answered.

Promise: a letter is answered after what it says is in the register, and counts as read after its answer is with the
broker. Whoever dies in between, it is read again: the register knows it by source and id, and the answer is the same.
A letter that cannot be taken is answered with the reason and holds up nobody.
"""

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

import structlog
from joserfc.jwk import OKPKey
from prometheus_client import Counter

from events.parties import Agency
from infra.crypto.letter_keys import DoorLetterKeys, public_keys, read_senders
from infra.crypto.letters import Letter, NotOpenedError, Sender, UnknownSenderError, open_letter, write_answer
from infra.kafka.cluster import BrokerUnreachable, TopicRefused
from infra.kafka.publisher import Outgoing, PublishFailed
from infra.kafka.subscriber import BrokerReborn, Incoming, StartAt, Subscriber
from infra.kafka.topics import inbox_topic, receipts_topic
from infra.postgres.deliveries import Deliveries, Position
from infra.postgres.faults import DatabaseUnreachableError
from infra.web.problems import LANGUAGES, Problem, Refused
from services.agencies.desk import Desk, Taken

_BATCH = 50  # letters of up to a megabyte
_WAIT_MS = 1_000
_FETCH_WAIT_MS = 500  # nobody waits at a screen: an idle inbox asks the broker little
_RETRY_S = 0.5
_NOBODY_S = 5.0  # how soon a newly registered sender is heard
_AWAY = (BrokerReborn, BrokerUnreachable, TopicRefused, PublishFailed, DatabaseUnreachableError, Refused)

_LETTERS = Counter("chungtay_door_letters_total", "Letters that came over Kafka.", ["agency", "outcome"])
_log = structlog.get_logger()


class Courier(Protocol):
    """Sends; `infra.kafka.publisher.Publisher` is the one in use."""

    async def send(self, items: Sequence[Outgoing]) -> None:
        """Return when all are acknowledged."""
        ...


@dataclass(frozen=True, slots=True, repr=False)
class Correspondence:
    """With what keys a door opens letters, by which it knows senders, and how it signs its answers."""

    keys: DoorLetterKeys
    senders_file: Path
    signing: OKPKey

    def senders(self, agency: Agency) -> dict[str, Sender]:
        """Return who may write now; read anew each time, so that whom one removes is out at once."""
        return read_senders(self.senders_file, agency)

    def public(self) -> dict[str, Any]:
        """Return what a sender must know of the door (JSON Web Key Set)."""
        return public_keys(self.keys, self.signing)


@dataclass(frozen=True, slots=True)
class _Answered:
    """What came of a letter; `sender` None: nobody knows who wrote it."""

    sender: Sender | None
    answer: Taken | Problem


class Inbox:
    """Takes the letters of one agency's units."""

    def __init__(
        self, agency: Agency, desk: Desk, letters: Correspondence, deliveries: Deliveries, courier: Courier
    ) -> None:
        self._agency = agency
        self._desk = desk
        self._letters = letters
        self._deliveries = deliveries
        self._courier = courier
        self.moved: Callable[[], None] = lambda: None  # called while it reads, has nothing to read, or waits

    async def run(self, broker: str) -> None:
        """Read for ever; from the beginning when another broker answers. Nobody registered: the broker is not asked."""
        while True:
            self.moved()
            if not self._letters.senders(self._agency):
                await asyncio.sleep(_NOBODY_S)
                continue
            try:
                await self._follow(broker)
            except _AWAY as problem:
                _log.warning("inbox_waits", agency=self._agency.value, error=type(problem).__name__)
                await asyncio.sleep(_RETRY_S)

    async def _follow(self, broker: str) -> None:
        known = await self._deliveries.positions()
        starts = [StartAt(at.topic, at.partition, at.next_offset, at.cluster_id) for at in known]
        subscriber = Subscriber(broker, [inbox_topic(self._agency)], starts, fetch_wait_ms=_FETCH_WAIT_MS)
        try:
            await subscriber.start()
            while True:
                self.moved()
                found = await subscriber.batch(_BATCH, _WAIT_MS)
                if found:
                    await self._take(found, subscriber.cluster_id)
        finally:
            await subscriber.stop()

    async def _take(self, found: Sequence[Incoming], cluster_id: str) -> None:
        senders = self._letters.senders(self._agency)
        opened = [self._open(one.value, senders) for one in found]
        answered = await self._journaled(opened)
        await self._courier.send([self._written(one, came) for one, came in zip(found, answered, strict=True)])
        read = {(one.topic, one.partition): one.offset + 1 for one in found}
        await self._deliveries.settle((), [Position(*place, offset, cluster_id) for place, offset in read.items()])

    def _open(self, value: bytes, senders: dict[str, Sender]) -> Letter | Problem:
        try:
            return open_letter(value, self._letters.keys.keys, senders)
        except NotOpenedError:
            return Problem("letter_not_opened")
        except UnknownSenderError:
            return Problem("unknown_sender")

    async def _journaled(self, opened: Sequence[Letter | Problem]) -> list[_Answered]:
        """Answer each letter, in order; letters of one unit go to the desk together, in their order.

        Raises:
            Refused: if the register can keep nothing just now.
        """
        answers = {at: _Answered(None, one) for at, one in enumerate(opened) if isinstance(one, Problem)}
        units: dict[str, list[int]] = {}
        for at, one in enumerate(opened):
            if isinstance(one, Letter):
                units.setdefault(one.sender.unit, []).append(at)
        for unit, places in units.items():
            letters = [one for at in places if isinstance(one := opened[at], Letter)]
            taken = await self._taken(letters, unit)
            for at, letter, answer in zip(places, letters, taken, strict=True):
                answers[at] = _Answered(letter.sender, answer)
        return [answers[at] for at in range(len(opened))]

    async def _taken(self, letters: Sequence[Letter], unit: str) -> list[Taken | Problem]:
        """Take letters together; where that fails for a reason nobody foresaw, each by itself.

        Raises:
            Refused: if the register can keep nothing just now.
        """
        try:
            return await self._desk.take([one.content for one in letters], unit)
        except Refused:
            raise
        except Exception as problem:  # noqa: BLE001 - a letter must not hold up those behind it for ever
            if len(letters) == 1:
                _log.error("letter_failed", agency=self._agency.value, error=type(problem).__name__)
                return [Problem("internal")]
        return [answer for one in letters for answer in await self._taken([one], unit)]

    def _written(self, letter: Incoming, came: _Answered) -> Outgoing:
        """Write the answer; its key is the hash of the letter, by which the sender and nobody else finds it."""
        mark = sha256(letter.value).hexdigest()
        _LETTERS.labels(self._agency.value, _outcome(came.answer)).inc()
        content = json.dumps({"letter_sha256": mark, **_told(came.answer)}, ensure_ascii=False).encode()
        sealed = write_answer(content, self._letters.signing, came.sender)
        return Outgoing(receipts_topic(self._agency), mark.encode(), sealed)


def _told(answer: Taken | Problem) -> dict[str, Any]:
    """Return what HTTP would answer: a status and a receipt, or a problem, here in both languages."""
    match answer:
        case Taken():
            return {"status": 202 if answer.first else 200, "receipt": answer.receipt.model_dump(mode="json")}
        case Problem():
            documents = {language: answer.document(language) for language in LANGUAGES}
            return {"status": answer.status, "problem": documents}


def _outcome(answer: Taken | Problem) -> str:
    match answer:
        case Taken(first=True):
            return "accepted"
        case Taken():
            return "duplicate"
        case Problem():
            return "refused"
