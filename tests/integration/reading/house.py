"""Scenario 1 as it stands after a step, really sealed, recorded and folded, with desks that answer from it."""

import json
from base64 import b64decode
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import psycopg
from fastapi import FastAPI

from events.chain import GENESIS, link
from events.codec import read_event, to_bytes
from events.compartments import Compartment, SealedCompartment
from events.envelope import RecordedEvent
from events.labels import Form
from events.parties import Agency, Audience, Duty
from events.units import unit, units
from infra.clock import Clock
from infra.crypto.boxes import Binding
from infra.crypto.likeness_keys import LikenessKeys, make_likeness_keys, search_recipient
from infra.crypto.opener import Opener
from infra.crypto.sealer import Sealer, ToSeal
from infra.embedded.databases import Databases
from infra.keys.service_keys import door_name, reader_name
from infra.postgres.access_log import AccessLog
from infra.postgres.agreements import AgreementReader
from infra.postgres.case_batch import Batch, InboxRow, StoredEvent
from infra.postgres.case_store import CaseStore
from infra.postgres.ended_access import EndedAccess
from infra.postgres.glass import GlassBook
from infra.postgres.pool import held_pool, open_pool
from infra.postgres.roles import ACCESS_ASKER, AUDIENCES, OWNER, PROJECTOR, door_role, reader_role
from infra.postgres.view_reader import ViewReader
from infra.postgres.view_store import ViewStore
from infra.postgres.withdrawals import WithdrawalReader
from infra.web.issuer import PUBLIC_FILE, issue_token, make_issuer_keys
from infra.web.server import create_app
from infra.web.tokens import TokenVerifier
from projections.disclosure.agreements import read_agreements
from projections.disclosure.box_plan import person_of
from projections.disclosure.packaged import packaged_agreement
from projections.disclosure.searching import who_may_search
from services.agencies.likeness import likeness_of
from services.projector.folding import fold_stream, route_all
from services.reading.desk import ReadingDesk
from services.reading.endpoints import reading_router, search_router
from tests.fixtures.keys import key_client, running_key_service
from tests.privacy.scenario_streams import case_streams

NOW = datetime(2026, 4, 17, 3, 0, tzinfo=UTC)
READER = "NGUOI-DOC-1"  # whoever asks in a house
REFERENCE = "R-101"  # by which every unit speaks of the child
DOORS = (Agency.POLICE, Agency.HEALTH, Agency.EDUCATION, Agency.SOCIAL_WORK)


class StandingClock:
    """A clock that stands at one moment."""

    simulated = False

    def now(self) -> datetime:
        return NOW


@dataclass(frozen=True)
class Speaker:
    agency: Agency
    unit: str
    audience: Audience | None
    duties: frozenset[Duty] = frozenset()


@dataclass(frozen=True)
class House:
    """Databases with a recorded and folded scenario, a key service, and an issuer of tokens."""

    databases: Databases
    directory: Path
    keys: str  # where the key service answers
    stack: AsyncExitStack
    streams: Mapping[UUID, list[RecordedEvent]]
    likeness: Mapping[str, Path]
    endings: EndedAccess

    @property
    def tokens(self) -> TokenVerifier:
        return TokenVerifier.of_built_in(self.directory / PUBLIC_FILE, self.endings)

    def pass_of(
        self, unit_id: str, *, duties: Iterable[Duty] = (), publisher: bool = False, person: str = READER
    ) -> str:
        found = unit(unit_id)
        speaker = Speaker(found.agency, unit_id, None if publisher else found.audience, frozenset(duties))
        return f"Bearer {issue_token(self.directory, speaker, person=person)}"

    async def desk(self, audience: Audience, clock: Clock | None = None) -> ReadingDesk:
        pool = await open_pool(self.databases.main(reader_role(audience)), max_size=2)
        keys = key_client(self.keys, self.directory, reader_name(audience))
        self.stack.push_async_callback(pool.close)
        self.stack.push_async_callback(keys.close)
        opener = Opener(keys)
        agreements = AgreementReader(pool, read_agreements)
        likeness = self.likeness.get(search_recipient(audience))
        return ReadingDesk(
            audience,
            ViewReader(pool, audience),
            AccessLog(pool, audience),
            opener,
            agreements,
            WithdrawalReader(pool),
            GlassBook(pool, audience),
            clock or StandingClock(),
            LikenessKeys.read(likeness) if likeness else None,
        )

    async def client(self, *desks: ReadingDesk) -> httpx.AsyncClient:
        app = create_app("test", ready={})
        app.include_router(reading_router({desk.audience: desk for desk in desks}, self.tokens))
        app.include_router(search_router({desk.audience: desk for desk in desks}, self.tokens))
        return await self.stack.enter_async_context(client_of(app))


def client_of(app: FastAPI) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://reading.test")


async def build_house(
    databases: Databases, directory: Path, stack: AsyncExitStack, step: int, also: Sequence[RecordedEvent] = ()
) -> House:
    """Seal, record and fold scenario 1 up to a step, and what is to follow in its streams."""
    told = {
        stream: [*events, *(one for one in also if one.subject == stream)]
        for stream, events in case_streams(step).items()
    }
    return await house_of(told, databases, directory, stack)


