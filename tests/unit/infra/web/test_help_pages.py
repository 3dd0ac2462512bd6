"""Every problem's address opens a page, in either language, that asks for nothing from anywhere."""

import re
from collections.abc import AsyncIterator
from html.parser import HTMLParser

import httpx
import pytest

from infra.web.problems import LANGUAGES, problem_texts
from infra.web.server import create_app

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
ADDRESSES = [f"/problems/{code}" for code in problem_texts()["problems"]] + [
    f"/problems/faults/{code}" for code in problem_texts()["faults"]
]


class Page(HTMLParser):
    """What a page says and where it leads."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.text = ""
        self.language = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.links += [given["href"] or ""] if tag == "a" else []
        self.loads += [
            value or "" for name, value in attrs if name in {"src", "action"} or (name, tag) == ("href", "link")
        ]
        self.language = given.get("lang") or self.language if tag == "html" else self.language

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=create_app("desk", ready={}))
    async with httpx.AsyncClient(transport=transport, base_url="http://desk") as made:
        yield made


async def test_every_page_speaks_both_languages(client: httpx.AsyncClient) -> None:
    for address in ADDRESSES:
        pages = {one: await client.get(address, headers=BROWSER | {"Accept-Language": one}) for one in LANGUAGES}
        for language, answer in pages.items():
            page = Page(answer.text)
            assert answer.status_code == 200, address
            assert (answer.headers["content-language"], page.language) == (language, language)
            assert page.loads == []
            assert all(link.startswith("/problems") for link in page.links)
            assert re.search(r"\{[a-z_]+\}", page.text) is None
        assert pages["vi"].text != pages["en"].text


async def test_the_switch_leads_to_the_other_language(client: httpx.AsyncClient) -> None:
    page = Page((await client.get("/problems/bad_event", headers=BROWSER | {"Accept-Language": "vi"})).text)
    (other,) = [link for link in page.links if "lang=en" in link]
    assert Page((await client.get(other, headers=BROWSER | {"Accept-Language": "vi"})).text).language == "en"


async def test_the_list_leads_to_every_page(client: httpx.AsyncClient) -> None:
    page = Page((await client.get("/problems", headers=BROWSER)).text)
    assert {link.partition("?")[0] for link in page.links} >= set(ADDRESSES)
    listed = (await client.get("/problems")).json()
    assert {row["type"] for row in listed["problems"] + listed["faults"]} == set(ADDRESSES)


async def test_the_same_as_json(client: httpx.AsyncClient) -> None:
    page = (await client.get("/problems/unavailable")).json()
    assert page["status"] == 503
    assert set(page["en"]) == {"title", "detail", "meaning", "mend", "example"}
    assert page["en"]["example"]["type"] == "/problems/unavailable"
    fault = (await client.get("/problems/faults/in_future")).json()
    assert fault["vi"]["example"]["errors"][0]["type"] == "/problems/faults/in_future"


@pytest.mark.parametrize("address", ["/problems/nowhere", "/problems/faults/nowhere", "/problems/%3Cscript%3E"])
async def test_no_page_for_what_is_none_of_ours(client: httpx.AsyncClient, address: str) -> None:
    answer = await client.get(address, headers=BROWSER)
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not_found")
    assert "script" not in answer.text


async def test_only_lang_is_asked(client: httpx.AsyncClient) -> None:
    assert (await client.get("/problems?lang=fr")).json()["type"] == "/problems/bad_parameter"
    assert (await client.get("/problems?x=1")).json()["type"] == "/problems/unknown_parameter"
