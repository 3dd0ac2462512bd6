"""Hostile HTTP: requests that two readers would read differently, that never end, or that go nowhere."""

from collections.abc import Iterator

from tests.controls.bad_input import CANARY, good
from tests.hostile.hostile import EVENT, Hostile
from tests.hostile.wire import Headers

HEAD = b"Host: door\r\nAuthorization: Bearer <token>\r\nAccept-Language: <language>\r\n"
POST = b"POST /v1/events HTTP/1.1\r\n" + HEAD + b"Content-Type: application/json\r\n"
SECOND = b"POST /v1/events HTTP/1.1\r\n" + HEAD
MARK = CANARY.encode()


def frames() -> Iterator[Hostile]:
    yield from _smuggled()
    yield from _broken()
    yield from _slow()
    yield from _methods()
    yield from _addresses()
    yield from _queries()


def _smuggled() -> Iterator[Hostile]:
    event = good(id="SMUGGLED")
    inner = SECOND + b"Content-Length: %d\r\n\r\n%s" % (len(event), event)
    both = POST + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + inner
    older = POST.replace(b"HTTP/1.1", b"HTTP/1.0") + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    shapes = {
        "length and chunks at once": (both, "ambiguous_request"),
        "chunks in HTTP/1.0": (older, "ambiguous_request"),
        "two lengths": (POST + b"Content-Length: 0\r\nContent-Length: 9\r\n\r\n" + inner, "bad_request"),
        "list of lengths": (POST + b"Content-Length: 0, 9\r\n\r\n" + inner, "bad_request"),
        "length with a sign": (POST + b"Content-Length: +3\r\n\r\nabc", "bad_request"),
        "length below zero": (POST + b"Content-Length: -1\r\n\r\n", "bad_request"),
        "unknown transfer encoding": (POST + b"Transfer-Encoding: xchunked\r\n\r\n" + inner, "bad_request"),
        "chunks twice": (POST + b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n" + inner, "bad_request"),
        "hidden transfer encoding": (POST + b"Transfer-Encoding : chunked\r\n\r\n" + inner, "bad_request"),
        "broken chunk length": (POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n" + inner, "bad_request"),
        "endless chunk length": (POST + b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 40 + b"\r\n", "bad_request"),
        "two hosts": (POST + b"Host: other\r\n\r\n", "bad_request"),
        "two tokens": (POST + b"Authorization: Bearer x\r\nContent-Length: 0\r\n\r\n", "ambiguous_request"),
    }
    for name, (raw, problem) in shapes.items():
        yield Hostile("smuggling", name, 400, problem, raw=raw, told="raw bytes")


def _broken() -> Iterator[Hostile]:
    shapes = {
        "no HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + MARK + b"\r\n\r\n",
        "no host": b"GET /v1/schemas HTTP/1.1\r\n\r\n",
        "bytes in the address": b"GET /v1/\xe1\xbb\xaf HTTP/1.1\r\n" + HEAD + b"\r\n",
        "NUL in a header": b"GET /v1/schemas HTTP/1.1\r\n" + HEAD + b"X: a\x00b\r\n\r\n",
        "HTTP/9": b"GET /v1/schemas HTTP/9.9.9\r\n" + HEAD + b"\r\n",
    }
    for name, raw in shapes.items():
        yield Hostile("HTTP", name, 400, "bad_request", raw=raw, told="raw bytes")
    floods = {
        "one header of 60 KB": HEAD + b"X-A: " + b"a" * 60_000 + b"\r\n\r\n",
        "endless header": HEAD + b"X-A: " + b"a" * 200_000,
        "two hundred headers": HEAD + b"".join(b"X-%d: %s\r\n" % (n, MARK) for n in range(200)) + b"\r\n",
        "endless address": b"GET /" + b"a" * 60_000 + b" HTTP/1.1\r\n" + HEAD + b"\r\n",
    }
    for name, tail in floods.items():
        raw = tail if tail.startswith(b"GET") else b"GET /v1/schemas HTTP/1.1\r\n" + tail
        status, problem = (404, "not_found") if name == "endless address" else (431, "headers_too_large")
        yield Hostile("HTTP", name, status, problem, raw=raw, told=f"raw bytes, {len(raw):,} B")


def _slow() -> Iterator[Hostile]:
    event = good(id="SLOW")
    shapes = {
        "says nothing": b"",
        "headers that do not end": POST,
        "body that does not come": POST + b"Content-Length: %d\r\n\r\n" % len(event),
        "body that does not end": POST + b"Content-Length: %d\r\n\r\n%s" % (len(event) + 1, event),
        "chunks that do not end": POST + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s" % (len(event), event),
    }
    for name, raw in shapes.items():
        yield Hostile("slow", name, 408, "too_slow", raw=raw, told="raw bytes, then silence")


def _methods() -> Iterator[Hostile]:
    for method in ("PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE", "BREW", "post"):
        problem = "" if method == "HEAD" else "method_not_allowed"  # HEAD has no body to tell it in
        yield Hostile("method", method, 405, problem, method=method, body=good(id="M"))


def _addresses() -> Iterator[Hostile]:
    addresses = {
        "nowhere": "/v2/events",
        "slash behind it": "/v1/events/",
        "two slashes": "//v1//events",
        "dots": "/v1/../v1/events",
        "encoded dots": "/v1/%2e%2e/v1/events",
        "encoded slash": "/v1%2fevents",
        "NUL": "/v1/events%00",
        "NUL in the query": "/v1/events?dry_run=%00",
        "other case": "/V1/EVENTS",
        "another host": "http://door.example/v1/events",
        "a file": "/v1/events/..%5c..%5cetc%5cpasswd",
        "format string": "/%7Bself%7D/%25n",
        "a name": f"/v1/{CANARY}",
    }
    for name, path in addresses.items():
        yield Hostile("address", name, 404, "not_found", path=path, body=good(id="P"))


def _queries() -> Iterator[Hostile]:
    wrong = {
        "token in the address": "/v1/events?access_token=<token>",
        "misspelt parameter": "/v1/events?dry-run=true",
        "repeated parameter": "/v1/events?dry_run=true&dry_run=false",
        "value in a parameter's name": f"/v1/events?{CANARY}=1",
    }
    for name, path in wrong.items():
        yield Hostile("address", name, 400, "unknown_parameter", path=path, body=good(id="P"))
    told: Headers = EVENT
    path = f"/v1/events?dry_run={CANARY}"
    yield Hostile(
        "address",
        "parameter of another type",
        400,
        "bad_parameter",
        ("one_of",),
        path=path,
        headers=told,
        body=good(id="P"),
    )
    path = "/v1/schemas?x=1"
    yield Hostile("address", "parameter where there is none", 400, "no_parameters", method="GET", path=path, headers=())
    path = f"/v1/schemas/{CANARY}"
    yield Hostile("address", "schema of no type", 404, "no_such_type", method="GET", path=path, headers=())
