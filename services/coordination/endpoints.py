"""The routes that only the coordinator has."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from events.parties import Audience
from infra.postgres.view_reader import Wanted
from infra.web.incoming import declared_parameters_only
from infra.web.tokens import TokenVerifier
from services.coordination.due import list_deadlines
from services.coordination.shapes import DueListShape
from services.reading.cursors import read_cursor
from services.reading.desk import ReadingDesk, Visit
from services.reading.endpoints import Deadline, Limit, as_json, due_between, open_only, promise_of_reading, visiting


def deadlines_router(desk: ReadingDesk, tokens: TokenVerifier) -> APIRouter:
    """Return the route of what is due in every case."""
    router = APIRouter(dependencies=[Depends(declared_parameters_only)])
    visit = visiting({Audience.COORDINATOR: desk}, tokens, "list")

    @router.get("/v1/deadlines", **promise_of_reading("list_deadlines", DueListShape))
    async def deadlines(
        visitor: Annotated[Visit, Depends(visit)],
        deadline: Deadline | None = None,
        limit: Limit = 50,
        after: str | None = None,
    ) -> Response:
        from_, before = due_between(deadline, visitor.desk.clock.now())
        wanted = Wanted(due_from=from_, due_before=before, open_only=open_only(visitor))
        return as_json(await list_deadlines(visitor, wanted, read_cursor(after), limit))

    return router
