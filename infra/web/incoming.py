"""Take a request in: its parameters, its token, its body, each refused as a problem when it is not right."""

from collections import Counter

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from infra.web.problems import Refused


async def declared_parameters_only(request: Request) -> None:
    """Refuse a query parameter that the route does not declare, or that is given twice.

    A misspelt parameter that is ignored does the wrong thing silently.

    Raises:
        Refused: if there is one.
    """
    route = request.scope["route"]
    known = sorted(_declared(route.dependant)) if isinstance(route, APIRoute) else []
    given = Counter(name for name, _ in request.query_params.multi_items())
    if set(given) - set(known) or max(given.values(), default=1) > 1:
        raise Refused("unknown_parameter", known=", ".join(known) or "-")


async def whole_body(request: Request, limit_bytes: int) -> bytes:
    """Return the body; it is read no further than the limit.

    Raises:
        Refused: if it is longer.
    """
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
    """Return the media type of the body without its parameters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def _declared(dependant: Dependant) -> set[str]:
    """Return the query parameters of a route and of what it depends on."""
    own = {field.alias for field in dependant.query_params}
    return own.union(*map(_declared, dependant.dependencies))
