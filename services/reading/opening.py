"""Set up the desk of an audience from a process's settings."""

from contextlib import AsyncExitStack
from pathlib import Path

from events.parties import Audience
from infra.clock import Clock
from infra.crypto.keyring import KeyRing
from infra.crypto.likeness_keys import LikenessKeys, search_recipient
from infra.crypto.opener import Opener
from infra.issuers import TrustedIssuer, is_loopback
from infra.postgres.access_log import AccessLog
from infra.postgres.agreements import AgreementReader
from infra.postgres.key_store import KeyStore
from infra.postgres.pool import Pool, open_pool
from infra.postgres.roles import reader_role
from infra.postgres.view_reader import ViewReader
from infra.settings import ServiceSettings
from infra.web.tokens import TokenVerifier
from projections.disclosure.agreements import read_agreements
from services.reading.desk import ReadingDesk


async def open_desk(audience: Audience, settings: ServiceSettings, clock: Clock, stack: AsyncExitStack) -> ReadingDesk:
    """Return the desk of an audience; `stack` closes what it holds.

    Raises:
        DatabaseUnreachableError: if a database does not answer.
        KeyError: if this process was not handed the audience's role or key ring.
    """
    role = reader_role(audience)
    pool = await held_pool(settings.database(role), stack)
    keys = await held_pool(settings.key_database(role), stack)
    opener = Opener(KeyStore(keys), KeyRing.read(settings.key_rings[f"audience.{audience}"]))
    likeness = settings.likeness_keys.get(search_recipient(audience))
    return ReadingDesk(
        audience,
        ViewReader(pool, audience),
        AccessLog(pool, audience),
        opener,
        AgreementReader(pool, read_agreements),
        clock,
        LikenessKeys.read(likeness) if likeness else None,
        settings.own_write_within_s,
    )


async def held_pool(dsn: str, stack: AsyncExitStack) -> Pool:
    """Return an open pool that `stack` closes.

    Raises:
        DatabaseUnreachableError: if no connection comes about.
    """
    pool = await open_pool(dsn)
    stack.push_async_callback(pool.close)
    return pool


def verifier_of(settings: ServiceSettings) -> TokenVerifier:
    """Return the verifier of the issuer that the settings name.

    Raises:
        ValueError: if they name none or two, or the built-in issuer where other machines could ask.
    """
    match settings.issuer, settings.issuer_keys:
        case TrustedIssuer() as issuer, None:
            return TokenVerifier.of_issuer(issuer)
        case None, Path() as keys if is_loopback(settings.host):
            return TokenVerifier.of_built_in(keys)
        case None, Path():
            raise ValueError("settings.host is reached from elsewhere: the built-in issuer is for this machine alone")
        case _:
            raise ValueError("settings name one issuer, by issuer or by issuer_keys: else nobody could be verified")
