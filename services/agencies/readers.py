"""The desks at which a door's own units read their views: one per audience, with its own role and key ring."""

from contextlib import AsyncExitStack

from events.parties import Audience
from infra.clock import Clock
from infra.crypto.keyring import KeyRing
from infra.crypto.opener import Opener
from infra.postgres.access_log import AccessLog
from infra.postgres.key_store import KeyStore
from infra.postgres.pool import Pool, open_pool
from infra.postgres.roles import reader_role
from infra.postgres.view_reader import ViewReader
from infra.settings import ServiceSettings
from projections.disclosure.packaged import packaged_agreement
from services.agencies.sector import Sector
from services.reading.desk import ReadingDesk


async def reading_desks(
    sector: Sector, settings: ServiceSettings, clock: Clock, stack: AsyncExitStack
) -> dict[Audience, ReadingDesk]:
    """Return a desk for each audience of the sector for which this process was handed a key ring.

    Raises:
        DatabaseUnreachableError: if a database does not answer.
    """
    served = [audience for audience in sector.audiences if f"audience.{audience}" in settings.key_rings]
    return {audience: await _desk(audience, settings, clock, stack) for audience in served}


async def _desk(audience: Audience, settings: ServiceSettings, clock: Clock, stack: AsyncExitStack) -> ReadingDesk:
    role = reader_role(audience)
    pool = await held_pool(settings.database(role), stack)
    keys = KeyStore(await held_pool(settings.key_database(role), stack))
    opener = Opener(keys, KeyRing.read(settings.key_rings[f"audience.{audience}"]))
    return ReadingDesk(
        audience, ViewReader(pool, audience), AccessLog(pool, audience), opener, packaged_agreement(), clock
    )


async def held_pool(dsn: str, stack: AsyncExitStack) -> Pool:
    """Return an open pool that `stack` closes.

    Raises:
        DatabaseUnreachableError: if no connection comes about.
    """
    pool = await open_pool(dsn)
    stack.push_async_callback(pool.close)
    return pool
