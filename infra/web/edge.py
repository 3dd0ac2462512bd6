"""Around every request: what two readers could understand in two ways is refused, nothing is cached, all is counted.

A fault of ours tells no more than that it is one.
"""

from collections import Counter as Tally
from time import perf_counter

import structlog
from prometheus_client import Counter, Histogram
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from infra.web.problems import MEDIA_TYPE, Problem, language_of, problem_bytes

# Routes, never addresses: an address may hold a reference.
_REQUESTS = Counter("chungtay_http_requests_total", "Requests answered.", ["service", "route", "status"])
_SECONDS = Histogram("chungtay_http_seconds", "Time to the answer.", ["service", "route"])
_ABORTED = 499
_NUL = b"%00"  # part of no address and of no value: PostgreSQL holds no such character
_DISGUISED = (_NUL, b"%2f", b"%5c")  # signs that part an address, written so that not everybody sees them
_MOST_HEADERS = 100
_MOST_HEADER_BYTES = 16_384
_ONCE = {
    b"authorization",
    b"content-encoding",
    b"content-length",
    b"content-type",
    b"host",
    b"transfer-encoding",
    b"x-purpose",
}
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
        answer = _Answer(scope, send, self._service)
        try:
            refusal = _refusal(scope)
            if refusal is None:
                await self._app(scope, receive, answer)
            else:
                await _tell(scope, answer, refusal)
        except ClientDisconnect:
            pass  # nobody is there to be answered; counted as aborted
        except Exception:  # noqa: BLE001 - the framework would log its text, which may hold values
            _log.exception("request_failed")
            if answer.status == _ABORTED:
                await _tell(scope, answer, "internal")
        finally:
            answer.count()


class _Answer:
    """Sends on what is answered, remembers the status, and counts it before whoever asked has all of it."""

    def __init__(self, scope: Scope, send: Send, service: str) -> None:
        self._scope = scope
        self._send = send
        self._service = service
        self._began_at = perf_counter()
        self._counted = False
        self.status = _ABORTED

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers["Cache-Control"] = "no-store"
            headers["X-Content-Type-Options"] = "nosniff"
        elif not message.get("more_body", False):
            self.count()
        await self._send(message)

    def count(self) -> None:
        """Count it, once."""
        if not self._counted:
            self._counted = True
            route = getattr(self._scope.get("route"), "path", "-")
            _REQUESTS.labels(self._service, route, str(self.status)).inc()
            _SECONDS.labels(self._service, route).observe(perf_counter() - self._began_at)


def _refusal(scope: Scope) -> str | None:
    """Return why a request is not even looked at; None for one that is."""
    headers: list[tuple[bytes, bytes]] = scope["headers"]
    path = scope.get("raw_path", b"").lower()
    if any(sign in path for sign in _DISGUISED) or _NUL in scope["query_string"]:
        return "not_found"
    if len(headers) > _MOST_HEADERS or sum(len(name) + len(value) for name, value in headers) > _MOST_HEADER_BYTES:
        return "headers_too_large"
    given = Tally(name.lower() for name, _ in headers)
    if any(given[name] > 1 for name in _ONCE):
        return "ambiguous_request"
    framed_twice = b"content-length" in given and b"transfer-encoding" in given
    older = scope.get("http_version") == "1.0" and b"transfer-encoding" in given
    return "ambiguous_request" if framed_twice or older else None


async def _tell(scope: Scope, send: Send, code: str) -> None:
    """Answer without the framework, and end the connection: what follows on it may be no request."""
    problem = Problem(code)
    language = language_of(Headers(scope=scope).get("accept-language"))
    body = problem_bytes(problem, language)
    headers = [
        (b"content-type", MEDIA_TYPE.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"content-language", language.encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": problem.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
