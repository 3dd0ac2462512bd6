"""The routes on which a case is opened in an emergency, and on which that is told and reviewed."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from events.codes import code_list
from events.parties import Audience
from infra.crypto.sealer import Sealer
from infra.postgres.glass import Review
from infra.web.contract import OF_A_JSON_BODY
from infra.web.incoming import declared_parameters_only, media_type, whole_body
from infra.web.problems import Refused
from infra.web.tokens import TokenVerifier
from services.reading.answering import show_case, show_timeline
from services.reading.bodies import said_in
from services.reading.breaking import break_glass
from services.reading.desk import ReadingDesk, Visit
from services.reading.endpoints import Limit, as_json, promise_of_reading, visiting
from services.reading.glasses import list_glasses, review_glass
from services.reading.shapes import (
    CaseShape,
    GlassAskedShape,
    GlassListShape,
    GlassOutcomeShape,
    GlassReviewedShape,
    GlassShape,
    Shape,
    TimelineShape,
)

_MAX_BYTES = 32_768
_ASKED = {
    "unit": "child_protection_00340",
    "reference": "C-55",
    "reason": next(iter(code_list("glass_reason"))),
    "explanation": "TRE-EM 01: …",
}


def breaking_router(desks: Mapping[Audience, ReadingDesk], tokens: TokenVerifier, sealer: Sealer) -> APIRouter:
    """Return the routes on which these audiences break glasses and read under them; `sealer`: of their agency."""
    router = APIRouter(dependencies=[Depends(declared_parameters_only)])
    visit = visiting(desks, tokens, "break_glass")

    async def under(visitor: Annotated[Visit, Depends(visit)], glass: UUID) -> Visit:
        return replace(visitor, glass=glass)

    breaking = _promise_of_a_body("break_glass", GlassShape, GlassAskedShape, _ASKED, "glass_suspended", "glass_spent")

    @router.post("/v1/break-glass", **breaking)
    async def break_one(request: Request, visitor: Annotated[Visit, Depends(visit)]) -> Response:
        asked = said_in(await _json_body(request), GlassAskedShape, "bad_glass")
        return as_json(await break_glass(visitor, sealer, asked))

    @router.get("/v1/break-glass/{glass}", **promise_of_reading("read_under_glass", CaseShape, "glass_not_shown_yet"))
    async def case(visitor: Annotated[Visit, Depends(under)], glass: UUID) -> Response:
        return as_json(await show_case(visitor, str(glass)))

    telling = promise_of_reading("read_timeline_under_glass", TimelineShape, "glass_not_shown_yet")

    @router.get("/v1/break-glass/{glass}/timeline", **telling)
    async def case_timeline(
        visitor: Annotated[Visit, Depends(under)],
        glass: UUID,
        limit: Limit = 100,
        after: Annotated[int, Query(ge=0)] = 0,
    ) -> Response:
        return as_json(await show_timeline(visitor, str(glass), after, limit))

    return router


def glasses_router(desks: Mapping[Audience, ReadingDesk], tokens: TokenVerifier) -> APIRouter:
    """Return the route on which these audiences are told of broken glasses."""
    router = APIRouter(dependencies=[Depends(declared_parameters_only)])
    visit = visiting(desks, tokens, "review_glass")

    @router.get("/v1/break-glass", **promise_of_reading("list_glasses", GlassListShape))
    async def glasses(
        visitor: Annotated[Visit, Depends(visit)],
        review: Review | None = None,
        limit: Limit = 50,
        after: str | None = None,
    ) -> Response:
        return as_json(await list_glasses(visitor, review, after, limit))

    return router


def reviews_router(desks: Mapping[Audience, ReadingDesk], tokens: TokenVerifier) -> APIRouter:
    """Return the route on which these audiences close reviews."""
    router = APIRouter(dependencies=[Depends(declared_parameters_only)])
    visit = visiting(desks, tokens, "review_glass")
    example = {"outcome": next(iter(code_list("glass_outcome")))}
    refusals = ("own_glass", "reviewed_before")
    reviewing = _promise_of_a_body("review_glass", GlassReviewedShape, GlassOutcomeShape, example, *refusals)

    @router.post("/v1/break-glass/{glass}/review", **reviewing)
    async def review_one(request: Request, visitor: Annotated[Visit, Depends(visit)], glass: UUID) -> Response:
        said = said_in(await _json_body(request), GlassOutcomeShape, "bad_glass")
        return as_json(await review_glass(visitor, glass, said.outcome))

    return router


async def _json_body(request: Request) -> bytes:
    """Return the body.

    Raises:
        Refused: if it is not said to be JSON, or longer than one of ours.
    """
    if media_type(request) != "application/json":
        raise Refused("unsupported_media_type", accepted="application/json")
    return await whole_body(request, _MAX_BYTES)


def _promise_of_a_body(
    operation_id: str, answer: type[Shape], body: type[Shape], example: Mapping[str, str], *problems: str
) -> dict[str, Any]:
    """Return the contract of an address to which a reader sends a body."""
    made = promise_of_reading(operation_id, answer, *OF_A_JSON_BODY, "bad_glass", *problems)
    content = {"application/json": {"schema": body.model_json_schema(), "example": dict(example)}}
    made["openapi_extra"] |= {"requestBody": {"required": True, "content": content}}
    return made
