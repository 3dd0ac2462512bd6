"""The auditor's process: wired from its settings, ended by SIGTERM."""

import asyncio
from contextlib import AsyncExitStack

from fastapi import FastAPI

from events.parties import Audience
from infra.clock import clock_from
from infra.postgres.access_log import AccessLogs
from infra.postgres.audit_reader import AuditReader
from infra.postgres.ended_access import AccessEnder, open_endings
from infra.postgres.pool import held_pool
from infra.postgres.roles import ACCESS_ENDER, reader_role
from infra.running import run_process
from infra.settings import ServiceSettings
from infra.web.connection import Patience
from infra.web.logout import logout_router
from infra.web.server import Served, create_app, serve
from infra.web.tokens import TokenVerifier
from infra.web.trusted_issuer import verifier_of
from services.audit.endpoints import AuditDesk, audit_router, rates_router, subject_router
from services.reading.endpoints import reading_router
from services.reading.glass_endpoints import glasses_router
from services.reading.opening import open_desk

ABOUT = {
    "vi": "Kiểm tra: xem lại hồ sơ ở bất cứ thời điểm nào, kiểm chứng lịch sử, ai đã xem.",
    "en": "Audit: any case as it was at any moment, proof of the history, who looked.",
}


def main() -> int:
    """Run until SIGTERM; return 0 then, and 1 when the service cannot go on."""
    return run_process(work)


async def work(settings: ServiceSettings, stack: AsyncExitStack, stop: asyncio.Event) -> None:
    """Serve until told to stop."""
    tokens = verifier_of(settings, await open_endings(settings, stack))
    ender = AccessEnder(await held_pool(settings.database(ACCESS_ENDER), stack, autocommit=True))
    app = wired(await audit_desk(settings, stack), tokens, ender)
    await serve([Served(app, settings.host, settings.ports["http"], Patience.of(settings))], stop)


async def audit_desk(settings: ServiceSettings, stack: AsyncExitStack) -> AuditDesk:
    """Return what an auditor is answered with; `stack` closes what it holds.

    Raises:
        DatabaseUnreachableError: if a database does not answer.
    """
    reading = await open_desk(Audience.AUDITOR, settings, clock_from(settings.clock), stack)
    pool = await held_pool(settings.database(reader_role(Audience.AUDITOR)), stack)
    return AuditDesk(reading, AuditReader(pool), AccessLogs(pool))


def wired(desk: AuditDesk, tokens: TokenVerifier, ender: AccessEnder) -> FastAPI:
    """Return the application: the auditor's own view, replay, verification, who looked; whose sessions ended."""
    app = create_app("audit", ready={"database": desk.reading.views.answers, "issuer": tokens.answers}, about=ABOUT)
    app.include_router(reading_router({desk.reading.audience: desk.reading}, tokens))
    app.include_router(glasses_router({desk.reading.audience: desk.reading}, tokens))
    app.include_router(audit_router(desk, tokens))
    app.include_router(subject_router(desk, tokens))
    app.include_router(rates_router(desk, tokens))
    app.include_router(logout_router(tokens, ender))
    return app
