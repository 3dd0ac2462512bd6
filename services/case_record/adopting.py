"""Take a version of the sharing agreement into force: signed by every party, following the one in force, or refused.

The event, its link, the version and the answer to who asked are one transaction: a process that dies has adopted or it
has not. What is in force already is not adopted again.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal, Protocol
from uuid import UUID

import structlog

from events.chain import GENESIS, link, tied
from events.codec import to_bytes
from events.envelope import RecordedContents, RecordedEvent
from events.privacy import AgreementAdopted
from infra.clock import RegisterClock
from infra.crypto.party_keys import Parties, read_signatures
from infra.ids import Ids
from infra.postgres.agreement_rows import AGREEMENT_STREAM, AdoptedRow, AdoptionAsked, AdoptionDecided
from infra.postgres.case_batch import Batch, StoredEvent
from projections.candidate import read_candidate
from projections.disclosure.document import read_document
from projections.disclosure.packaged import packaged_text
from services.case_record.domain.streams import CASE_RECORD

Refusal = Literal["does_not_load", "does_not_follow", "name_used_before", "not_signed_by_all", "no_parties"]

_log = structlog.get_logger()


class AdoptionStore(Protocol):
    """The register, as far as adoptions go."""

    def adopted(self) -> Sequence[AdoptedRow]:
        """Return every version, the oldest first."""
        ...

    def adoptions_asked(self) -> Sequence[AdoptionAsked]:
        """Return the requests that were not decided on, the oldest first."""
        ...

    def load(self, streams: Collection[UUID]) -> dict[UUID, list[StoredEvent]]:
        """Return the events of these streams, by version."""
        ...

    def append(self, batch: Batch) -> None:
        """Write a batch in one transaction."""
        ...


@dataclass(frozen=True, slots=True)
class Adopting:
    """Decides on what was asked for; one at a time, in the process that alone writes to the register."""

    store: AdoptionStore
    clock: RegisterClock
    ids: Ids
    parties: Parties

    def begin(self) -> None:
        """Adopt the packaged version where there is none: a register begins under it.

        Raises:
            DatabaseUnreachableError: if the register stays away.
        """
        if not self.store.adopted():
            self.store.append(self._adoption(0, packaged_text(), "[]"))
            _log.info("agreement_adopted", version=0)

    def decide(self) -> None:
        """Decide on every request that waits, in the order of asking.

        Raises:
            DatabaseUnreachableError: if the register stays away; what was not decided on is, the next time.
        """
        for asked in self.store.adoptions_asked():
            batch = self._decided(asked, self.store.adopted())
            self.store.append(batch)
            [decided] = batch.adoptions_decided
            _log.info("agreement_decided", version=decided.number, reason=decided.refusal)

    def _decided(self, asked: AdoptionAsked, adopted: Sequence[AdoptedRow]) -> Batch:
        newest = adopted[-1]
        if newest.document == asked.document:
            return Batch(adoptions_decided=(AdoptionDecided(asked.id, newest.number, None),))
        refusal = self._refusal(asked, adopted)
        if refusal:
            return Batch(adoptions_decided=(AdoptionDecided(asked.id, None, refusal),))
        return self._adoption(newest.number + 1, asked.document, asked.signatures, asked)

    def _refusal(self, asked: AdoptionAsked, adopted: Sequence[AdoptedRow]) -> Refusal | None:
        """Return why it is refused; what not every party signed is not even read."""
        if not self.parties.keys:
            return "no_parties"
        try:
            if self.parties.missing(asked.document, read_signatures(asked.signatures)):
                return "not_signed_by_all"
            document = read_candidate(asked.document.decode())
        except ValueError:
            return "does_not_load"
        if document.follows != adopted[-1].version:
            return "does_not_follow"
        if document.agreement.version in {row.version for row in adopted}:
            return "name_used_before"
        return None

    def _adoption(self, number: int, document: bytes, signatures: str, asked: AdoptionAsked | None = None) -> Batch:
        """Return the event with its link, the version, and the answer to who asked."""
        at = self.clock.later()
        version = read_document(document.decode()).agreement.version
        event = AgreementAdopted(
            number=number,
            version=version,
            document_sha256=sha256(document).hexdigest(),
            signatures_sha256=sha256(signatures.encode()).hexdigest(),
        )
        before = self.store.load([AGREEMENT_STREAM])[AGREEMENT_STREAM]
        recorded = RecordedEvent(
            id=f"agreement-{number}",
            source=CASE_RECORD,
            type=event.TYPE,
            time=at,
            subject=AGREEMENT_STREAM,
            recordedtime=at,
            sequence=len(before) + 1,
            simulated=self.clock.simulated,
            data=RecordedContents(open=event.model_dump(mode="json"), nonce=self.ids.nonce()),
        )
        raw = to_bytes(recorded)
        previous = tied(before[-1].way, before[-1].digest) if before else GENESIS
        digest = link(previous, recorded.subject, recorded.sequence, raw)
        return Batch(
            events=(StoredEvent(recorded.subject, recorded.sequence, recorded.type, raw, digest),),
            adopted=(AdoptedRow(number, version, at, document, signatures),),
            adoptions_decided=(AdoptionDecided(asked.id, number, None),) if asked else (),
        )
