"""A register with one record of each category, every part of it really sealed in both forms, folded for everybody."""

from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from events.compartments import SealedCompartment
from events.envelope import RecordedEvent
from events.labels import Category
from events.parties import Audience
from events.units import unit
from infra.crypto.boxes import Binding
from infra.crypto.data_keys import Asking
from infra.crypto.opener import Opener, ToOpen
from infra.embedded.databases import Databases
from infra.keys.client import KeyClient
from infra.keys.service_keys import ServiceKey, make_service_keys, reader_name
from infra.postgres.roles import AUDIENCES, PROJECTOR
from infra.postgres.view_rows import Changes, FileRow, StreamRow
from infra.postgres.view_store import ViewStore
from infra.web.issuer import issue_token, make_issuer_keys
from projections.case_file import CaseFile
from projections.disclosure.disclose import disclose
from projections.disclosure.packaged import packaged_agreement
from services.projector.folding import entry_row, file_row
from tests.controls.recorded import CASE
from tests.fixtures.keys import NAMES, running_key_service
from tests.integration.reading.house import Speaker, record_events, seal_streams
from tests.privacy.matrix import NOW, OWN_UNIT, Eyes, Situation, record_of
from tests.privacy.walls.cells import CATEGORIES


@dataclass(frozen=True)
class Sealed:
    """A box, and where it belongs."""

    binding: Binding
    box: SealedCompartment

    def to_open(self, stated: frozenset[str]) -> ToOpen:
        return ToOpen(self.binding, self.box, stated)


@dataclass(frozen=True)
class Stand:
    """Where the walls are attacked: databases, a key service, and what was recorded."""

    databases: Databases
    directory: Path
    keys: str
    stack: AsyncExitStack
    boxes: tuple[Sealed, ...]
    events: tuple[RecordedEvent, ...]

    def opener(self, audience: Audience) -> Opener:
        """Return an opener that asks as the reading service of an audience; of statistics nobody knows the key."""
        name = reader_name(audience)
        own = self.directory if name in NAMES else self.directory / "unknown"
        client = KeyClient(self.keys, ServiceKey.read(make_service_keys(own, (*NAMES, name))[name]))
        self.stack.push_async_callback(client.close)
        return Opener(client)

    def asking(self, eyes: Eyes, purpose: str) -> Asking:
        """Return how a reader asks, with a token of its own."""
        at = unit(OWN_UNIT.get(eyes.audience, OWN_UNIT[Audience.COORDINATOR]))
        speaker = Speaker(at.agency, at.id, eyes.audience, eyes.duties)
        return Asking(issue_token(self.directory, speaker, person="NGUOI-DOC-1"), purpose)


async def build_stand(databases: Databases, directory: Path, stack: AsyncExitStack) -> Stand:
    """Seal, record and route."""
    make_issuer_keys(directory)
    keys = stack.enter_context(running_key_service(databases, directory))
    marked = [_numbered(category, number) for number, category in enumerate(CATEGORIES, 1)]
    [events] = (await seal_streams({CASE: marked}, keys, directory, stack)).values()
    record_events(databases, events)
    await _route(databases, events)
    boxes = tuple(Sealed(Binding.of(event), box) for event in events for box in event.data.sealed)
    return Stand(databases, directory, keys, stack, boxes, tuple(events))


def _numbered(category: Category, number: int) -> RecordedEvent:
    """Return a record of somebody who reads nothing, so that it is nobody's own."""
    record = record_of(category, Audience.POLICE, Situation())
    return record.model_copy(update={"id": f"record-{number}", "sequence": number})


async def _route(databases: Databases, events: list[RecordedEvent]) -> None:
    told = (disclose(event, audience, packaged_agreement()) for event in events for audience in AUDIENCES)
    rows = tuple(entry_row(one) for one in told if one)
    store = ViewStore(databases.main(PROJECTOR))
    try:
        stream = StreamRow(CASE, 0, len(events), "{}")
        await store.save(Changes(streams=(stream,), files=tuple(map(_file, AUDIENCES)), entries=rows))
    finally:
        await store.close()


def _file(audience: Audience) -> FileRow:
    """Return a file of a case in which everybody takes part."""
    units = tuple(OWN_UNIT.values())
    return file_row(audience, CaseFile(stream=CASE, kind="case", status="open", changed_at=NOW, units=units))
