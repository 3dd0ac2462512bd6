"""Make and run HTTP applications: problems for every error, health, metrics, and a clean end.

Promise: no exception text, no value and no access log leaves the process.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

import structlog
import uvicorn
from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.exceptions import HTTPException
from starlette.routing import Match

from infra.backlog import Backlog, Limits
from infra.web.connection import Patience, connections_with
from infra.web.documents import add_documents
from infra.web.edge import Edge
from infra.web.faults import faults_of_parameters
from infra.web.help_pages import help_router
from infra.web.incoming import declared_parameters_only
from infra.web.metrics import figures_of
from infra.web.problems import MEDIA_TYPE, Problem, Refused, language_of

Check = Callable[[], Awaitable[object]]
Measure = Callable[[], Awaitable[Backlog]]

_CHECK_WITHIN_S = 2.0
_END_WITHIN_S = 2
_METHOD_NOT_ALLOWED = 405
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Served:
    """An application and where it listens."""

    app: FastAPI
    host: str
    port: int
    patience: Patience = field(default_factory=Patience)


def create_app(
    title: str,
    *,
    ready: Mapping[str, Check],
    about: Mapping[str, str] | None = None,
    behind: Mapping[str, Measure] | None = None,
    limits: Limits | None = None,
) -> FastAPI:
    """Return an application that answers /healthz, /readyz, /metrics and tells its contract.

    Shape: `ready` names what the service cannot work without, and asks for it; a check that raises is not ready.
    `behind` names what has yet to be handled: beyond `limits` the service is not ready either.
    `about` introduces the service in its contract, by language.
    """
    # An address that only nearly exists is none: to redirect would quote the client's Host header.
    app = FastAPI(
        title=title,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        dependencies=[Depends(declared_parameters_only)],
    )
    app.add_exception_handler(Refused, _on_refused)
    app.add_exception_handler(RequestValidationError, _on_bad_parameter)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_middleware(Edge, service=title)
    add_documents(app, about)
    _add_probes(app, partial(_readiness, ready, behind or {}, limits or Limits()))
    app.include_router(help_router())
    return app


def _add_probes(app: FastAPI, readiness: Callable[[], Awaitable[JSONResponse]]) -> None:
    @app.get("/healthz", include_in_schema=False)
    async def healthz() -> dict[str, str]:
        return {"status": "alive"}

    @app.get("/readyz", include_in_schema=False)
    async def readyz() -> JSONResponse:
        return await readiness()

    @app.get("/metrics", include_in_schema=False)
    async def metrics() -> Response:
        return Response(figures_of(app.title), media_type=CONTENT_TYPE_LATEST)


def problem_response(problem: Problem, request: Request) -> JSONResponse:
    """Return a problem document in the language that the request prefers."""
    language = language_of(request.headers.get("accept-language"))
    headers = {"Content-Language": language, **problem.headers}
    return JSONResponse(problem.document(language), problem.status, headers, MEDIA_TYPE)


async def serve(served: Sequence[Served], stop: asyncio.Event) -> None:
    """Serve all applications in this loop until `stop` is set, then let requests under way finish.

    Raises:
        OSError: if an address is taken.
    """
    sockets = [_listening(one) for one in served]
    servers = [_Server(_config(one)) for one in served]
    running = [asyncio.create_task(one.serve([at])) for one, at in zip(servers, sockets, strict=True)]
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait([stopping, *running], return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    for server in servers:
        server.should_exit = True
    await asyncio.gather(*running)


class _Server(uvicorn.Server):
    """A server among several in one loop: signals are the process's business."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _config(served: Served) -> uvicorn.Config:
    return uvicorn.Config(
        served.app,
        http=connections_with(served.patience),
        ws="none",
        log_config=None,
        access_log=False,
        lifespan="off",
        server_header=False,
        timeout_graceful_shutdown=_END_WITHIN_S,
    )


def _listening(served: Served) -> socket.socket:
    """Listen; every connection inherits that a body is not kept back until its headers are acknowledged (40 ms).

    asyncio sees to that only for sockets that it made itself.
    """
    listening = socket.create_server((served.host, served.port), backlog=512)
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


async def _readiness(ready: Mapping[str, Check], behind: Mapping[str, Measure], limits: Limits) -> JSONResponse:
    found = dict(zip(ready, await asyncio.gather(*map(_answers, ready.values())), strict=True))
    backlogs = await _measured(behind)
    checks = {name: "ok" if well else "away" for name, well in found.items()}
    well = all(found.values()) and all(one is not None and limits.allow(one) for one in backlogs.values())
    told = {name: limits.told(one) if one else "unknown" for name, one in backlogs.items()}
    return JSONResponse({"ready": well, "checks": checks, "behind": told}, 200 if well else 503)


async def _measured(measures: Mapping[str, Measure]) -> dict[str, Backlog | None]:
    """Return each backlog, None for one that could not be asked for."""
    found: dict[str, Backlog | None] = {}
    for name, measure in measures.items():
        try:
            found[name] = await asyncio.wait_for(measure(), _CHECK_WITHIN_S)
        except Exception as problem:  # noqa: BLE001 - whatever is wrong, it is not known
            _log.warning("not_measured", error=type(problem).__name__)
            found[name] = None
    return found


async def _answers(check: Check) -> bool:
    try:
        await asyncio.wait_for(check(), _CHECK_WITHIN_S)
    except Exception as problem:  # noqa: BLE001 - whatever is wrong, it is not ready
        _log.warning("not_ready", error=type(problem).__name__)
        return False
    return True


async def _on_refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)  # noqa: S101 - registered for this class
    return problem_response(error.problem, request)


async def _on_bad_parameter(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class
    return problem_response(Problem("bad_parameter", faults_of_parameters(error.errors())), request)


async def _on_http(request: Request, error: Exception) -> Response:
    """Answer what the framework itself refuses: no such address, no such method."""
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class
    code = {404: "not_found", 405: "method_not_allowed"}.get(error.status_code, "internal")
    answer = problem_response(Problem(code), request)
    answer.headers.update(error.headers or {})
    if error.status_code == _METHOD_NOT_ALLOWED:
        answer.headers["Allow"] = ", ".join(_allowed(request))
    return answer


def _allowed(request: Request) -> list[str]:
    """Return what an address takes by any of its routes: the framework knows only the first of them."""
    methods = (str(verb) for verb in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
    return [verb for verb in methods if _matches(request, verb)]


def _matches(request: Request, method: str) -> bool:
    scope = {**request.scope, "method": method}
    return any(route.matches(scope)[0] is Match.FULL for route in request.app.routes)
