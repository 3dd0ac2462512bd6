"""The contract for people and programs: /openapi.json, /docs, /asyncapi.json, each without asking anybody else.

The page is Swagger UI as its makers publish it (`vendor/swagger_ui`, checked by `SHA256SUMS`); it may load nothing and
ask nothing but this service, which its Content-Security-Policy tells the browser.
"""

from collections.abc import Mapping
from functools import cache
from html import escape
from importlib.resources import files

from fastapi import FastAPI
from fastapi.responses import HTMLResponse, JSONResponse, Response

from infra.web.contract import describe
from infra.web.problems import Refused

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_GUARDS = {"Content-Security-Policy": _POLICY, "Referrer-Policy": "no-referrer"}
_PARTS = {
    "swagger-ui-bundle.js": ("vendor/swagger_ui", "text/javascript; charset=utf-8"),
    "swagger-ui.css": ("vendor/swagger_ui", "text/css; charset=utf-8"),
    "start.js": ("pages", "text/javascript; charset=utf-8"),
}


def add_documents(app: FastAPI, about: Mapping[str, str] | None = None) -> None:
    """Let an application tell its contract; `about` introduces it, by language."""
    describe(app, about or dict.fromkeys(("vi", "en"), app.title))

    @app.get("/openapi.json", include_in_schema=False)
    async def openapi() -> Response:
        return JSONResponse(app.openapi())

    @app.get("/docs", include_in_schema=False)
    async def docs() -> Response:
        page = _text("pages", "docs.html").replace("{title}", escape(app.title))
        return HTMLResponse(page, headers=_GUARDS)

    @app.get("/docs/{part}", include_in_schema=False)
    async def docs_part(part: str) -> Response:
        if part not in _PARTS:
            raise Refused("not_found")
        folder, media_type = _PARTS[part]
        return Response(_text(folder, part), media_type=media_type, headers=_GUARDS)

    @app.get("/asyncapi.json", include_in_schema=False)
    async def asyncapi() -> Response:
        text = files("infra.kafka").joinpath("asyncapi.json").read_bytes()
        return Response(text, media_type="application/vnd.aai.asyncapi+json")


@cache
def _text(folder: str, name: str) -> str:
    return files("infra.web").joinpath(folder, name).read_text(encoding="utf-8")
