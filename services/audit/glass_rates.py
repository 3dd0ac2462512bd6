"""How often each unit opened cases in an emergency, and what the reviews said of it."""

from dataclasses import asdict
from datetime import datetime

from events.labels import Category
from infra.postgres.faults import DatabaseUnreachableError
from infra.web.problems import Refused
from services.reading.answering import logged
from services.reading.desk import Visit
from services.reading.writing_down import ASK_AGAIN_S, Told


async def show_rates(visit: Visit, between: tuple[datetime | None, datetime | None]) -> bytes:
    """Return the rates of what was broken or tried between two moments, by unit.

    Raises:
        Refused: if they could not be read or the access entry not be written.
    """
    try:
        rates = await visit.desk.glasses.rates(visit.desk.clock.now(), *between)
    except DatabaseUnreachableError:
        raise Refused("no_answer", seconds=ASK_AGAIN_S) from None
    told = Told(categories=frozenset({Category.ACCESS_LOG}))
    return await logged(visit, {"units": [asdict(rate) for rate in rates]}, told)
