"""A page for every problem type and every fault: what it means, what to do, how it looks. Texts are data.

A browser gets HTML that asks for nothing from anywhere; whoever does not ask for HTML gets the same as JSON.
"""

import json
from string import Formatter
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from pydantic import JsonValue

from infra.web.incoming import declared_parameters_only
from infra.web.pages import PAGE_HEADERS, page
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
    return _answer(request, lang, document, lambda told, language: _page_html(kind, code, told, language))


def _answer(request: Request, lang: Language | None, document: dict[str, JsonValue], html: Any) -> Response:
    language = lang or language_of(request.headers.get("accept-language"))
    headers = {**PAGE_HEADERS, "Content-Language": language}
    if "text/html" not in request.headers.get("accept", ""):
        return JSONResponse(document, headers=headers)
    return HTMLResponse(html(document, language), headers=headers)


def _list_html(document: dict[str, JsonValue], language: Language) -> str:
    words = _WORDS[language]
    return page(
        __package__,
        "problems.html",
        language,
        title=words["heading"],
        words=words,
        other=_OTHER[language],
        kinds=document.items(),
    )


def _page_html(kind: str, code: str, document: dict[str, JsonValue], language: Language) -> str:
    return page(
        __package__,
        "problem.html",
        language,
        title=_title(kind, code, language),
        words=_WORDS[language],
        other=_OTHER[language],
        code=code,
        document=document,
        example=json.dumps(_example(kind, code, language), ensure_ascii=False, indent=2),
    )
