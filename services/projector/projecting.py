"""Bring events into the views: each batch in one transaction, each stream by its own version.

Promise: an event changes the views once, whatever is sent twice, late or in another order. What is missing is
read from the register. A stream that cannot be projected waits with a reason code; the others go on.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

import structlog

from events.codec import from_bytes
from events.envelope import RecordedEvent
from infra.postgres.case_batch import StoredEvent
from infra.postgres.faults import DatabaseUnreachableError
from infra.postgres.view_rows import Changes, Held, Quarantined
from infra.postgres.view_store import ProjectedMeanwhileError, RowsRefusedError
from projections.case_file import CaseFile
from projections.disclosure.agreement import Routes
from projections.routing import Routing
from services.projector.folding import fold_stream, route_all
from services.projector.ports import Register, RoutesNow, Views
from services.projector.reasons import reason_of

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Arrived:
    """One event as it came: from the register as bytes, from the topic read already."""

    stream: UUID
    version: int
    recorded: bytes | RecordedEvent


Versions = Mapping[int, Arrived]


@dataclass
class Projecting:
    """The one way into the views; whoever calls it waits for whoever called before.

    `moved` is called whenever something was written.
    """

    store: Views
    feed: Register
    agreements: RoutesNow
    moved: Callable[[], None] = lambda: None
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def project(self, arrived: Iterable[Arrived]) -> None:
        """Bring events into the views.

        Raises:
            DatabaseUnreachableError: if the register or the views do not answer; nothing was written.
        """
        streams: dict[UUID, dict[int, Arrived]] = defaultdict(dict)
        for one in arrived:
            streams[one.stream][one.version] = one
        async with self._turn:
            await self._together(streams)

    async def retry(self, stream: UUID) -> None:
        """Try a stream in quarantine again, from the register.

        It leaves the quarantine in the transaction that shows what waited: who dies in between has changed nothing.

        Raises:
            DatabaseUnreachableError: if the register or the views do not answer.
        """
        async with self._turn:
            await self._together({stream: _versions(await self.feed.stream(stream))}, retried=True)

    async def _together(self, streams: Mapping[UUID, Versions], *, retried: bool = False) -> None:
        """Project the streams in one transaction; when the database refuses it, each in its own."""
        while True:
            try:
                return await self._save(await self._fold(streams, retried=retried))
            except ProjectedMeanwhileError:
                continue  # another projector or a rebuild took some of it: what remains is folded again
            except RowsRefusedError as problem:
                if len(streams) == 1:
                    [stream] = streams
                    held = await self.store.load(streams)
                    return await self._save([_waits(stream, held, problem)])
                for stream, versions in streams.items():
                    await self._together({stream: versions}, retried=retried)
                return None

    async def _fold(self, streams: Mapping[UUID, Versions], *, retried: bool) -> list[Changes]:
        held = await self.store.load(streams)
        # Asked when the events are here: what was adopted before they were recorded is among it.
        routes = await self.agreements.current()
        folded: list[Changes] = []
        for stream, versions in streams.items():
            if stream in held.quarantined and not retried:
                continue
            changes = await self._fold_or_hold(stream, versions, held, routes)
            if retried and not (changes and changes.quarantined):
                changes = replace(changes or Changes(), released=(stream,))
            if changes:
                folded.append(replace(changes, rebuilds=held.rebuilds))
        return folded

    async def _fold_or_hold(self, stream: UUID, versions: Versions, held: Held, routes: Routes) -> Changes | None:
        if max(versions, default=0) <= held.versions.get(stream, 0):
            return None
        try:
            return await self._fold_one(stream, versions, held, routes)
        except DatabaseUnreachableError:
            raise
        except Exception as problem:  # noqa: BLE001 - whatever it is, it stops this stream and no other
            _log.exception("not_projected", stream=str(stream))
            return _waits(stream, held, problem)

    async def _fold_one(self, stream: UUID, versions: Versions, held: Held, routes: Routes) -> Changes | None:
        done = held.versions.get(stream, 0)
        events = [_read(versions[version].recorded) for version in sorted(versions) if version > done]
        if not _follow_on(events, done):
            events = [_read(stored.recorded) for stored in await self.feed.stream(stream, done + 1)]
        if not events:
            _log.warning("unknown_to_the_register", stream=str(stream))
            return None
        before = Routing.model_validate_json(held.routings[stream]) if done else None
        routed = route_all(before, events)
        history = events
        if done and routed.joining:
            stored = await self.feed.stream(stream)
            history = [_read(one.recorded) for one in stored if one.version <= routed.after.version]
        files = {
            audience: CaseFile.model_validate_json(held.files[audience, stream])
            for audience in routed.staying
            if (audience, stream) in held.files
        }
        return fold_stream(routed, files, events, history, routes)

    async def _save(self, folded: Sequence[Changes]) -> None:
        if folded:
            await self.store.save(_joined(folded))
            self.moved()
        for one in (row for changes in folded for row in changes.quarantined):
            _log.error("quarantined", stream=str(one.stream), version=one.version, reason=one.reason.value)


def _read(recorded: bytes | RecordedEvent) -> RecordedEvent:
    return from_bytes(RecordedEvent, recorded) if isinstance(recorded, bytes) else recorded


def _versions(stored: Iterable[StoredEvent]) -> Versions:
    return {one.version: Arrived(one.stream, one.version, one.recorded) for one in stored}


def _follow_on(events: Sequence[RecordedEvent], done: int) -> bool:
    return [event.sequence for event in events] == list(range(done + 1, done + 1 + len(events)))


def _waits(stream: UUID, held: Held, problem: Exception) -> Changes:
    return Changes(quarantined=(Quarantined(stream, held.versions.get(stream, 0) + 1, reason_of(problem)),))


def _joined(parts: Sequence[Changes]) -> Changes:
    return Changes(
        streams=tuple(row for part in parts for row in part.streams),
        files=tuple(row for part in parts for row in part.files),
        entries=tuple(row for part in parts for row in part.entries),
        names=tuple(row for part in parts for row in part.names),
        quarantined=tuple(row for part in parts for row in part.quarantined),
        released=tuple(stream for part in parts for stream in part.released),
        rebuilds=parts[0].rebuilds,
    )
