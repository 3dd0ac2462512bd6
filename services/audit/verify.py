"""Does the history hold: every event there, unchanged, in order, and nothing decided that is gone.

A box is checked by the SHA-256 that the database makes of it; what was linked over boxes themselves is counted as
unchecked, and left to `chungtay verify`, which reads the exact bytes (decision 0036).
Memory: two rows at a time; the streams come in order, each by version.
"""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal
from uuid import UUID

from pydantic import JsonValue

from events.chain import Link, follows_without_boxes
from events.codec import from_bytes
from events.envelope import RecordedEvent
from infra.postgres.agreement_rows import AGREEMENT_STREAM, AdoptedRow
from infra.postgres.audit_reader import AuditReader, PairRow
from infra.postgres.faults import DatabaseUnreachableError
from infra.web.problems import Refused
from services.reading.answering import load, logged
from services.reading.desk import Visit
from services.reading.writing_down import ASK_AGAIN_S, Told

Reason = Literal["missing", "unlinked", "changed", "renamed"]


@dataclass(frozen=True, slots=True)
class Break:
    """The first place where the history does not hold; `event` is None when nothing of it is left."""

    stream: UUID
    version: int
    event: str | None
    reason: Reason


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was looked at, and the first break, None when all holds.

    Units: `unchecked` counts those of `events` of which nobody can say whether they were changed without their boxes.
    """

    streams: int
    events: int
    unchecked: int
    first_break: Break | None


async def show_verdict(visit: Visit, register: AuditReader, case: str | None) -> bytes:
    """Return whether the history holds, of one case with its reports or of everything.

    Raises:
        Refused: if there is no such case, or it could not be read or the access entry not be written.
    """
    loaded = await load(visit, case) if case is not None else None
    streams = frozenset(loaded.versions) if loaded else None
    try:
        async with register.pairs(streams) as pairs:
            verdict = await verdict_on(pairs)
        bad = verdict.first_break or (agreement_break(await register.adoptions()) if streams is None else None)
        names = await visit.desk.views.references(visit.holder, [bad.stream]) if bad else {}
    except DatabaseUnreachableError:
        raise Refused("no_answer", seconds=ASK_AGAIN_S) from None
    answer: JsonValue = {
        "holds": bad is None,
        "streams": verdict.streams,
        "events": verdict.events,
        "unchecked": verdict.unchecked,
        "first_break": _line(bad, names) if bad else None,
    }
    versions, policies = (loaded.versions, loaded.policies) if loaded else ({}, ())
    return await logged(visit, answer, Told(versions, frozenset(), frozenset(), policies))


def _line(bad: Break, names: Mapping[UUID, str]) -> JsonValue:
    """Return where it is, by the auditor's name for the case or by the number of the agreement's version."""
    of_agreement = bad.stream == AGREEMENT_STREAM
    return {
        "case": None if of_agreement else names.get(bad.stream, str(bad.stream)),
        "agreement": bad.version - 1 if of_agreement else None,
        "version": bad.version,
        "event": bad.event,
        "reason": bad.reason,
    }


def agreement_break(adoptions: Sequence[tuple[AdoptedRow | None, bytes | None]]) -> Break | None:
    """Return the first version of the agreement that is not what the event of its adoption says.

    Order: by number, each beside its event; None stands for the one that is missing.
    """
    for version, (row, recorded) in enumerate(adoptions, start=1):
        try:
            event = from_bytes(RecordedEvent, recorded) if recorded else None
        except ValueError:
            return Break(AGREEMENT_STREAM, version, None, "changed")
        if row is None or event is None:
            return Break(AGREEMENT_STREAM, version, event.id if event else None, "missing")
        said = {
            "number": row.number,
            "version": row.version,
            "document_sha256": sha256(row.document).hexdigest(),
            "signatures_sha256": sha256(row.signatures.encode()).hexdigest(),
        }
        if event.data.open != said or event.recordedtime != row.adopted_at:
            return Break(AGREEMENT_STREAM, version, event.id, "changed")
    return None


async def verdict_on(pairs: AsyncIterator[PairRow]) -> Verdict:
    """Return whether all of these hold.

    Order: by stream and version.
    """
    streams, events, unchecked = 0, 0, 0
    chain: _Chain | None = None
    first: Break | None = None
    async for row in pairs:
        if chain is None or chain.stream != row.stream:
            chain = _Chain(row.stream)
            streams += 1
        events += row.recorded is not None
        if first is None:
            first = chain.break_at(row)
            unchecked += chain.is_unchecked
    return Verdict(streams, events, unchecked, first)


class _Chain:
    """Follows one stream."""

    def __init__(self, stream: UUID) -> None:
        self.stream = stream
        self.is_unchecked = False  # of the row looked at last
        self._before: Link | None = None
        self._expected = 1

    def break_at(self, row: PairRow) -> Break | None:
        """Return what is wrong at the next row, if anything is."""
        self.is_unchecked = False
        if row.version != self._expected:
            return Break(self.stream, self._expected, None, "missing")
        if row.recorded is None:
            return Break(self.stream, row.version, row.decided, "missing")
        if row.digest is None or row.way is None:
            return Break(self.stream, row.version, _told_in(row.recorded, "id"), "unlinked")
        found = Link(self.stream, row.version, row.recorded, row.digest, row.way)
        follows = follows_without_boxes(self._before, found)
        if follows is False:
            return Break(self.stream, row.version, _told_in(row.recorded, "id"), "changed")
        if row.type != _told_in(row.recorded, "type"):
            return Break(self.stream, row.version, _told_in(row.recorded, "id"), "renamed")
        self.is_unchecked = follows is None
        self._before = found
        self._expected += 1
        return None


def _told_in(recorded: bytes, name: str) -> str | None:
    """Return the id or type that the bytes tell, as far as they can still be read."""
    try:
        told = json.loads(recorded)
    except ValueError:
        return None
    found = told.get(name) if isinstance(told, dict) else None
    return found if isinstance(found, str) else None
