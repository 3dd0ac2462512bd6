"""The views in memory: every audience's rows and the projector's own position, written together or not at all."""

from collections.abc import Collection
from uuid import UUID

from events.parties import Audience
from infra.postgres.view_rows import Changes, EntryRow, FileRow, Held, NameRow, Progress, Quarantined, StreamRow
from infra.postgres.view_store import ProjectedMeanwhileError, RowsRefusedError
from projections.case_file import CaseFile
from projections.disclosure.disclose import Disclosed
from projections.rebuild import Rebuilt
from tests.fakes.memory_case_store import MemoryCaseStore

_NO_TEXT = "\\u0000"  # PostgreSQL's jsonb takes every character but this


class MemoryViewStore:
    """Keeps the rows of one projector beside the register that it follows."""

    def __init__(self, register: MemoryCaseStore) -> None:
        self.streams: dict[UUID, StreamRow] = {}
        self.files: dict[tuple[Audience, UUID], FileRow] = {}
        self.entries: dict[tuple[Audience, UUID], dict[int, EntryRow]] = {}
        self.names: dict[tuple[Audience, str, str], NameRow] = {}
        self.waiting: dict[UUID, Quarantined] = {}
        self._register = register
        self._done = 0

    async def load(self, streams: Collection[UUID]) -> Held:
        known = [self.streams[stream] for stream in streams if stream in self.streams]
        return Held(
            {row.stream: row.version for row in known},
            {row.stream: row.routing for row in known},
            {(audience, stream): row.body for (audience, stream), row in self.files.items() if stream in streams},
            {stream for stream in streams if stream in self.waiting},
        )

    async def save(self, changes: Changes) -> None:
        if any(_NO_TEXT in row.told for row in changes.entries) or any(_NO_TEXT in row.body for row in changes.files):
            raise RowsRefusedError("UntranslatableCharacter")
        for row in changes.streams:
            known = self.streams.get(row.stream)
            if row.before != (known.version if known else 0):
                raise ProjectedMeanwhileError
        self.streams |= {row.stream: row for row in changes.streams}
        self.files |= {(row.audience, row.stream): row for row in changes.files}
        for entry in changes.entries:
            self.entries.setdefault((entry.audience, entry.stream), {}).setdefault(entry.version, entry)
        for name in changes.names:
            self.names.setdefault((name.audience, name.holder, name.reference), name)
        for one in changes.quarantined:
            self.waiting[one.stream] = one
        for stream in changes.released:
            self.waiting.pop(stream, None)

    async def quarantined(self) -> list[UUID]:
        return list(self.waiting)

    async def progress(self) -> Progress:
        missing = (
            position
            for position, event in enumerate(self._register.history, 1)
            if position > self._done
            and event.stream not in self.waiting
            and event.version > (self.streams[event.stream].version if event.stream in self.streams else 0)
        )
        return Progress(self._done, next(missing, None), len(self._register.history))

    async def mark_done(self, position: int) -> None:
        self._done = max(self._done, position)

    def of(self, audience: Audience, stream: UUID) -> Rebuilt:
        """Return what an audience's rows say of a stream."""
        file = self.files.get((audience, stream))
        entries = self.entries.get((audience, stream), {})
        return Rebuilt(
            CaseFile.model_validate_json(file.body) if file else None,
            tuple(Disclosed.model_validate_json(entries[version].told) for version in sorted(entries)),
        )
