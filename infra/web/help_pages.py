"""A page for every problem type and every fault: what it means, what to do, how it looks. Texts are data.

A browser gets HTML that asks for nothing from anywhere; whoever does not ask for HTML gets the same as JSON.
"""

import json
from collections.abc import Iterable
from html import escape
from string import Formatter
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from pydantic import JsonValue

from infra.web.incoming import declared_parameters_only
from infra.web.problems import LANGUAGES, Fault, Language, Problem, Refused, language_of, problem_texts

_WORDS: dict[Language, dict[str, str]] = {
    "vi": {
        "heading": "Các loại vấn đề",
        "fault_heading": "Các lỗi tại một chỗ (trong errors)",
        "meaning": "Ý nghĩa",
        "mend": "Cần làm gì",
        "example": "Ví dụ",
        "status": "Mã HTTP",
        "all": "Tất cả các loại vấn đề",
        "other": "English",
    },
    "en": {
        "heading": "Problem types",
        "fault_heading": "Faults at one place (in errors)",
        "meaning": "What it means",
        "mend": "What to do",
        "example": "Example",
        "status": "HTTP status",
        "all": "All problem types",
        "other": "Tiếng Việt",
    },
}
_OTHER: dict[Language, Language] = {"vi": "en", "en": "vi"}
_STYLE = (
    "body{font:1.05rem/1.55 system-ui,sans-serif;max-width:46rem;margin:2.5rem auto;padding:0 1rem;color:#1c2430}"
    "h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:1.6rem}code,pre{background:#f1f3f6;border-radius:.3rem}"
    "code{padding:.1rem .3rem}pre{padding:1rem;overflow:auto}a{color:#0b5cad}nav{display:flex;gap:1.5rem}"
)
# Of every page: it loads nothing, sends nothing, and stands in no other's frame.
PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Vary": "Accept, Accept-Language",
}
_FAULTS_OF = "bad_event"  # the problem in whose `errors` the example of a fault stands


def help_router() -> APIRouter:
    """Return the routes of the pages; they are open to all, for they hold nothing but texts of ours."""
    router = APIRouter(include_in_schema=False, dependencies=[Depends(declared_parameters_only)])

    @router.get("/problems")
    async def problems(request: Request, lang: Annotated[Language | None, Query()] = None) -> Response:
        return _answer(request, lang, _list_document(), _list_html)

    @router.get("/problems/{code}")
    async def problem(request: Request, code: str, lang: Annotated[Language | None, Query()] = None) -> Response:
        return _page(request, lang, "problems", code)

    @router.get("/problems/faults/{code}")
    async def fault(request: Request, code: str, lang: Annotated[Language | None, Query()] = None) -> Response:
        return _page(request, lang, "faults", code)

    return router


def help_page(kind: str, code: str) -> dict[str, JsonValue] | None:
    """Return what a problem (`problems`) or a fault (`faults`) means, in both languages; None for an unknown one."""
    text = problem_texts()[kind].get(code)
    if text is None:
        return None
    told: dict[str, JsonValue] = {language: _told(kind, code, text, language) for language in LANGUAGES}
    status = {"status": text["status"]} if kind == "problems" else {}
    return {"type": _address(kind, code), **status, **told}


def _told(kind: str, code: str, text: dict[str, Any], language: Language) -> JsonValue:
    detail = text["detail"] if kind == "problems" else text
    title = text["title"][language] if kind == "problems" else _shown(detail[language])
    return {
        "title": title,
        "detail": _shown(detail[language]),
        "meaning": text["meaning"][language],
        "mend": text["mend"][language],
        "example": _example(kind, code, language),
    }


def _example(kind: str, code: str, language: Language) -> JsonValue:
    """Return a problem document as it may come, its words left as the names of what would stand there."""
    text = problem_texts()[kind][code]
    detail = text["detail"]["en"] if kind == "problems" else text["en"]
    words = {name: f"<{name}>" for _, name, _, _ in Formatter().parse(detail) if name}
    if kind == "problems":
        return Problem(code, words=words).document(language)
    return Problem(_FAULTS_OF, (Fault("/data/<field>", code, words),)).document(language)


def _shown(text: str) -> str:
    words = {name for _, name, _, _ in Formatter().parse(text) if name}
    return text.format(**{name: f"<{name}>" for name in words})


def _address(kind: str, code: str) -> str:
    return f"/problems/{code}" if kind == "problems" else f"/problems/faults/{code}"


def _list_document() -> dict[str, JsonValue]:
    return {
        kind: [
            {"code": code, "type": _address(kind, code), **{one: _title(kind, code, one) for one in LANGUAGES}}
            for code in problem_texts()[kind]
        ]
        for kind in ("problems", "faults")
    }


def _title(kind: str, code: str, language: Language) -> str:
    text = problem_texts()[kind][code]
    return str(text["title"][language]) if kind == "problems" else _shown(text[language])


def _page(request: Request, lang: Language | None, kind: str, code: str) -> Response:
    document = help_page(kind, code)
    if document is None:
        raise Refused("not_found")
    return _answer(request, lang, document, lambda _, language: _page_html(kind, code, language))


def _answer(request: Request, lang: Language | None, document: dict[str, JsonValue], html: Any) -> Response:
    language = lang or language_of(request.headers.get("accept-language"))
    headers = {**PAGE_HEADERS, "Content-Language": language}
    if "text/html" not in request.headers.get("accept", ""):
        return JSONResponse(document, headers=headers)
    return HTMLResponse(html(document, language), headers=headers)


def _list_html(_: dict[str, JsonValue], language: Language) -> str:
    words = _WORDS[language]
    body = [f"<h1>{words['heading']}</h1>", _links("problems", language)]
    body += [f"<h2>{words['fault_heading']}</h2>", _links("faults", language)]
    return _html(words["heading"], language, body, [_switch("/problems", language)])


def _links(kind: str, language: Language) -> str:
    rows = (
        f'<li><a href="{_address(kind, code)}?lang={language}"><code>{code}</code></a> '
        f"{escape(_title(kind, code, language))}</li>"
        for code in problem_texts()[kind]
    )
    return f"<ul>{''.join(rows)}</ul>"


def _page_html(kind: str, code: str, language: Language) -> str:
    words, text = _WORDS[language], problem_texts()[kind][code]
    title = _title(kind, code, language)
    example = json.dumps(_example(kind, code, language), ensure_ascii=False, indent=2)
    status = f" · {words['status']} {text['status']}" if kind == "problems" else ""
    body = [
        f"<h1>{escape(title)}</h1><p><code>{code}</code>{status}</p>",
        f"<h2>{words['meaning']}</h2><p>{escape(text['meaning'][language])}</p>",
        f"<h2>{words['mend']}</h2><p>{escape(text['mend'][language])}</p>",
        f"<h2>{words['example']}</h2><pre>{escape(example)}</pre>",
    ]
    all_of_them = f'<a href="/problems?lang={language}">{words["all"]}</a>'
    return _html(title, language, body, [all_of_them, _switch(_address(kind, code), language)])


def _switch(address: str, language: Language) -> str:
    other = _OTHER[language]
    return f'<a href="{address}?lang={other}" hreflang="{other}" lang="{other}">{_WORDS[language]["other"]}</a>'


def _html(title: str, language: Language, body: Iterable[str], links: Iterable[str]) -> str:
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style></head><body><nav>{''.join(links)}</nav>{''.join(body)}</body></html>"
    )
