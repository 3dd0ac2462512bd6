"""The routes on which an audience reads its own view."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import AwareDatetime

from events.codes import code_list
from events.competence import VIET_NAM
from events.envelope import UnitId
from events.labels import Category
from events.parties import Audience
from infra.postgres.access_log import Kind
from infra.postgres.view_reader import Wanted
from infra.web.contract import OF_A_JSON_BODY, promise
from infra.web.incoming import declared_parameters_only, media_type, whole_body
from infra.web.pages import PAGE_HEADERS
from infra.web.problems import Refused, language_of
from infra.web.tokens import TokenVerifier
from projections.disclosure.agreement import Condition
from projections.sight import Sight
from services.reading.answering import agreements_now, list_cases, show_case, show_timeline
from services.reading.cursors import read_cursor
from services.reading.desk import ReadingDesk, Visit, stated_purpose
from services.reading.ground_shapes import GroundsShape
from services.reading.grounds import show_grounds
from services.reading.own_writes import AFTER_PATTERN, wait_until_shown
from services.reading.refusing import refuse
from services.reading.rules import at_desk
from services.reading.searching import MAX_SEARCH_BYTES, child_sought, search_cases
from services.reading.shapes import CaseListShape, CaseShape, FoundListShape, Shape, SoughtShape, TimelineShape

LONGEST_PAGE = 200

Limit = Annotated[int, Query(ge=1, le=LONGEST_PAGE)]
StatusCode = Annotated[str, Query(pattern=r"^[a-z_:]{1,64}$")]
Deadline = Literal["overdue", "today"]
Told = Annotated[str | None, Header(include_in_schema=False)]  # the contract tells more of it: HEADERS

HEADERS = (
    {
        "name": "X-Purpose",
        "in": "header",
        "required": True,
        "description": "Vì sao đọc; ghi vào nhật ký truy cập. / Why it is read; it goes into the access log.",
        "schema": {"type": "string", "enum": [*code_list("purpose")]},
    },
    {
        "name": "X-After",
        "in": "header",
        "required": False,
        "description": "Biên nhận của đơn vị mình phải thấy được: <đơn vị>/<số>. / Receipts of one's own unit that must"
        " be seen: <unit>/<number>, several apart by commas.",
        "schema": {"type": "string", "pattern": AFTER_PATTERN},
    },
)
_SEARCHES = {
    "name_and_birth": (
        "Theo tên và ngày sinh",
        "By name and birth date",
        {"name": "TRE-EM 01", "birth_date": "2016-09-02"},
    ),
    "id_number": ("Theo số định danh", "By ID number", {"id_number": "SO-DINH-DANH 01"}),
}
_REFUSALS = (
    "purpose_required",
    "no_such_case",
    "no_such_receipt",
    "no_answer",
    "not_seen_yet",
)


def promise_of_searching() -> dict[str, Any]:
    """Return the contract of the address at which an audience searches."""
    made = promise_of_reading("search_cases", FoundListShape, *OF_A_JSON_BODY, "bad_search")
    examples = {name: {"summary": f"{vi} / {en}", "value": value} for name, (vi, en, value) in _SEARCHES.items()}
    content = {"application/json": {"schema": SoughtShape.model_json_schema(), "examples": examples}}
    made["openapi_extra"] |= {"requestBody": {"required": True, "content": content}}
    return made


def promise_of_reading(operation_id: str, answer: type[Shape], *problems: str) -> dict[str, Any]:
    """Return the contract of an address at which an audience reads."""
    return promise(operation_id, *_REFUSALS, *problems, answer=answer, parameters=HEADERS)


def visiting(
    desks: Mapping[Audience, ReadingDesk], tokens: TokenVerifier, kind: Kind = "read"
) -> Callable[..., Awaitable[Visit]]:
    """Return the dependency that lets a reader in whom the policies let in; `kind`: what is asked for.

    Whoever is refused at a desk not its own stands in the log of that desk. With `X-After` a reader comes in once its
    view has what it published.
    """

    async def visit(request: Request, x_purpose: Told = None, x_after: Told = None) -> Visit:
        authorization = request.headers.get("authorization", "")
        requester = await tokens.bearer(authorization)
        purpose = stated_purpose(x_purpose)
        own = desks.get(requester.audience) if requester.audience else None
        desk = own or next(iter(desks.values()))
        route = request.scope["route"].path
        token = authorization.partition(" ")[2].strip()
        visitor = await _let_in(Visit(desk, requester, purpose, route, await agreements_now(desk), token, kind))
        if x_after is None:
            return visitor
        await wait_until_shown(desk, requester.unit, request.headers.getlist("x-after"))
        # Another agreement may have been adopted meanwhile.
        return await _let_in(replace(visitor, agreements=await agreements_now(desk)))

    return visit


async def _let_in(visitor: Visit) -> Visit:
    """Return the visitor with the policies that let it come to the desk.

    Raises:
        Refused: if none does, or the access entry could not be written.
    """
    ruling = at_desk(visitor.asking)
    if not ruling.allowed:
        await refuse(visitor, ruling.policies)
    return replace(visitor, policies=ruling.policies)


def reading_router(desks: Mapping[Audience, ReadingDesk], tokens: TokenVerifier) -> APIRouter:
    """Return the routes for these audiences; whoever is of another one is refused."""
    router = APIRouter(dependencies=[Depends(declared_parameters_only)])
    visit, listing = visiting(desks, tokens), visiting(desks, tokens, "list")

    @router.get("/v1/cases", **promise_of_reading("list_cases", CaseListShape))
    async def cases(
        visitor: Annotated[Visit, Depends(listing)],
        *,
        status: StatusCode | None = None,
        unit: UnitId | None = None,
        lead: UnitId | None = None,
        deadline: Deadline | None = None,
        changed_since: AwareDatetime | None = None,
        limit: Limit = 50,
        after: str | None = None,
    ) -> Response:
        from_, before = due_between(deadline, visitor.desk.clock.now())
        wanted = Wanted(status, unit, lead, changed_since, from_, before, deadline is not None and open_only(visitor))
        return as_json(await list_cases(visitor, wanted, read_cursor(after), limit))

    @router.get("/v1/cases/{case}", **promise_of_reading("read_case", CaseShape))
    async def case(visitor: Annotated[Visit, Depends(visit)], case: str) -> Response:
        return as_json(await show_case(visitor, case))

    @router.get("/v1/cases/{case}/timeline", **promise_of_reading("read_timeline", TimelineShape))
    async def case_timeline(
        visitor: Annotated[Visit, Depends(visit)],
        case: str,
        limit: Limit = 100,
        after: Annotated[int, Query(ge=0)] = 0,
    ) -> Response:
        return as_json(await show_timeline(visitor, case, after, limit))

    @router.get("/v1/cases/{case}/grounds", **_promise_of_grounds())
    async def case_grounds(request: Request, visitor: Annotated[Visit, Depends(visit)], case: str) -> Response:
        return await _grounds_answered(request, visitor, case)

    return router


def _promise_of_grounds() -> dict[str, Any]:
    made = promise_of_reading("read_grounds", GroundsShape)
    made["responses"][200]["content"] = {"text/html": {"schema": {"type": "string"}}}
    return made


async def _grounds_answered(request: Request, visitor: Visit, case: str) -> Response:
    """Answer with a page where a browser asks, else with JSON."""
    if "text/html" not in request.headers.get("accept", ""):
        return as_json(await show_grounds(visitor, case))
    language = language_of(request.headers.get("accept-language"))
    page = await show_grounds(visitor, case, language)
    return HTMLResponse(page, headers={**PAGE_HEADERS, "Content-Language": language})


def search_router(desks: Mapping[Audience, ReadingDesk], tokens: TokenVerifier) -> APIRouter:
    """Return the route on which these audiences search their own views."""
    router = APIRouter(dependencies=[Depends(declared_parameters_only)])
    visit = visiting(desks, tokens, "search")

    @router.post("/v1/search", **promise_of_searching())
    async def search(request: Request, visitor: Annotated[Visit, Depends(visit)]) -> Response:
        if media_type(request) != "application/json":
            raise Refused("unsupported_media_type", accepted="application/json")
        child = child_sought(await whole_body(request, MAX_SEARCH_BYTES))
        return as_json(await search_cases(visitor, child))

    return router


def as_json(body: bytes) -> Response:
    """Return an answer of just these bytes: those of which the access log keeps the digest."""
    return Response(body, media_type="application/json")


def due_between(deadline: Deadline | None, now: datetime) -> tuple[datetime | None, datetime | None]:
    """Return from when and before when a deadline is due: before now, or on this day in Viet Nam."""
    if deadline is None:
        return None, None
    if deadline == "overdue":
        return None, now
    today = now.astimezone(VIET_NAM).replace(hour=0, minute=0, second=0, microsecond=0)
    return today, today + timedelta(days=1)


def open_only(visitor: Visit) -> bool:
    """Say whether the deadlines of closed cases are kept from the visitor, and so must not narrow a list."""
    closed = Sight(visitor.reader, visitor.agreement, [], visitor.desk.clock.now())
    return not closed.tells_status(Category.DEADLINES_TASKS, Condition.OWN_TASK)
