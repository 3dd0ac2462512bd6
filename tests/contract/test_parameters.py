"""A parameter that an address does not know is refused, at every address of every service."""

import httpx
import pytest

from tests.fixtures.contracts import SERVICES, application_of

OF_ALL = ("/healthz", "/readyz", "/metrics", "/openapi.json", "/asyncapi.json", "/docs", "/docs/start.js", "/problems")


@pytest.mark.parametrize("service", SERVICES)
async def test_unknown_parameters_are_refused_everywhere(service: str) -> None:
    app = application_of(service)
    told = [(method, path) for path, operations in app.openapi()["paths"].items() for method in operations]
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://door", headers={"Accept-Language": "en"}) as one:
        for method, path in [*told, *(("get", path) for path in OF_ALL)]:
            answer = await one.request(method, f"{path}?nonsense=1")
            assert answer.status_code == 400, path
            assert answer.json()["type"] in {"/problems/unknown_parameter", "/problems/no_parameters"}, path
