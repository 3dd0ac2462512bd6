"""The page for people: served whole by the service itself, with nothing from anywhere else."""

import hashlib
import re
from collections.abc import AsyncIterator
from html.parser import HTMLParser
from importlib.resources import files
from urllib.parse import urljoin, urlsplit

import httpx
import pytest

from tests.fixtures.contracts import SERVICES, application_of

VENDOR = files("infra.web").joinpath("vendor", "swagger_ui")


class Addresses(HTMLParser):
    """Collects every address that a page would load."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.inline: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self.found += [value for name, value in told.items() if name in {"src", "href", "srcset", "action"} and value]
        self.inline += [name for name in told if name.startswith("on") or name == "style"]
        if tag == "style" or (tag == "script" and "src" not in told):
            self.inline.append(tag)


@pytest.fixture(params=SERVICES)
async def client(request: pytest.FixtureRequest) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=application_of(request.param))
    async with httpx.AsyncClient(transport=transport, base_url="http://door") as made:
        yield made


async def test_everything_the_page_loads_is_served_here(client: httpx.AsyncClient) -> None:
    page = await client.get("/docs")
    assert page.status_code == 200
    addresses = Addresses()
    addresses.feed(page.text)
    assert addresses.inline == []
    loaded = {urljoin("http://door/docs", address) for address in addresses.found if not address.startswith("data:")}
    assert {urlsplit(address).netloc for address in loaded} == {"door"}
    for address in loaded | {"http://door/openapi.json", "http://door/asyncapi.json"}:
        assert (await client.get(address)).status_code == 200, address


async def test_the_browser_is_told_to_ask_nobody_else(client: httpx.AsyncClient) -> None:
    for path in ("/docs", "/docs/swagger-ui-bundle.js", "/docs/swagger-ui.css", "/docs/start.js"):
        policy = (await client.get(path)).headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert not re.search(r"https?:|\*|unsafe", policy)


async def test_our_own_parts_name_no_address(client: httpx.AsyncClient) -> None:
    style = (await client.get("/docs/swagger-ui.css")).text
    assert not re.search(r"url\((?!['\"]?data:)", style)
    assert "@import" not in style
    start = (await client.get("/docs/start.js")).text
    assert "://" not in start
    assert "validatorUrl: null" in start


async def test_other_parts_are_not_served(client: httpx.AsyncClient) -> None:
    for path in ("/docs/SHA256SUMS", "/docs/..%2Fserver.py", "/docs/docs.html"):
        assert (await client.get(path)).status_code == 404


def test_what_others_made_is_unmodified() -> None:
    sums = VENDOR.joinpath("SHA256SUMS").read_text().splitlines()
    listed = {name: digest for digest, name in (line.split("  ") for line in sums)}
    present = {file.name for file in VENDOR.iterdir() if file.name != "SHA256SUMS"}
    assert set(listed) == present
    assert {name: hashlib.sha256(VENDOR.joinpath(name).read_bytes()).hexdigest() for name in present} == listed
    assert "Apache License" in VENDOR.joinpath("LICENSE").read_text()
