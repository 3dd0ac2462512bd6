"""What an address promises, for /openapi.json: its name, its answer, and every problem it may answer with.

Examples of problems are the documents themselves, in Vietnamese and English, made from the same texts.
"""

from collections.abc import Iterator, Mapping, Sequence
from string import Formatter
from typing import Any, get_args

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel, ConfigDict, JsonValue

from events.codec import Broken
from infra.web.problems import MEDIA_TYPE, Problem, problem_texts

_MODELS = "#/components/schemas/{model}"
_WORDS = {"seconds": 2, "limit": 1_048_576}
_LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}
_OF_EVERY_ADDRESS = (
    "unknown_parameter",
    "no_parameters",
    "bad_parameter",
    "bad_request",
    "ambiguous_request",
    "not_found",
    "headers_too_large",
    "internal",
    "too_many_connections",
)
_OF_A_TOKEN = ("no_token", "bad_token", "issuer_away", "token_unchecked", "too_many_requests")
_BEARER = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "JWT",
    "description": "OIDC / OAuth 2.0: an access token (RFC 9068).",
}
_OVER = {"HTTPValidationError", "ValidationError"}  # the framework's own: no address answers so


class ProblemFault(BaseModel):
    """One thing that is wrong: where (JSON Pointer), which rule, and what would be right."""

    model_config = ConfigDict(extra="forbid")

    pointer: str
    code: str
    type: str
    detail: str


class ProblemDocument(BaseModel):
    """Why a request is refused (RFC 9457); `type` opens a help page, `errors` stands there when places are at fault."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str
    errors: list[ProblemFault] = []


# What can be wrong with a body before anybody reads what it says.
OF_A_JSON_BODY = (
    *get_args(Broken),
    "too_slow",
    "too_large",
    "encoded_body",
    "unsupported_charset",
    "unsupported_media_type",
)


def promise(
    operation_id: str, *problems: str, answer: Any = None, parameters: Sequence[Any] = (), to_all: bool = False
) -> dict[str, Any]:
    """Return the arguments by which a route tells its contract to the framework.

    Shape: `problems` are codes of `problem_texts.toml` besides those of every address; `answer` is the shape of the
    body; `parameters` are headers, told in full; `to_all`: no token is asked for.
    """
    codes = (*_OF_EVERY_ADDRESS, *(() if to_all else _OF_A_TOKEN), *problems)
    good: dict[str, Any] = {"description": "Answered.", **({"model": answer} if answer else {})}
    extra: dict[str, Any] = {} if to_all else {"security": [{"bearer": []}]}
    if parameters:
        extra["parameters"] = list(parameters)
    return {"operation_id": operation_id, "responses": {200: good, **refusals(*codes)}, "openapi_extra": extra}


def refusals(*codes: str) -> dict[int | str, dict[str, Any]]:
    """Return the answers of these problems by status, each with an example in both languages."""
    by_status: dict[int, list[str]] = {}
    for code in dict.fromkeys(codes):
        by_status.setdefault(Problem(code).status, []).append(code)
    return {status: _refusal(named) for status, named in sorted(by_status.items())}


def describe(app: FastAPI, about: Mapping[str, str]) -> None:
    """Make /openapi.json tell the whole contract of an application; `about` introduces it, by language."""
    made: dict[str, Any] = {}

    def openapi() -> dict[str, Any]:
        if not made:
            text = "\n\n".join(about[language] for language in _LANGUAGES)
            found = get_openapi(
                title=app.title, version=app.version, description=text, routes=app.routes, servers=[{"url": "/"}]
            )
            made.update(_completed(found))
        return made

    setattr(app, "openapi", openapi)  # noqa: B010 - how the framework has it replaced


def _refusal(codes: list[str]) -> dict[str, Any]:
    examples = {
        f"{code}.{language}": {"summary": f"{code} ({name})", "value": _example(code, language)}
        for code in codes
        for language, name in _LANGUAGES.items()
    }
    titles = (_title(code) for code in codes)
    schema = {"$ref": _MODELS.format(model="ProblemDocument")}
    return {"description": "; ".join(titles) + ".", "content": {MEDIA_TYPE: {"schema": schema, "examples": examples}}}


def _title(code: str) -> str:
    return str(problem_texts()["problems"][code]["title"]["en"])


def _example(code: str, language: Any) -> dict[str, JsonValue]:
    details = problem_texts()["problems"][code]["detail"].values()
    used = {name for detail in details for _, name, _, _ in Formatter().parse(detail) if name}
    return Problem(code, words={name: _WORDS.get(name, "…") for name in used}).document(language)


def _completed(found: dict[str, Any]) -> dict[str, Any]:
    components = found.setdefault("components", {})
    schemas: dict[str, Any] = components.setdefault("schemas", {})
    for name in _OVER:
        schemas.pop(name, None)
    problem = ProblemDocument.model_json_schema(ref_template=_MODELS)
    schemas.update(problem.pop("$defs"))
    schemas["ProblemDocument"] = problem
    components["securitySchemes"] = {"bearer": _BEARER}
    for operation in _operations(found):
        _drop_what_is_never_answered(operation)
        for parameter in operation.get("parameters", []):
            _drop_null(parameter)
    return found


def _operations(found: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in found["paths"].values():
        yield from (operation for operation in path.values() if isinstance(operation, dict))


def _drop_what_is_never_answered(operation: dict[str, Any]) -> None:
    answers = operation["responses"]
    if "HTTPValidationError" in str(answers.get("422", "")):
        del answers["422"]


def _drop_null(parameter: dict[str, Any]) -> None:
    """An address has no null: a parameter that may be None is one that may be absent."""
    arms = [arm for arm in parameter["schema"].get("anyOf", []) if arm != {"type": "null"}]
    if len(arms) == 1:
        parameter["schema"] = arms[0]
