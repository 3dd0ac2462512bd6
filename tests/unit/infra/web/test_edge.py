"""What two readers could understand in two ways goes no further than the edge."""

from collections.abc import AsyncIterator

import httpx
import pytest

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
