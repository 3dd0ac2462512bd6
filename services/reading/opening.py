"""Set up the desk of an audience from a process's settings."""

from contextlib import AsyncExitStack

from events.parties import Audience
from infra.clock import Clock
from infra.crypto.likeness_keys import LikenessKeys, search_recipient
from infra.crypto.opener import Opener
from infra.keys.client import KeyClient
from infra.keys.service_keys import ServiceKey, reader_name
from infra.postgres.access_log import AccessLog
from infra.postgres.agreements import AgreementReader
from infra.postgres.glass import GlassBook
from infra.postgres.pool import held_pool
from infra.postgres.roles import reader_role
from infra.postgres.view_reader import ViewReader
from infra.postgres.withdrawals import WithdrawalReader
from infra.settings import ServiceSettings
from projections.disclosure.agreements import read_agreements
from services.reading.desk import ReadingDesk


async def open_desk(audience: Audience, settings: ServiceSettings, clock: Clock, stack: AsyncExitStack) -> ReadingDesk:
    """Return the desk of an audience; `stack` closes what it holds.

    Raises:
        DatabaseUnreachableError: if a database does not answer.
        KeyError: if this process was not handed the audience's role or the key to ask for its keys with.
    """
    role = reader_role(audience)
    pool = await held_pool(settings.database(role), stack)
    likeness = settings.likeness_keys.get(search_recipient(audience))
    keys = KeyClient(settings.key_service, ServiceKey.read(settings.service_keys[reader_name(audience)]))
    stack.push_async_callback(keys.close)
    return ReadingDesk(
        audience,
        ViewReader(pool, audience),
        AccessLog(pool, audience),
        Opener(keys),
        AgreementReader(pool, read_agreements),
        WithdrawalReader(pool),
        GlassBook(pool, audience),
        clock,
        LikenessKeys.read(likeness) if likeness else None,
        settings.own_write_within_s,
    )
