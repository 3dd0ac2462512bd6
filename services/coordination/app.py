"""The coordinator's process: wired from its settings, ended by SIGTERM."""

import asyncio
from contextlib import AsyncExitStack

from fastapi import FastAPI

from events.parties import Audience
from infra.clock import clock_from
from infra.postgres.ended_access import open_endings
from infra.running import run_process
from infra.settings import ServiceSettings
from infra.web.connection import Patience
from infra.web.server import Served, create_app, serve
from infra.web.tokens import TokenVerifier
from infra.web.trusted_issuer import verifier_of
from services.coordination.endpoints import deadlines_router
from services.reading.desk import ReadingDesk
from services.reading.endpoints import reading_router, search_router
from services.reading.glass_endpoints import glasses_router, reviews_router
from services.reading.opening import open_desk

ABOUT = {
    "vi": "Điều phối: mọi hồ sơ của tỉnh trong một góc nhìn, việc đến hạn đứng trước.",
    "en": "Coordination: every case of the province in one view, what is due first.",
}


def main() -> int:
    """Run until SIGTERM; return 0 then, and 1 when the service cannot go on."""
    return run_process(work)


async def work(settings: ServiceSettings, stack: AsyncExitStack, stop: asyncio.Event) -> None:
    """Serve until told to stop."""
    desk = await open_desk(Audience.COORDINATOR, settings, clock_from(settings.clock), stack)
    app = wired(desk, verifier_of(settings, await open_endings(settings, stack)))
    await serve([Served(app, settings.host, settings.ports["http"], Patience.of(settings))], stop)


def wired(desk: ReadingDesk, tokens: TokenVerifier) -> FastAPI:
    """Return the application: the joint view, its timeline, its search, what is due."""
    app = create_app("coordination", ready={"database": desk.views.answers, "issuer": tokens.answers}, about=ABOUT)
    app.include_router(reading_router({desk.audience: desk}, tokens))
    app.include_router(search_router({desk.audience: desk}, tokens))
    app.include_router(deadlines_router(desk, tokens))
    app.include_router(glasses_router({desk.audience: desk}, tokens))
    app.include_router(reviews_router({desk.audience: desk}, tokens))
    return app
