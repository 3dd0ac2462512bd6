"""A connection takes only so long and so much; what is no HTTP is answered with a problem; others go on meanwhile."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import psutil
import pytest
from fastapi import FastAPI, Request, Response

from infra.web.connection import Patience
from infra.web.incoming import whole_body
from infra.web.server import Served, create_app, serve
from tests.waiting import eventually_async

SHORT = Patience(head_s=0.3, body_s=0.3, answer_s=0.3, connections=4)
WELL = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
HUGE = 50_000_000


def app() -> FastAPI:
    made = create_app("desk", ready={})

    @made.post("/v1/things")
    async def take(request: Request) -> int:
        return len(await whole_body(request, 1000))

    @made.get("/v1/huge")
    async def huge() -> Response:
        return Response(b"x" * HUGE)

    @made.get("/v1/things")
    async def things() -> int:
        return 1

    return made


@asynccontextmanager
async def serving(patience: Patience = SHORT) -> AsyncIterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    stop = asyncio.Event()
    running = asyncio.create_task(serve([Served(app(), "127.0.0.1", port, patience)], stop))
    await eventually_async(lambda: is_listening(port))
    yield port
    stop.set()
    await running


async def is_listening(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


async def said(port: int, *pieces: bytes, language: bytes = b"") -> bytes:
    """Send and return everything that comes until the server ends the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for piece in pieces:
        writer.write(piece.replace(b"Host:", language + b"Host:", 1) if language else piece)
    async with asyncio.timeout(60):
        answer = await reader.read()
    writer.close()
    return answer


def problem_in(answer: bytes) -> tuple[int, str]:
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"content-type: application/problem+json" in head.lower()
    assert b"connection: close" in head.lower()
    told: dict[str, Any] = json.loads(body)
    return told["status"], told["type"].removeprefix("/problems/")


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (b"nonsense\r\n\r\n", (400, "bad_request")),
        (b"GET / HTTP/1.1\r\n\r\n", (400, "bad_request")),
        (b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", (400, "bad_request")),
        (b"GET / HTTP/1.1\r\nHost : x\r\n\r\n", (400, "bad_request")),
        (b"GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n", (400, "bad_request")),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX: a\x00b\r\n\r\n", (400, "bad_request")),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", (400, "bad_request")),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", (400, "bad_request")),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +5\r\n\r\n", (400, "bad_request")),
        (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n", (400, "bad_request")),
        (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", (400, "bad_request")),
        (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"A: " + b"b" * 40_000, (431, "headers_too_large")),
        (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"A: " + b"b" * 40_000 + b"\r\n\r\n", (431, "headers_too_large")),
        (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"A: b\r\n" * 200 + b"\r\n", (431, "headers_too_large")),
        (
            b"POST /v1/things HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            (400, "ambiguous_request"),
        ),
        (b"POST /v1/things HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", (400, "bad_request")),
        (
            b"GET /v1/things HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n",
            (400, "ambiguous_request"),
        ),
        (b"GET /v1/things", (408, "too_slow")),
        (b"", (408, "too_slow")),
        (b"POST /v1/things HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\na", (408, "too_slow")),
        (b"POST /v1/things HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\na", (408, "too_slow")),
    ],
)
async def test_what_is_refused(sent: bytes, expected: tuple[int, str]) -> None:
    async with serving() as port:
        assert problem_in(await said(port, sent)) == expected
        assert (await said(port, WELL)).startswith(b"HTTP/1.1 200")


async def test_the_slow_are_told_in_their_language() -> None:
    sent = b"POST /v1/things HTTP/1.1\r\nHost: x\r\nAccept-Language: en\r\nContent-Length: 3\r\n\r\na"
    async with serving() as port:
        assert b"did not arrive in time" in await said(port, sent)


async def test_whoever_drips_on_after_a_refusal_is_cut_off() -> None:
    sent = b"POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n"
    async with serving() as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(sent)
        async with asyncio.timeout(60):
            head = await reader.readuntil(b"\r\n\r\n")
            ended = asyncio.create_task(reader.read())
            while not ended.done():
                writer.write(b"x")
                await asyncio.wait({ended}, timeout=0.05)
        writer.close()
    assert head.startswith(b"HTTP/1.1 404")
    # What it still sent may be unread when the server closes: the end is then a reset.
    assert ended.exception() is None or isinstance(ended.exception(), ConnectionResetError)


async def test_whoever_reads_nothing_is_cut_off() -> None:
    async with serving() as port:
        with socket.create_connection(("127.0.0.1", port)) as silent:
            theirs: int = silent.getsockname()[1]
            silent.sendall(b"GET /v1/huge HTTP/1.1\r\nHost: x\r\n\r\n")
            await eventually_async(lambda: has_connection(theirs, wanted=True))
            await eventually_async(lambda: has_connection(theirs, wanted=False))


async def has_connection(from_port: int, *, wanted: bool) -> bool:
    """Say whether this process holds, or no longer holds, the server's end of a connection."""
    found = psutil.Process().net_connections("tcp4")
    return wanted is any(one.raddr and one.raddr.port == from_port for one in found)


async def test_the_silent_make_room_for_whoever_speaks() -> None:
    patient = Patience(head_s=60, body_s=60, connections=4)
    async with serving(patient) as port:
        silent = [await asyncio.open_connection("127.0.0.1", port) for _ in range(12)]
        slow = [await asyncio.open_connection("127.0.0.1", port) for _ in range(4)]
        for _, writer in slow:
            writer.write(b"POST /v1/things HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\na")
        assert (await said(port, WELL)).startswith(b"HTTP/1.1 200")
        for _, writer in silent + slow:
            writer.close()


async def test_kept_connections_go_on() -> None:
    async with serving(Patience(head_s=5, body_s=5)) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for number in range(3):
            body = b"x" * number
            writer.write(b"POST /v1/things HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s" % (number, body))
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200")
            assert await reader.readexactly(1) == b"%d" % number
        writer.close()


async def test_two_requests_at_once_are_two_requests() -> None:
    async with serving() as port:
        sent = b"POST /v1/things HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab" + WELL
        answers = await said(port, sent)
        assert answers.count(b"HTTP/1.1 200") == 2


async def test_every_method_of_an_address_is_allowed() -> None:
    async with serving() as port:
        answer = await said(port, b"DELETE /v1/things HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert b"allow: GET, POST" in answer
        assert (await said(port, WELL.replace(b"/healthz", b"/healthz/"))).startswith(b"HTTP/1.1 404")
