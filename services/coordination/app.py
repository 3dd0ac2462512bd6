"""The coordinator's process: wired from its settings, ended by SIGTERM."""

import asyncio
from contextlib import AsyncExitStack

import structlog
from fastapi import FastAPI

from events.parties import Audience
from infra.clock import clock_from
from infra.logging import set_up_logging
from infra.settings import ServiceSettings, read_settings
from infra.web.connection import Patience
from infra.web.server import Served, create_app, serve, stop_on_signals
from infra.web.tokens import TokenVerifier
from infra.web.trusted_issuer import verifier_of
from services.coordination.endpoints import deadlines_router
from services.reading.desk import ReadingDesk
from services.reading.endpoints import reading_router, search_router
from services.reading.opening import open_desk

ABOUT = {
    "vi": "Điều phối: mọi hồ sơ của tỉnh trong một góc nhìn, việc đến hạn đứng trước.",
    "en": "Coordination: every case of the province in one view, what is due first.",
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
            desk = await open_desk(Audience.COORDINATOR, settings, clock_from(settings.clock), stack)
            app = wired(desk, verifier_of(settings))
            await serve([Served(app, settings.host, settings.ports["http"], Patience.of(settings))], stop)
    except Exception:  # noqa: BLE001 - the process ends here: a supervisor starts it anew
        _log.exception("coordination_failed")
        return 1
    _log.info("stopped")
    return 0


def wired(desk: ReadingDesk, tokens: TokenVerifier) -> FastAPI:
    """Return the application: the joint view, its timeline, its search, what is due."""
    app = create_app("coordination", ready={"database": desk.views.answers, "issuer": tokens.answers}, about=ABOUT)
    app.include_router(reading_router({desk.audience: desk}, tokens))
    app.include_router(search_router({desk.audience: desk}, tokens))
    app.include_router(deadlines_router(desk, tokens))
    return app
