"""The doors' process: one door per port of its settings, each with its own role, keys and secrets."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from events.parties import Agency, Audience
from infra.backlog import Backlog
from infra.clock import Clock, clock_from
from infra.crypto.door_secrets import DoorSecrets
from infra.crypto.letter_keys import DoorLetterKeys, signing_key
from infra.crypto.likeness_keys import LikenessKeys
from infra.crypto.sealer import Sealer
from infra.kafka.cluster import Cluster
from infra.kafka.publisher import Publisher
from infra.keys.client import KeyClient
from infra.keys.service_keys import ServiceKey, door_name, reader_name
from infra.postgres.deliveries import Deliveries
from infra.postgres.ended_access import open_endings
from infra.postgres.journal import Journal
from infra.postgres.pool import held_pool
from infra.postgres.roles import door_role
from infra.running import run_process
from infra.settings import ServiceSettings
from infra.tasks import end_all
from infra.watchdog import Watchdog
from infra.web.connection import Patience
from infra.web.server import Check, Measure, Served, create_app, serve
from infra.web.tokens import TokenVerifier
from infra.web.trusted_issuer import verifier_of
from projections.glass import BREAKERS
from services.agencies import education, health, police, social_work
from services.agencies.desk import Desk
from services.agencies.endpoints import door_router, letters_router
from services.agencies.inbox import Correspondence, Inbox
from services.agencies.inspection import Inspector
from services.agencies.outcomes import Outcomes
from services.agencies.relay import Relay
from services.agencies.sector import Sector
from services.reading.desk import ReadingDesk
from services.reading.endpoints import reading_router, search_router
from services.reading.glass_endpoints import breaking_router, glasses_router, reviews_router
from services.reading.opening import open_desk

SECTORS: dict[Agency, Sector] = {
    module.SECTOR.agency: module.SECTOR for module in (police, health, education, social_work)
}


class OtherTimeError(Exception):
    """The journal was filled in simulated time and the clock is real, or the other way round."""


@dataclass(frozen=True, slots=True)
class Shared:
    """What the doors of one process share."""

    settings: ServiceSettings
    clock: Clock
    verifier: TokenVerifier
    broker_answers: Check
    watchdog: Watchdog

    @property
    def ready(self) -> dict[str, Check]:
        """What no door can work without, beside what is its own."""
        return {"broker": self.broker_answers, "issuer": self.verifier.answers}


@dataclass(frozen=True, slots=True)
class Door:
    """A door and the work behind it."""

    served: Served
    work: tuple[Callable[[], Coroutine[None, None, None]], ...]


def main() -> int:
    """Run until SIGTERM; return 0 then, and 1 when the doors cannot go on."""
    return run_process(work)


async def work(settings: ServiceSettings, stack: AsyncExitStack, stop: asyncio.Event) -> None:
    """Serve every door until told to stop."""
    shared = await share(settings, stack)
    doors = [await open_door(Agency(name), port, shared, stack) for name, port in settings.ports.items()]
    shared.watchdog.start()
    stack.callback(shared.watchdog.stop)
    await _until(stop, doors)


async def share(settings: ServiceSettings, stack: AsyncExitStack) -> Shared:
    """Return what the doors of this process share.

    Raises:
        ValueError: if the settings name no public keys of an issuer.
    """
    cluster, alone = Cluster(settings.broker), asyncio.Lock()
    stack.push_async_callback(cluster.close)

    async def broker_answers() -> str:
        async with alone:
            return await cluster.id()

    return Shared(
        settings,
        clock_from(settings.clock),
        verifier_of(settings, await open_endings(settings, stack)),
        broker_answers,
        Watchdog(settings.stopped_moving_after_s),
    )


async def open_door(agency: Agency, port: int, shared: Shared, stack: AsyncExitStack) -> Door:
    """Wire one door; `stack` closes what it holds.

    Raises:
        DatabaseUnreachableError: if a database does not answer.
        OtherTimeError: if its journal was filled by another kind of clock.
    """
    settings, role, sector = shared.settings, door_role(agency), SECTORS[agency]
    secrets = DoorSecrets.read(settings.door_secrets[agency.value])
    pool = await held_pool(settings.database(role), stack, autocommit=True)
    journal, deliveries = Journal(pool, secrets), Deliveries(pool, agency)
    if await journal.is_simulated() not in {None, shared.clock.simulated}:
        raise OtherTimeError(agency)
    relay = _relay(agency, deliveries, settings, stack)
    keys = _keys(agency, settings, stack)
    inspector = Inspector(agency, shared.clock, ahead=timedelta(seconds=settings.ahead_s))
    likeness = {recipient: LikenessKeys.read(file) for recipient, file in settings.likeness_keys.items()}
    sealer = Sealer(keys, agency)
    desk = Desk(inspector, sealer, journal, likeness=likeness, clock=shared.clock, on_kept=relay.wake)
    app = create_app(
        sector.name,
        about={"vi": sector.vi, "en": sector.en},
        ready={"database": journal.is_simulated, "keys": keys.answers, **shared.ready},
        behind=_measures(deliveries),
        limits=settings.limits,
    )
    app.include_router(door_router(sector, desk, journal, shared.verifier))
    desks = await _reading_desks(sector, shared, stack)
    app.include_router(reading_router(desks, shared.verifier))
    app.include_router(search_router(desks, shared.verifier))
    if desks.keys() & BREAKERS:
        app.include_router(breaking_router(desks, shared.verifier, sealer))
    app.include_router(glasses_router(desks, shared.verifier))
    app.include_router(reviews_router(desks, shared.verifier))
    outcomes = Outcomes(agency, deliveries, settings.broker)
    relay.moved, outcomes.moved = shared.watchdog.part(f"relay.{agency}"), shared.watchdog.part(f"outcomes.{agency}")
    inbox = _inbox(desk, deliveries, agency, shared, stack)
    app.include_router(letters_router(_correspondence(agency, settings)))
    return Door(Served(app, settings.host, port, Patience.of(settings)), (relay.run, outcomes.run, *inbox))


def _keys(agency: Agency, settings: ServiceSettings, stack: AsyncExitStack) -> KeyClient:
    keys = KeyClient(settings.key_service, ServiceKey.read(settings.service_keys[door_name(agency)]))
    stack.push_async_callback(keys.close)
    return keys


def _correspondence(agency: Agency, settings: ServiceSettings) -> Correspondence | None:
    """Return what the door needs for letters over Kafka, if this process was handed keys for them."""
    if agency.value not in settings.letter_keys or settings.letter_senders is None:
        return None
    secrets = DoorSecrets.read(settings.door_secrets[agency.value])
    keys = DoorLetterKeys.read(settings.letter_keys[agency.value])
    return Correspondence(keys, settings.letter_senders, signing_key(secrets.signing_key, secrets.signing_key_id))


def _inbox(
    desk: Desk, deliveries: Deliveries, agency: Agency, shared: Shared, stack: AsyncExitStack
) -> tuple[Callable[[], Coroutine[None, None, None]], ...]:
    letters, broker = _correspondence(agency, shared.settings), shared.settings.broker
    if letters is None:
        return ()
    publisher = Publisher(broker, f"door.{agency}.answers")
    stack.push_async_callback(publisher.stop)
    inbox = Inbox(agency, desk, letters, deliveries, publisher)
    inbox.moved = shared.watchdog.part(f"inbox.{agency}")
    return (partial(inbox.run, broker),)


def _measures(deliveries: Deliveries) -> dict[str, Measure]:
    async def unsent() -> Backlog:
        found = await deliveries.backlog()
        return Backlog(found.unsent, found.unsent_age_s)

    async def without_outcome() -> Backlog:
        found = await deliveries.backlog()
        return Backlog(found.without_outcome, found.age_s)

    return {"unsent": unsent, "without_outcome": without_outcome}


def _relay(agency: Agency, deliveries: Deliveries, settings: ServiceSettings, stack: AsyncExitStack) -> Relay:
    publisher, cluster = Publisher(settings.broker, f"door.{agency}"), Cluster(settings.broker)
    stack.push_async_callback(cluster.close)
    stack.push_async_callback(publisher.stop)
    return Relay(agency, deliveries, publisher, cluster, resend_after_s=settings.resend_after_s)


async def _reading_desks(sector: Sector, shared: Shared, stack: AsyncExitStack) -> dict[Audience, ReadingDesk]:
    """Open a desk for each audience of the sector for which this process was handed a key to ask with."""
    served = [audience for audience in sector.audiences if reader_name(audience) in shared.settings.service_keys]
    return {audience: await open_desk(audience, shared.settings, shared.clock, stack) for audience in served}


async def _until(stop: asyncio.Event, doors: Sequence[Door]) -> None:
    """Serve and work until `stop` is set; raise what ended the work before."""
    serving = asyncio.create_task(serve([door.served for door in doors], stop))
    tasks = [serving, *(asyncio.create_task(work()) for door in doors for work in door.work)]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        stop.set()
        await end_all(tasks[1:])
        await asyncio.gather(serving, return_exceptions=True)
