"""Take a request in: its parameters, its token, its body, each refused as a problem when it is not right."""

from collections import Counter
from typing import Annotated, TypeAlias

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import BeforeValidator
from pydantic_core import PydanticKnownError

from infra.web.problems import Refused

_UTF_8 = {"utf-8", "utf8", "us-ascii"}


def _written_out(given: object) -> object:
    if given not in ("true", "false"):
        raise PydanticKnownError("literal_error", {"expected": "true | false"})
    return given


TrueOrFalse: TypeAlias = Annotated[bool, BeforeValidator(_written_out)]
"""A parameter that is `true` or `false` and no other word: who writes `yes`, `1` or `on` is guessing."""


async def declared_parameters_only(request: Request) -> None:
    """Refuse a query parameter that the route does not declare, or that is given twice.

    A misspelt parameter that is ignored does the wrong thing silently.

    Raises:
        Refused: if there is one.
    """
    route = request.scope["route"]
    known = sorted(declared_names(route.dependant)) if isinstance(route, APIRoute) else []
    given = Counter(name for name, _ in request.query_params.multi_items())
    if set(given) - set(known) or max(given.values(), default=1) > 1:
        raise Refused("unknown_parameter", known=", ".join(known)) if known else Refused("no_parameters")


async def whole_body(request: Request, limit_bytes: int) -> bytes:
    """Return the body; it is read no further than the limit.

    Raises:
        Refused: if it is longer, or compressed: what a few bytes grow to is bounded by nobody.
        ClientDisconnect: if the client goes away, or is too slow, before the end.
    """
    if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise Refused("encoded_body")
    declared = request.headers.get("content-length", "0")
    if declared.isdigit() and int(declared) > limit_bytes:
        raise Refused("too_large", limit=limit_bytes)
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > limit_bytes:
            raise Refused("too_large", limit=limit_bytes)
    return bytes(body)


def media_type(request: Request) -> str:
    """Return the media type of the body without its parameters.

    Raises:
        Refused: if the body says it is in another character set than UTF-8.
    """
    kind, *parameters = request.headers.get("content-type", "").split(";")
    for name, _, value in (parameter.strip().partition("=") for parameter in parameters):
        if name.strip().lower() == "charset" and value.strip(' "').lower() not in _UTF_8:
            raise Refused("unsupported_charset")
    return kind.strip().lower()


def declared_names(dependant: Dependant) -> set[str]:
    """Return the query parameters of a route and of what it depends on."""
    own = {field.alias for field in dependant.query_params}
    return own.union(*map(declared_names, dependant.dependencies))
