"""An application tells health and problems, and no more of its own faults than that there was one."""

import asyncio
import json
import logging
import socket
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest
from fastapi import Depends, FastAPI, Request

from infra.logging import set_up_logging
from infra.web.incoming import declared_parameters_only, whole_body
from infra.web.problems import Refused
from infra.web.server import Served, create_app, serve
from tests.fixtures.logs import tell_plainly

CANARY = "TRE-EM-7Q2"
ACKNOWLEDGED_AFTER = timedelta(milliseconds=40)  # by a receiver who waits for something to send along


class Database:
    """Something the service cannot work without."""

    def __init__(self) -> None:
        self.away = False

    async def check(self) -> None:
        if self.away:
            raise ConnectionError(CANARY)


@pytest.fixture
def database() -> Database:
    return Database()


@pytest.fixture
def app(database: Database) -> FastAPI:
    made = create_app("desk", ready={"database": database.check})

    @made.get("/v1/things", dependencies=[Depends(declared_parameters_only)])
    async def things(limit: int = 1) -> int:
        return limit

    @made.get("/v1/refused")
    async def refused() -> None:
        raise Refused("unavailable", seconds=2)

    @made.get("/v1/broken")
    async def broken() -> None:
        raise RuntimeError(CANARY)

    @made.post("/v1/things")
    async def take(request: Request) -> int:
        return len(await whole_body(request, 10))

    return made


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://desk") as made:
        yield made


async def test_health(client: httpx.AsyncClient, database: Database) -> None:
    assert (await client.get("/healthz")).json() == {"status": "alive"}
    assert (await client.get("/readyz")).json() == {
        "ready": True,
        "checks": {"database": "ok"},
        "behind": {},
    }
    database.away = True
    away = await client.get("/readyz")
    assert (away.status_code, away.json()["checks"]) == (503, {"database": "away"})


async def test_metrics_name_routes_and_no_addresses(client: httpx.AsyncClient) -> None:
    await client.get("/v1/things?limit=7712300451689")
    text = (await client.get("/metrics")).text
    assert 'chungtay_http_requests_total{route="/v1/things",service="desk",status="200"}' in text
    assert "7712300451689" not in text


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        ("/nowhere", 404, "not_found"),
        ("/docs/nowhere", 404, "not_found"),
        ("/v1/things?limitt=2", 400, "unknown_parameter"),
        ("/v1/things?limit=2&limit=3", 400, "unknown_parameter"),
        ("/v1/things?limit=x", 400, "bad_parameter"),
        ("/v1/refused", 503, "unavailable"),
        ("/v1/broken", 500, "internal"),
    ],
)
async def test_every_error_is_a_problem(client: httpx.AsyncClient, address: str, status: int, code: str) -> None:
    answer = await client.get(address, headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{code}")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    assert (await client.get(answer.json()["type"])).json()["status"] == status


async def test_wrong_method(client: httpx.AsyncClient) -> None:
    answer = await client.delete("/v1/refused")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")


async def test_parameter_faults_name_the_parameter(client: httpx.AsyncClient) -> None:
    answer = await client.get(f"/v1/things?limit={CANARY}")
    assert answer.json()["errors"][0]["pointer"] == "/query/limit"
    assert CANARY not in answer.text


async def test_body_is_read_no_further_than_the_limit(client: httpx.AsyncClient) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield b"12345"

    assert (await client.post("/v1/things", content=b"1234567890")).json() == 10
    for content in (b"12345678901", pieces()):
        answer = await client.post("/v1/things", content=content)
        assert (answer.status_code, answer.json()["type"]) == (413, "/problems/too_large")


async def test_fault_of_ours_is_told_without_its_text(
    client: httpx.AsyncClient, capfd: pytest.CaptureFixture[str]
) -> None:
    before = logging.getLogger().handlers[:]
    set_up_logging("desk")
    answer = await client.get("/v1/broken")
    logging.getLogger().handlers[:] = before
    tell_plainly()
    lines = capfd.readouterr().out
    assert CANARY not in answer.text + lines
    assert json.loads(lines.splitlines()[-1])["error"] == "RuntimeError"


async def test_serves_until_told_to_stop(app: FastAPI) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    stop = asyncio.Event()
    running = asyncio.create_task(serve([Served(app, "127.0.0.1", port)], stop))
    async with httpx.AsyncClient(trust_env=False, transport=httpx.AsyncHTTPTransport(retries=20)) as client:
        answer = await client.get(f"http://127.0.0.1:{port}/healthz")
    stop.set()
    async with asyncio.timeout(5):
        await running
    assert answer.status_code == 200
    assert "server" not in answer.headers


async def test_an_answer_does_not_wait_until_its_headers_are_acknowledged(app: FastAPI) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    stop = asyncio.Event()
    running = asyncio.create_task(serve([Served(app, "127.0.0.1", port)], stop))
    transport = httpx.AsyncHTTPTransport(retries=20)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", transport=transport) as client:
        took = [(await client.get("/healthz")).elapsed for _ in range(40)]  # the first are acknowledged at once
    stop.set()
    await running
    assert min(took[20:]) < ACKNOWLEDGED_AFTER


async def test_taken_address_is_told(app: FastAPI) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match="in use"):
        await serve([Served(app, "127.0.0.1", taken.getsockname()[1])], asyncio.Event())
