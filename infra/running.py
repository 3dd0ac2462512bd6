"""How every process of the platform begins and ends: settings, log, work until it is told to stop, an exit code."""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

import structlog

from infra.logging import set_up_logging
from infra.processes import leave_no_core
from infra.settings import ServiceSettings, read_settings

Work = Callable[[ServiceSettings, AsyncExitStack, asyncio.Event], Awaitable[None]]

_log = structlog.get_logger()


def run_process(work: Work) -> int:
    """Work until SIGTERM or SIGINT; return 0 then, and 1 when the process cannot go on.

    Shape: `work` wires what it needs into the stack, which closes it, and returns once the event is set.
    """
    leave_no_core()
    settings = read_settings()
    set_up_logging(settings.service, settings.log_file)
    return asyncio.run(_run(settings, work))


async def _run(settings: ServiceSettings, work: Work) -> int:
    stop = asyncio.Event()
    for ending in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(ending, stop.set)
    try:
        async with AsyncExitStack() as stack:
            await work(settings, stack, stop)
    except Exception:  # noqa: BLE001 - the process ends here: a supervisor starts it anew from what it kept
        _log.exception(f"{settings.service}_failed")
        return 1
    _log.info("stopped")
    return 0
