"""The case that a broken glass shows: asked of the database anew by every read, with the moment and the person."""

import asyncio
from uuid import UUID

from infra.postgres.view_reader import CaseRows
from infra.web.problems import Refused
from services.reading.desk import Visit

_LOOK_EVERY_S = 0.05
_ASK_AGAIN_S = 1


async def rows_under_glass(visit: Visit, glass: UUID) -> CaseRows | None:
    """Return the rows of the case; None when the glass shows none to the visitor, or none any more.

    A view that was never told of the case is brought it once the glass is broken: who reads first waits for that.

    Raises:
        Refused: if it takes longer than the desk waits for anything.
        DatabaseUnreachableError: if the database does not answer.
    """
    try:
        async with asyncio.timeout(visit.desk.patience_s):
            while True:
                asked = (visit.person, visit.holder, glass, visit.desk.clock.now())
                stream, rows = await visit.desk.glasses.case(*asked)
                if stream is None or rows is not None:
                    return rows
                await asyncio.sleep(_LOOK_EVERY_S)
    except TimeoutError:
        raise Refused("glass_not_shown_yet", seconds=_ASK_AGAIN_S) from None