async def house_of(
    streams: Mapping[UUID, Sequence[RecordedEvent]], databases: Databases, directory: Path, stack: AsyncExitStack
) -> House:
    """Seal, record and fold streams; what keys the directory has are used, the others drawn."""
    make_issuer_keys(directory)
    likeness = make_likeness_keys(directory, who_may_search(packaged_agreement(), AUDIENCES))
    keys = stack.enter_context(running_key_service(databases, directory))
    sealed = await seal_streams(streams, keys, directory, stack)
    _mark(streams, databases, likeness)
    record_events(databases, [event for events in sealed.values() for event in events])
    await _fold(databases, sealed)
    endings = await endings_of(databases, stack)
    return House(databases, directory, keys, stack, sealed, likeness, endings)


async def endings_of(databases: Databases, stack: AsyncExitStack) -> EndedAccess:
    return EndedAccess(await held_pool(databases.main(ACCESS_ASKER), stack, autocommit=True))


async def seal_streams(
    streams: Mapping[UUID, Sequence[RecordedEvent]], url: str, directory: Path, stack: AsyncExitStack
) -> dict[UUID, list[RecordedEvent]]:
    """Put real boxes in the place of the marks of every event."""
    sealers = {}
    for agency in DOORS:
        keys = key_client(url, directory, door_name(agency))
        stack.push_async_callback(keys.close)
        sealers[agency] = Sealer(keys, agency)
    return {stream: [await _seal(event, sealers) for event in events] for stream, events in streams.items()}


async def _seal(event: RecordedEvent, sealers: Mapping[Agency, Sealer]) -> RecordedEvent:
    if not event.data.sealed:
        return event
    compartments = tuple(map(_in_the_clear, event.data.sealed))
    to_seal = ToSeal(Binding.of(event), f"{event.source}/R-101", compartments)
    [boxes] = await sealers[units()[event.source].agency].seal_all([to_seal])
    return event.model_copy(update={"data": event.data.model_copy(update={"sealed": boxes})})


def _in_the_clear(mark: SealedCompartment) -> Compartment:
    return Compartment(mark.category, mark.part, person_of(mark), mark.form, json.loads(b64decode(mark.box)))


def _mark(streams: Mapping[UUID, Sequence[RecordedEvent]], databases: Databases, likeness: Mapping[str, Path]) -> None:
    """Put by what each child is known again where its door would have put it."""
    keys = {recipient: LikenessKeys.read(file) for recipient, file in likeness.items()}
    with ExitStack() as stack:
        doors = {agency: stack.enter_context(psycopg.connect(databases.main(door_role(agency)))) for agency in DOORS}
        for event in (event for events in streams.values() for event in events if event.source in units()):
            said = tuple(one for one in map(_in_the_clear, event.data.sealed) if one.form is Form.FULL)
            marks = likeness_of(read_event(event, said), keys)
            agency = units()[event.source].agency
            for recipient, made in marks.items():
                row = (event.source, event.id, REFERENCE, recipient, made.key_version, list(made.marks))
                put = f"insert into door_{agency}.likeness values (%s, %s, %s, %s, %s, %s)"
                doors[agency].execute(put.encode(), row)


def record_events(databases: Databases, events: Sequence[RecordedEvent]) -> None:
    """Write events into the register as they are."""
    previous: dict[UUID, bytes] = {}
    stored, taken = [], []
    for event in events:
        recorded = to_bytes(event)
        digest = link(previous.get(event.subject, GENESIS), event.subject, event.sequence, recorded)
        previous[event.subject] = digest
        stored.append(StoredEvent(event.subject, event.sequence, event.type, recorded, digest))
        if event.source in units():
            taken.append(_taken(event))
    store = CaseStore(databases.main("case_record"), simulated=False)
    try:
        store.append(Batch(events=tuple(stored), inbox=tuple(taken)))
    finally:
        store.close()


def _taken(event: RecordedEvent) -> InboxRow:
    """Return what the register keeps of the message in which a unit stated it, by its unit's own reference."""
    return InboxRow(
        event.source,
        event.id,
        units()[event.source].agency.value,
        REFERENCE,
        event.sequence,
        "recorded",
        None,
        event.subject,
        event.sequence,
        event.recordedtime,
    )


async def _fold(databases: Databases, streams: Mapping[UUID, Sequence[RecordedEvent]]) -> None:
    store = ViewStore(databases.main(PROJECTOR))
    try:
        for events in streams.values():
            await store.save(fold_stream(route_all(None, events), {}, events, events, packaged_agreement()))
        await store.mark_done(sum(map(len, streams.values())))  # as recorded, one after the other
    finally:
        await store.close()


def write_sealing(databases: Databases, streams: Iterable[UUID], in_sight: Iterable[str] | None) -> None:
    """Write what the projector writes when an order to seal reaches it; None: when it is taken back."""
    named = sorted(in_sight) if in_sight is not None else None
    with psycopg.connect(databases.main(OWNER), autocommit=True) as connection:
        for audience in AUDIENCES:
            changed = "sealed_to = %s, body = jsonb_set(body, '{sealed_to}', %s)"
            change = f"update view_{audience}.case_files set {changed} where stream = any(%s)"
            connection.execute(change.encode(), [named, json.dumps(named), list(streams)])


def write_order(databases: Databases, source: str, reference: str, in_sight: Iterable[str]) -> None:
    """Write what a door writes with the acceptance of an order to seal; nobody has decided on it."""
    with psycopg.connect(databases.main(OWNER), autocommit=True) as connection:
        connection.execute(
            "insert into sealing.orders (source, id, reference, units, accepted_at) values (%s, %s, %s, %s, %s)",
            [source, f"order-of-{reference}", reference, [*in_sight], NOW],
        )


def without_entries(desk: ReadingDesk, broken: Any) -> ReadingDesk:
    """Return the desk with another access log."""
    return replace(desk, access=broken)
