"""The key service's process: wired from its settings, ended by SIGTERM."""

import asyncio
from contextlib import AsyncExitStack

from fastapi import FastAPI

from events.labels import Form
from events.parties import Agency
from infra.clock import clock_from
from infra.keys.assertions import AssertionVerifier
from infra.keys.key_encryption import SEALED_CATEGORIES, FileKeys, KeyEncryption, Slot
from infra.keys.service_keys import read_known
from infra.keys.token_keys import TokenKeys
from infra.postgres.agreements import AgreementReader
from infra.postgres.ended_access import open_endings
from infra.postgres.erasures import ErasureBook, StatedErasures
from infra.postgres.glass import GlassesShown
from infra.postgres.key_store import KeyStore
from infra.postgres.key_versions import KeyVersions
from infra.postgres.pool import held_pool
from infra.postgres.roles import KEY_SERVICE
from infra.postgres.sealings import Sealings
from infra.running import run_process
from infra.settings import ServiceSettings
from infra.web.connection import Patience
from infra.web.server import Served, create_app, serve
from infra.web.trusted_issuer import verifier_of
from projections.disclosure.agreements import read_agreements
from projections.disclosure.retention import packaged_retention
from services.keys.endpoints import key_router
from services.keys.erasing import Eraser
from services.keys.giving import KeyGiver
from services.keys.rotating import Rotation

ABOUT = {
    "vi": "Dịch vụ khóa: chỉ các cửa và dịch vụ đọc của nền tảng hỏi đến.",
    "en": "The key service: asked by the platform's own doors and reading services alone.",
}


def main() -> int:
    """Run until SIGTERM; return 0 then, and 1 when the key service cannot go on."""
    return run_process(work)


async def work(settings: ServiceSettings, stack: AsyncExitStack, stop: asyncio.Event) -> None:
    """Answer, and carry out erasures, until told to stop."""
    app, eraser = await open_key_service(settings, stack)
    served = Served(app, settings.host, settings.ports["http"], Patience.of(settings))
    await serve_and_erase(served, eraser, stop)


async def serve_and_erase(served: Served, eraser: Eraser, stop: asyncio.Event) -> None:
    """Answer, and carry out erasures, until `stop` is set; raise what ended either before."""
    tasks = [asyncio.create_task(serve([served], stop)), asyncio.create_task(eraser.run(stop))]
    try:
        await asyncio.gather(*tasks)
    finally:
        stop.set()
        await asyncio.gather(*tasks, return_exceptions=True)


async def open_key_service(settings: ServiceSettings, stack: AsyncExitStack) -> tuple[FastAPI, Eraser]:
    """Return the application, and who carries out erasures behind it; `stack` closes what it holds.

    Raises:
        DatabaseUnreachableError: if a database does not answer.
        KeysExposed: if others may read the file of key-encryption keys.
        KeysAwayError: if the token that keeps them cannot be used.
        KeysLostError: if it does not keep those that are needed.
        ValueError: if the settings lack what the service cannot do without.
    """
    if settings.known_services is None:
        raise ValueError("settings must name known_services")
    tokens = verifier_of(settings, await open_endings(settings, stack))
    keys = await held_pool(settings.key_database(KEY_SERVICE), stack, autocommit=True)
    register = await held_pool(settings.database(KEY_SERVICE), stack, autocommit=True)
    store, agreements = KeyStore(keys), AgreementReader(register, read_agreements)
    encryption, drawn_here = _encryption(settings, stack)
    rotation = Rotation(KeyVersions(keys), encryption)
    await rotation.begin_with(drawn_here)
    sealings, glasses = Sealings(register), GlassesShown(register)
    giver = KeyGiver(store, encryption, agreements, sealings, glasses, clock_from(settings.clock))
    eraser = Eraser(StatedErasures(register), ErasureBook(keys), store, encryption, packaged_retention)
    app = create_app(
        "keys",
        ready={"database": store.answers, "agreement": agreements.current, "tokens": tokens.answers},
        about=ABOUT,
    )
    services = AssertionVerifier(read_known(settings.known_services))
    app.include_router(key_router(giver, eraser, rotation, services=services, tokens=tokens))
    return app, eraser


def _encryption(settings: ServiceSettings, stack: AsyncExitStack) -> tuple[KeyEncryption, tuple[Slot, ...]]:
    """Return what keeps the key-encryption keys, and for which slots a first one is drawn there.

    Raises:
        KeysExposed: if others may read the file.
        KeysAwayError: if the token cannot be used.
        ValueError: if the settings name neither.
    """
    if settings.key_token is not None:
        token = TokenKeys.open(settings.key_token)
        stack.callback(token.close)
        return token, tuple((a, c, form) for a in Agency for c in SEALED_CATEGORIES for form in Form)
    if settings.key_encryption_keys is None:
        raise ValueError("settings must name key_token or key_encryption_keys")
    return FileKeys.read(settings.key_encryption_keys), ()
