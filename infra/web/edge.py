"""Around every request: nothing is cached, all is counted, and a fault of ours tells no more than that it is one."""

import json
from time import perf_counter

import structlog
from prometheus_client import Counter, Histogram
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from infra.web.problems import MEDIA_TYPE, Problem, language_of

# Routes, never addresses: an address may hold a reference.
_REQUESTS = Counter("chungtay_http_requests_total", "Requests answered.", ["service", "route", "status"])
_SECONDS = Histogram("chungtay_http_seconds", "Time to the answer.", ["service", "route"])
_ABORTED = 499
_NUL = b"%00"  # part of no address and of no value: PostgreSQL holds no such character
_log = structlog.get_logger()


class Edge:
    """The outermost layer of an application."""

    def __init__(self, app: ASGIApp, service: str) -> None:
        self._app = app
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and watch its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, answer = perf_counter(), _Answer(send)
        try:
            if _NUL in scope.get("raw_path", b"") or _NUL in scope["query_string"]:
                await _tell(scope, answer, "not_found")
            else:
                await self._app(scope, receive, answer)
        except Exception:  # noqa: BLE001 - the framework would log its text, which may hold values
            _log.exception("request_failed")
            if answer.status == _ABORTED:
                await _tell(scope, answer, "internal")
        finally:
            route = getattr(scope.get("route"), "path", "-")
            _REQUESTS.labels(self._service, route, str(answer.status)).inc()
            _SECONDS.labels(self._service, route).observe(perf_counter() - started)


class _Answer:
    """Sends on what is answered and remembers the status."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status = _ABORTED

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers["Cache-Control"] = "no-store"
            headers["X-Content-Type-Options"] = "nosniff"
        await self._send(message)


async def _tell(scope: Scope, send: Send, code: str) -> None:
    problem = Problem(code)
    language = language_of(Headers(scope=scope).get("accept-language"))
    body = json.dumps(problem.document(language), ensure_ascii=False).encode()
    headers = [(b"content-type", MEDIA_TYPE.encode()), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": problem.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
