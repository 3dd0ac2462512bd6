"""The auditor's process: wired from its settings, ended by SIGTERM."""

import asyncio
from contextlib import AsyncExitStack

import structlog
from fastapi import FastAPI

from events.parties import Audience
from infra.clock import clock_from
from infra.logging import set_up_logging
from infra.postgres.access_log import AccessLogs
from infra.postgres.audit_reader import AuditReader
from infra.postgres.roles import reader_role
from infra.settings import ServiceSettings, read_settings
from infra.web.connection import Patience
from infra.web.server import Served, create_app, serve, stop_on_signals
from infra.web.tokens import TokenVerifier
from infra.web.trusted_issuer import verifier_of
from services.audit.endpoints import AuditDesk, audit_router, subject_router
from services.reading.endpoints import reading_router
from services.reading.opening import held_pool, open_desk

ABOUT = {
    "vi": "Kiểm tra: xem lại hồ sơ ở bất cứ thời điểm nào, kiểm chứng lịch sử, ai đã xem.",
    "en": "Audit: any case as it was at any moment, proof of the history, who looked.",
}
_log = structlog.get_logger()


def main() -> int:
    """Run until SIGTERM; return 0 then, and 1 when the service cannot go on."""
    settings = read_settings()
    set_up_logging(settings.service, settings.log_file)
    return asyncio.run(run(settings))


async def run(settings: ServiceSettings) -> int:
    """Serve until told to stop; return the exit code."""
    stop = stop_on_signals()
    try:
        async with AsyncExitStack() as stack:
            app = wired(await audit_desk(settings, stack), verifier_of(settings))
            await serve([Served(app, settings.host, settings.ports["http"], Patience.of(settings))], stop)
    except Exception:  # noqa: BLE001 - the process ends here: a supervisor starts it anew
        _log.exception("audit_failed")
        return 1
    _log.info("stopped")
    return 0


async def audit_desk(settings: ServiceSettings, stack: AsyncExitStack) -> AuditDesk:
    """Return what an auditor is answered with; `stack` closes what it holds.

    Raises:
        DatabaseUnreachableError: if a database does not answer.
    """
    reading = await open_desk(Audience.AUDITOR, settings, clock_from(settings.clock), stack)
    pool = await held_pool(settings.database(reader_role(Audience.AUDITOR)), stack)
    return AuditDesk(reading, AuditReader(pool), AccessLogs(pool))


def wired(desk: AuditDesk, tokens: TokenVerifier) -> FastAPI:
    """Return the application: the auditor's own view, replay, verification, who looked."""
    app = create_app("audit", ready={"database": desk.reading.views.answers, "issuer": tokens.answers}, about=ABOUT)
    app.include_router(reading_router({desk.reading.audience: desk.reading}, tokens))
    app.include_router(audit_router(desk, tokens))
    app.include_router(subject_router(desk, tokens))
    return app
