"""What two readers could understand in two ways goes no further than the edge."""

from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.types import Message

from infra.web.metrics import figures_of
from infra.web.server import create_app


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=create_app("desk", ready={}))
    async with httpx.AsyncClient(transport=transport, base_url="http://desk") as made:
        yield made


@pytest.mark.parametrize(
    ("path", "headers", "expected"),
    [
        ("/healthz", [], (200, None)),
        ("/healthz", [("X-A", "1"), ("X-A", "2")], (200, None)),
        ("/healthz", [("Authorization", "a"), ("authorization", "b")], (400, "ambiguous_request")),
        ("/healthz", [("X-Purpose", "a"), ("X-Purpose", "b")], (400, "ambiguous_request")),
        ("/healthz", [("Content-Length", "0"), ("Transfer-Encoding", "chunked")], (400, "ambiguous_request")),
        ("/healthz", [("X-A", "a" * 20_000)], (431, "headers_too_large")),
        ("/healthz", [(f"X-{n}", "a") for n in range(101)], (431, "headers_too_large")),
        ("/problems%2fbad_event", [], (404, "not_found")),
        ("/problems%5Cbad_event", [], (404, "not_found")),
        ("/problems/bad_event%00", [], (404, "not_found")),
        ("/problems?lang=%00", [], (404, "not_found")),
    ],
)
async def test_edge(
    client: httpx.AsyncClient, path: str, headers: list[tuple[str, str]], expected: tuple[int, str | None]
) -> None:
    answer = await client.get(path, headers=headers)
    told = answer.json().get("type", "").removeprefix("/problems/") or None
    assert (answer.status_code, told) == expected
    assert answer.headers["cache-control"] == "no-store"
    assert (answer.headers.get("connection") == "close") is (expected[1] is not None)


async def test_an_answer_is_counted_once_before_its_last_part_goes_out() -> None:
    figures: list[str] = []

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.body" and not message.get("more_body", False):
            figures.append(figures_of("counting").decode())

    scope = {"type": "http", "method": "GET", "path": "/healthz", "raw_path": b"/healthz"}
    await create_app("counting", ready={})({**scope, "query_string": b"", "headers": []}, receive, send)
    counted = 'chungtay_http_requests_total{route="/healthz",service="counting",status="200"} 1.0'
    assert [counted in told for told in (*figures, figures_of("counting").decode())] == [True, True]
